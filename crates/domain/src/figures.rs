//! Figures that are counted over everybody: tables that say what each number is out of. The server counts, whoever may read
//! them sees numbers and no record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, RecordId};
use crate::people::Role;
use crate::programme::{Clock, Noted};

/// One document of figures of a programme.
pub struct Figures {
    /// Stable identifier, used in addresses: `bilan`.
    pub id: &'static str,
    /// Identifier of the programme.
    pub programme: &'static str,
    pub title: &'static str,
    pub readers: &'static [Role],
    pub draw: fn(&World<'_>) -> Document,
}

/// All that is counted over.
pub struct World<'a> {
    /// Every record that was neither deleted nor erased, whosever it is.
    pub records: &'a [Noted<'a>],
    /// Whose each record is.
    pub owners: &'a BTreeMap<RecordId, AccountId>,
    /// The name of every account, and whether it may follow people today.
    pub accounts: &'a BTreeMap<AccountId, (String, bool)>,
    pub clock: &'a Clock<'a>,
    /// The record it is asked about, such as an edition; `None`: the programme chooses.
    pub of: Option<RecordId>,
}

/// What is read on the screen, on paper, in a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub title: String,
    /// What must be read first, a sentence each.
    pub notes: Vec<String>,
    /// What it may be asked about instead.
    pub choices: Vec<Choice>,
    pub tables: Vec<Table>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub record: RecordId,
    pub label: String,
    pub chosen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Stable name in its document.
    pub id: String,
    pub title: String,
    /// What is counted, and what is not; may be empty.
    pub note: String,
    /// Of each column; as many as the cells of each row.
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// One number, or what names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    Text(String),
    Count(i64),
    /// So many out of so many; the rate is drawn from it.
    Part {
        count: u32,
        of: u32,
    },
    /// A part whose whole is too small to be told without pointing at somebody.
    Hidden,
    /// A record that the line is about, for who holds it.
    Record(RecordId),
    /// The account that the line is about.
    Account(AccountId),
}

/// A whole under which a part is not told in a shared view.
pub const LEAST: u32 = 11;

/// What is read in the place of a hidden part, on the screen, on paper and in a spreadsheet alike.
pub const HIDDEN: &str = "non affiché";

impl Cell {
    /// A part, hidden when its whole is too small; out of nobody, it points at nobody.
    #[must_use]
    pub const fn part(count: u32, of: u32) -> Self {
        if 0 < of && of < LEAST { Self::Hidden } else { Self::Part { count, of } }
    }

    /// « 20,9 % »: a part as a rate, in tenths of a percent; `None` for what is no part, or of nothing.
    #[must_use]
    pub fn tenths(&self) -> Option<u32> {
        match self {
            Self::Part { count, of } if *of > 0 => {
                let tenths = (u64::from(*count) * 2_000 + u64::from(*of)) / (2 * u64::from(*of));
                u32::try_from(tenths).ok()
            }
            _ => None,
        }
    }
}

impl Document {
    /// The name of a file of it, without its extension: « bilan-sans-tabac-2026-cpts-d-essai ». `id`: of the figures.
    #[must_use]
    pub fn file_name(&self, id: &str, programme: &str, territory: &str) -> String {
        let about = self.choices.iter().find(|choice| choice.chosen).map_or("", |choice| choice.label.as_str());
        crate::french::file_name(&format!("{id} {programme} {about} {territory}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_whole_hides_its_part() {
        assert_eq!(Cell::part(3, 10), Cell::Hidden);
        assert_eq!(Cell::part(3, 11), Cell::Part { count: 3, of: 11 });
        assert_eq!(Cell::part(0, 1), Cell::Hidden);
        assert_eq!(Cell::part(0, 0), Cell::Part { count: 0, of: 0 }, "nobody is pointed at");
    }

    #[test]
    fn a_rate_is_rounded_once() {
        assert_eq!(Cell::Part { count: 31, of: 148 }.tenths(), Some(209));
        assert_eq!(Cell::Part { count: 1, of: 3 }.tenths(), Some(333));
        assert_eq!(Cell::Part { count: 2, of: 3 }.tenths(), Some(667));
        assert_eq!(Cell::Part { count: 0, of: 0 }.tenths(), None);
        assert_eq!(Cell::Count(4).tenths(), None);
    }
}
