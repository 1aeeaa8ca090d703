//! Where a fact comes from, and how old it is: a directory that can be trusted says both of everything it shows.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::time::{Day, day_of};

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The Annuaire Santé extraction of this day (`rpps:2026-11-01`).
    Rpps(Day),
    /// The FINESS extraction of this day.
    Finess(Day),
    /// The member, of itself (`déclaré`).
    Declared,
    /// The coordination of the CPTS.
    Coordination,
}

impl Source {
    /// An official file may replace what came from an official file, and never what somebody said.
    #[must_use]
    pub const fn is_official(self) -> bool {
        matches!(self, Self::Rpps(_) | Self::Finess(_))
    }

    /// The day of an official file.
    #[must_use]
    pub const fn day(self) -> Option<Day> {
        match self {
            Self::Rpps(day) | Self::Finess(day) => Some(day),
            Self::Declared | Self::Coordination => None,
        }
    }
}

/// Text form: `rpps:2026-11-01`, `finess:2026-11-01`, `déclaré`, `coordination`.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rpps(day) => write!(f, "rpps:{day}"),
            Self::Finess(day) => write!(f, "finess:{day}"),
            Self::Declared => f.write_str("déclaré"),
            Self::Coordination => f.write_str("coordination"),
        }
    }
}

/// Not the text form of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSource;

impl fmt::Display for UnknownSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source is `rpps:` or `finess:` and a day, `déclaré` or `coordination`")
    }
}

impl FromStr for Source {
    type Err = UnknownSource;
    fn from_str(text: &str) -> Result<Self, UnknownSource> {
        let dated = |text: &str| day_of(text).map(Day).ok_or(UnknownSource);
        match text.split_once(':') {
            Some(("rpps", day)) => dated(day).map(Self::Rpps),
            Some(("finess", day)) => dated(day).map(Self::Finess),
            None if text == "déclaré" => Ok(Self::Declared),
            None if text == "coordination" => Ok(Self::Coordination),
            _ => Err(UnknownSource),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Source and age of one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    #[serde(rename = "s")]
    pub source: Source,
    /// The day somebody, or a file, last said that it is so.
    #[serde(rename = "on")]
    pub confirmed_on: Day,
}

/// Origins of the facts of one entry: most of them come from one file on one day, the others are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origins {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Origin>,
    /// By name of fact: `phone` of the site `R1` is `sites/R1/phone`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, Origin>,
}

impl Origins {
    /// Where the fact of this name comes from.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<Origin> {
        self.others.get(name).copied().or(self.most)
    }

    /// The last time anything of the entry was confirmed.
    #[must_use]
    pub fn newest(&self) -> Option<Origin> {
        let all = self.most.iter().chain(self.others.values());
        all.copied().fold(None, |newest: Option<Origin>, one| match newest {
            Some(newest) if newest.confirmed_on >= one.confirmed_on => Some(newest),
            _ => Some(one),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_read_back() {
        for text in ["rpps:2026-11-01", "finess:2025-02-28", "déclaré", "coordination"] {
            assert_eq!(text.parse::<Source>().map(|source| source.to_string()).as_deref(), Ok(text));
        }
        for text in ["rpps", "rpps:", "rpps:2026-02-30", "declare", "Coordination", ""] {
            assert_eq!(text.parse::<Source>(), Err(UnknownSource), "{text}");
        }
    }
}
