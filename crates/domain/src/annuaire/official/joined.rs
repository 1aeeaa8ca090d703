//! What the files joined on « Identifiant PP » have in common: one row says one thing of one person.

use std::collections::BTreeSet;

use super::Row;
use super::columns::{Header, cell, without_end};
use super::reason::{Reason, Unreadable};
use crate::annuaire::entry::Coded;

/// Ranks of the titles every such file is asked for: the person, then what is said.
pub(super) const PERSON: usize = 0;

/// Reads the wanted cells of the rows of some people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reader<const WANTED: usize> {
    header: Header,
}

impl<const WANTED: usize> Reader<WANTED> {
    pub(super) fn new(header: &[u8], titles: &[&'static str; WANTED], required: &[usize]) -> Result<Self, Unreadable> {
        Header::read(header, titles, required).map(|header| Self { header })
    }

    /// The wanted cells, trimmed, when the row is of one of these people.
    pub(super) fn cells<'a>(&self, line: &'a [u8], people: &BTreeSet<String>) -> Row<[&'a str; WANTED]> {
        let line = without_end(line);
        if line.is_empty() {
            return Row::Elsewhere;
        }
        if let Some(reason) = self.header.misfit(line) {
            return Row::Refused(reason);
        }
        let cell = |rank: usize| self.header.position(rank).map_or(b"".as_slice(), |position| cell(line, position));
        let Ok(person) = std::str::from_utf8(cell(PERSON)) else { return Row::Refused(Reason::Encoding) };
        if !people.contains(person.trim()) {
            return Row::Elsewhere;
        }
        let mut texts = [""; WANTED];
        for (rank, text) in texts.iter_mut().enumerate() {
            match std::str::from_utf8(cell(rank)) {
                Ok(cell) => *text = cell.trim(),
                Err(_) => return Row::Refused(Reason::Encoding),
            }
        }
        Row::Kept(Box::new(texts))
    }
}

/// What a row of such a file says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// « Identifiant PP »
    pub person: String,
    pub what: T,
}

/// A row whose second and third wanted cells are a code and its label; a row without code says nothing.
pub(super) fn coded(row: Row<[&str; 3]>) -> Row<Said<Coded>> {
    match row {
        Row::Elsewhere => Row::Elsewhere,
        Row::Refused(reason) => Row::Refused(reason),
        Row::Kept(cells) => {
            let [person, code, label] = *cells;
            if code.is_empty() {
                return Row::Elsewhere;
            }
            let what = Coded { code: code.to_owned(), label: label.to_owned() };
            Row::Kept(Box::new(Said { person: person.to_owned(), what }))
        }
    }
}
