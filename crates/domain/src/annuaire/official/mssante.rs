//! `Extraction_Correspondance_MSSante_*.txt`: one row per MSSanté mailbox, 31 columns.
//!
//! Mailboxes of organisations (`ORG`) have no « Identifiant PP » of ours to be joined on; those of people (`PER`) do.

use std::collections::BTreeSet;

use super::joined::{self, Said};
use super::{Row, Unreadable};

/// The titles of its columns, in their order.
pub const TITLES: [&str; 31] = [
    "Type de BAL",
    "Adresse BAL",
    "Type Identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Type identifiant structure",
    "Identification Structure",
    "Service de rattachement",
    "Civilité d'exercice",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Catégorie profession",
    "Libellé de catégorie profession",
    "Code Profession",
    "Libellé Profession",
    "Code savoir-faire",
    "Libellé savoir-faire",
    "Dématérialisation",
    "Raison Sociale structure BAL",
    "Enseigne commerciale structure BAL",
    "L2COMPLEMENTLOCALISATION",
    "L3COMPLEMENTDISTRIBUTION",
    "L4NUMEROVOIE",
    "L4COMPLEMENTNUMEROVOIE",
    "NL4TYPEVOIE",
    "L4LIBELLEVOIE",
    "L5LIEUDITMENTION",
    "L6LIGNEACHEMINEMENT",
    "Code postal",
    "Département",
    "Pays",
];

const WANTED: [&str; 2] = [TITLES[3], TITLES[1]];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader(joined::Reader<2>);

impl Reader {
    /// # Errors
    /// [`Unreadable`] when this is not the header of such a file.
    pub fn new(header: &[u8]) -> Result<Self, Unreadable> {
        joined::Reader::new(header, &WANTED, &[0, 1]).map(Self)
    }

    /// The address of one mailbox, when it is of one of these people (« Identifiant PP »).
    #[must_use]
    pub fn row(&self, line: &[u8], people: &BTreeSet<String>) -> Row<Said<String>> {
        match self.0.cells(line, people) {
            Row::Elsewhere => Row::Elsewhere,
            Row::Refused(reason) => Row::Refused(reason),
            Row::Kept(cells) => {
                let [person, address] = *cells;
                if !address.contains('@') {
                    return Row::Elsewhere;
                }
                Row::Kept(Box::new(Said { person: person.to_owned(), what: address.to_owned() }))
            }
        }
    }
}
