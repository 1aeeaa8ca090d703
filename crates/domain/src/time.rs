//! Instants as the wire and the disk keep them.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Milliseconds since 1970-01-01T00:00:00Z. Given by the caller, never read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The wall-clock reading of this instant at `offset_minutes` east of UTC.
    /// An instant outside the calendar (a device clock gone mad) reads as the epoch.
    #[must_use]
    pub fn local(self, offset_minutes: i32) -> NaiveDateTime {
        let shifted = self.0.saturating_add(i64::from(offset_minutes) * 60_000);
        DateTime::<Utc>::from_timestamp_millis(shifted).unwrap_or_default().naive_utc()
    }
}

/// The day a text such as `2026-11-24` says. By hand: chrono's reader of any format weighs in the client's download.
#[must_use]
pub fn day_of(text: &str) -> Option<NaiveDate> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let year = digits(0, 4).filter(|_| dashes)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, digits(5, 7)?, digits(8, 10)?)
}

/// A day as it travels: `2026-11-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        day_of(&text).map(Self).ok_or_else(|| de::Error::custom("not a day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_travels_as_it_is_written() {
        let day = Day(NaiveDate::from_ymd_opt(2026, 2, 3).expect("a day"));
        assert_eq!(serde_json::to_value(day).ok(), Some("2026-02-03".into()));
        assert_eq!(serde_json::from_str(r#""2026-02-03""#).ok(), Some(day));
        assert!(serde_json::from_str::<Day>(r#""2026-02-30""#).is_err());
    }

    #[test]
    fn a_day_is_read_in_one_form_only() {
        assert_eq!(day_of("2026-11-24"), NaiveDate::from_ymd_opt(2026, 11, 24));
        for text in
            ["", "2026-11-4", "2026-02-30", "2026/11/24", "+026-11-24", "2026-11-2é", "24-11-2026", " 2026-11-4"]
        {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
