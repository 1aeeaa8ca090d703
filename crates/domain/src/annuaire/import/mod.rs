//! What an official file would change in the directory, told before anything is written, then undone at will.
//!
//! Nothing here reads a file nor writes a record: the cards that are there, those of the file and the terms of the import
//! are arguments, and the answer is a [`Plan`].

mod exchange;
mod matching;
mod merge;
mod plan;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::fact::{Origin, Source};
use crate::id::RecordId;
use crate::record::{Fields, Value};

pub use exchange::{
    Differences, Imported, Imports, Listed, Register, Report, Reports, Settlement, Submission, ToInform, ToSettle,
    Undone,
};
pub use matching::{identifiers, identify, who};
pub use plan::{Compared, Met, Planner, plan};
pub use undo::{Done, Left, Present, Undo, undo};

/// Cards that may leave in one month without a question, whatever the size of the territory.
const MANY_GONE: usize = 20;

/// A card that is there: its fields as the log holds them, so that a fact its owner removed is known as removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub id: RecordId,
    pub fields: Fields,
}

/// How much of the territory the file speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All of it: whoever is absent is no more in the register.
    Whole,
    /// An extract: it says nothing of who is absent.
    #[default]
    Part,
}

/// A file that completes the one of the activities; not given, it says nothing of the facts it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extra {
    SavoirFaire,
    Diplomas,
    Mssante,
}

impl Extra {
    pub const ALL: [Self; 3] = [Self::SavoirFaire, Self::Diplomas, Self::Mssante];

    /// The fact it completes.
    #[must_use]
    pub const fn fact(self) -> &'static str {
        match self {
            Self::SavoirFaire => "savoir_faire",
            Self::Diplomas => "diplomas",
            Self::Mssante => "mssante",
        }
    }
}

/// Somebody who objected to being in the directory. Only the identifier is kept, as [`identifiers`] writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Suppressed(pub String);

/// What a coordinator decides of somebody who may already be there without an official identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// This card is hers.
    Same { card: RecordId },
    /// Somebody else: a card of her own.
    Other,
    /// Decided later: nothing is written.
    Skip,
}

/// The answer for those who are not named in [`Terms::answers`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// The same person, where one card alone may be hers.
    Same,
    Other,
    #[default]
    Skip,
}

/// What an import is held to.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The official file, with its day.
    pub source: Source,
    pub scope: Scope,
    /// The files given beside the main one.
    pub extras: BTreeSet<Extra>,
    /// INSEE codes of the territory: who works elsewhere is not gone. Empty: no limit.
    pub communes: BTreeSet<String>,
    /// Codes of the professions read, when others were left out.
    pub professions: Option<BTreeSet<String>>,
    pub suppressed: BTreeSet<Suppressed>,
    /// By [`Proposed::key`].
    pub answers: BTreeMap<String, Answer>,
    pub otherwise: Otherwise,
    /// What somebody chose to keep of a card: the fact, and what the file said against it.
    pub kept: BTreeMap<(RecordId, String), Value>,
}

impl Terms {
    /// Whether a difference with this value of the file was settled already.
    fn keeps(&self, card: RecordId, fact: &str, theirs: Option<&Value>) -> bool {
        theirs.is_some() && self.kept.get(&(card, fact.to_owned())) == theirs
    }
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// Cards to create.
    pub new: Vec<Entry>,
    pub changed: Vec<Change>,
    /// Absent from the file for the first time: flagged, never deleted.
    pub gone: Vec<Change>,
    /// Flagged as gone and present again.
    pub back: Vec<Change>,
    /// What somebody declared and the file says otherwise: kept, and proposed.
    pub differences: Vec<Difference>,
    /// May be somebody who is already there: never decided without a person.
    pub proposed: Vec<Proposed>,
    /// Cards of the file that bear the identifier of one before them, left out.
    pub twice: usize,
    /// All of them, whatever is kept above.
    pub counts: Counts,
    /// The cards of the register that were there and not flagged: those a whole file may flag.
    #[serde(skip)]
    pub held: usize,
    /// How many of each part are kept; `None`: all.
    #[serde(skip)]
    kept: Option<usize>,
}

/// What one card would become.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub card: RecordId,
    /// « Marie-Hélène EXEMPLE »
    pub who: String,
    pub facts: Vec<FactChange>,
}

/// One field before and after: whole fields, with their origin; null where there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactChange {
    /// `sites/R1/phone`
    pub fact: String,
    pub before: Value,
    pub after: Value,
}

/// A fact somebody declared, which an official file contradicts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub card: RecordId,
    pub who: String,
    pub fact: String,
    /// What stands there, without its origin.
    pub ours: Value,
    pub origin: Origin,
    /// What the file says; null when it says nothing any more.
    pub theirs: Value,
}

/// Somebody of the file who may already be there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    /// What an [`Answer`] names.
    pub key: String,
    pub entry: Entry,
    /// The cards that may be hers, with their names.
    pub cards: Vec<(RecordId, String)>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub new: usize,
    pub changed: usize,
    pub gone: usize,
    pub back: usize,
    pub differences: usize,
    pub proposed: usize,
    pub suppressed: usize,
    pub same: usize,
    /// People among the new cards: each is told within a month that she is in the directory.
    pub to_inform: usize,
}

/// One operation on one card.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub card: RecordId,
    pub what: WriteKind,
    /// Only the facts that change; null clears one.
    pub fields: Fields,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    Create,
    Set,
    Delete,
}

impl Plan {
    /// Of each part, what a person looks at; she trusts the count of the others.
    pub const SHOWN: usize = 100;

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        let Counts { new, changed, gone, back, .. } = self.counts;
        new + changed + gone + back == 0
    }

    /// Whether so many cards leave at once that the file is rather cut, or of somewhere else: more than [`MANY_GONE`] of
    /// them, and more than a fifth of those that were there.
    #[must_use]
    pub const fn loses_many(&self) -> bool {
        self.counts.gone > MANY_GONE && self.counts.gone * 5 > self.held
    }
}

impl Write {
    /// Creates a card of the file.
    #[must_use]
    pub const fn create(card: RecordId, fields: Fields) -> Self {
        Self { card, what: WriteKind::Create, fields }
    }

    /// Changes the facts of a card that change, and no other.
    #[must_use]
    pub fn set(change: &Change) -> Self {
        let fields = change.facts.iter().map(|one| (one.fact.clone(), one.after.clone())).collect();
        Self { card: change.card, what: WriteKind::Set, fields }
    }
}
