//! What the page of the imports and the server say to each other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Months;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Answer, Counts, Extra, Left, Otherwise, Plan, Scope};
use crate::annuaire::entry::Entry;
use crate::annuaire::fact::Origin;
use crate::id::RecordId;
use crate::record::Value;
use crate::time::{Day, Timestamp};

/// Which register a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Register {
    Rpps,
    Finess,
}

/// `POST /api/annuaire/imports`: the cards a browser read in a small extract. Answered by an [`Imported`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub kind: Register,
    /// The day of the file.
    pub on: Day,
    /// Its name, as the list of imports shows it.
    pub file: String,
    #[serde(default)]
    pub scope: Scope,
    /// The files read beside it.
    #[serde(default)]
    pub extras: BTreeSet<Extra>,
    pub entries: Vec<Entry>,
    /// False: what it would do, and nothing more.
    #[serde(default)]
    pub apply: bool,
    /// What was decided of those that were proposed, by [`super::Proposed::key`].
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
    #[serde(default)]
    pub otherwise: Otherwise,
}

impl Submission {
    /// Cards that one may hold: the file of a territory goes through the command line of the server.
    pub const MOST: usize = 5_000;
}

/// What an import does, and the import itself once it is applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    pub plan: Plan,
    /// `None`: a preview, or nothing to write.
    pub import: Option<Listed>,
    /// Cards sent that have no place in the communes of the territory, left out.
    #[serde(default)]
    pub elsewhere: usize,
}

/// `GET /api/annuaire/imports`: newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Imports {
    pub imports: Vec<Listed>,
}

/// One import that was applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub id: Uuid,
    pub kind: Register,
    pub file: String,
    pub on: Day,
    pub scope: Scope,
    pub at: Timestamp,
    /// « Sophie Marty »; `None`: from the server itself.
    pub by: Option<String>,
    pub counts: Counts,
    pub undone_at: Option<Timestamp>,
    /// The people it brought in, until somebody says that they were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_inform: Vec<ToInform>,
    /// The last day to tell them.
    pub inform_until: Day,
    pub informed_at: Option<Timestamp>,
}

impl Listed {
    /// The last day to tell the people an import of this instant brought in: one month, RGPD article 14 (3).
    #[must_use]
    pub fn deadline(at: Timestamp) -> Day {
        let day = at.local(0).date();
        Day(day.checked_add_months(Months::new(1)).unwrap_or(day))
    }
}

/// Somebody who is in the directory without having asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToInform {
    pub card: RecordId,
    pub who: String,
}

/// `POST /api/annuaire/imports/{id}/undo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Cards that are as they were.
    pub set_back: usize,
    /// Cards of the import that are gone.
    pub deleted: usize,
    pub left: Vec<Left>,
}

/// `GET /api/annuaire/differences`: what was declared and the last files say otherwise, by card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Differences {
    pub differences: Vec<ToSettle>,
}

/// One fact that a coordinator settles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToSettle {
    pub card: RecordId,
    /// « Marie-Hélène EXEMPLE »
    pub who: String,
    /// `sites/R1/phone`
    pub fact: String,
    /// What stands there, without its origin.
    pub ours: Value,
    pub origin: Origin,
    pub theirs: Value,
    /// `rpps:2026-12-01`
    pub source: String,
}

/// `POST /api/annuaire/differences`: what was chosen, of what was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settlement {
    pub card: RecordId,
    pub fact: String,
    pub ours: Value,
    pub theirs: Value,
    /// The value of the file; else what is declared stays, and nobody is asked again as long as the file says the same.
    pub take: bool,
}

/// `GET /api/annuaire/reports`: what people signalled, newest first, settled ones last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reports {
    pub reports: Vec<Report>,
}

/// One error somebody signalled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub id: RecordId,
    /// The card, as it was signalled.
    pub card: String,
    /// Its name now; `None`: it is there no more.
    pub who: Option<String>,
    /// Code of the choice.
    pub what: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// « Claire Vidal »
    pub author: String,
    pub profession: String,
    pub at: Timestamp,
    pub settled_at: Option<Timestamp>,
}
