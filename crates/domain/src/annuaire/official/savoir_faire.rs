//! `PS_LibreAcces_SavoirFaire_*.txt`: one row per savoir-faire of a professional, 13 columns.

use std::collections::BTreeSet;

use super::joined::{self, Said};
use super::{Row, Unreadable};
use crate::annuaire::entry::Coded;

/// The titles of its columns, in their order.
pub const TITLES: [&str; 13] = [
    "Type d'identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code profession",
    "Libellé profession",
    "Code catégorie professionnelle",
    "Libellé catégorie professionnelle",
    "Code type savoir-faire",
    "Libellé type savoir-faire",
    "Code savoir-faire",
    "Libellé savoir-faire",
];

const WANTED: [&str; 3] = [TITLES[1], TITLES[11], TITLES[12]];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader(joined::Reader<3>);

impl Reader {
    /// # Errors
    /// [`Unreadable`] when this is not the header of such a file.
    pub fn new(header: &[u8]) -> Result<Self, Unreadable> {
        joined::Reader::new(header, &WANTED, &[0, 1, 2]).map(Self)
    }

    /// The savoir-faire of one row, when it is of one of these people (« Identifiant PP »).
    #[must_use]
    pub fn row(&self, line: &[u8], people: &BTreeSet<String>) -> Row<Said<Coded>> {
        joined::coded(self.0.cells(line, people))
    }
}
