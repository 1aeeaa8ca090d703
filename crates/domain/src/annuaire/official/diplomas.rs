//! `PS_LibreAcces_Dipl_AutExerc_*.txt`: one row per diploma or authorisation of a professional, 13 columns.
//!
//! Only the diplomas are kept: the card has no place for an authorisation to practise, and nobody looks for one.

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
    "Code type diplôme obtenu",
    "Libellé type diplôme obtenu",
    "Code diplôme obtenu",
    "Libellé diplôme obtenu",
    "Code type autorisation",
    "Libellé type autorisation",
    "Code discipline autorisation",
    "Libellé discipline autorisation",
];

const WANTED: [&str; 3] = [TITLES[1], TITLES[7], TITLES[8]];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader(joined::Reader<3>);

impl Reader {
    /// # Errors
    /// [`Unreadable`] when this is not the header of such a file.
    pub fn new(header: &[u8]) -> Result<Self, Unreadable> {
        joined::Reader::new(header, &WANTED, &[0, 1, 2]).map(Self)
    }

    /// The diploma of one row, when it is of one of these people (« Identifiant PP »).
    #[must_use]
    pub fn row(&self, line: &[u8], people: &BTreeSet<String>) -> Row<Said<Coded>> {
        joined::coded(self.0.cells(line, people))
    }
}
