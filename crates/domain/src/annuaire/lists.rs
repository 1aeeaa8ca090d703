//! Competences, equipment, engagements, languages, accesses, kinds: data of the territory, with defaults.

use serde::{Deserialize, Serialize};

use super::entry::Visibility;

/// The lists of a territory, in the order they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lists {
    /// Grows with each change of the lists.
    pub version: u32,
    pub competences: Vec<Item>,
    pub equipment: Vec<Item>,
    pub engagements: Vec<Item>,
    /// Professions: those of TRE_G15, and those the register does not know (aide à domicile, assistante sociale).
    pub professions: Vec<Item>,
    /// Kinds of structures and of services.
    pub structures: Vec<Item>,
    pub languages: Vec<Item>,
    pub accessibility: Vec<Item>,
    /// From an abnormal function of a programme to whom it may concern: `hearing` → audioprothésiste, ORL.
    pub links: Vec<Link>,
}

/// One line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Stable.
    pub code: String,
    /// « Masseur-kinésithérapeute »
    pub label: String,
    /// « Masseuse-kinésithérapeute », where the word changes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub feminine: String,
    /// What people type: `kiné`, `idel`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub theme: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
}

/// What to look for in the directory when something is found elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// What was found: `icope/hearing`, `tobacco`.
    pub from: String,
    /// The address's query of the list to open: `p=26` (see `search::Query`).
    pub query: String,
    /// « Qui peut l’aider pour l’audition »
    pub label: String,
}

impl Lists {
    #[must_use]
    pub fn competence(&self, code: &str) -> Option<&Item> {
        self.competences.iter().find(|item| item.code == code)
    }
}
