//! What a programme declares. Pages render these descriptions and know no programme.

use crate::form::{Answers, Form, Missing, Outcome, Subject};
use crate::people::Role;
use crate::{Fields, Glyph};

/// One programme: a description plus pure rules.
#[derive(Debug)]
pub struct Programme {
    /// Stable identifier, used in addresses: `icope`.
    pub id: &'static str,
    /// The word on the tab, such as « Repérages ».
    pub name: &'static str,
    pub glyph: Glyph,
    pub tile: Tile,
    pub records: &'static [&'static RecordKind],
    pub lists: &'static [List],
    pub tasks: &'static [Task],
}

/// The big button of the home page. Touching it starts a record of kind `starts`.
#[derive(Debug)]
pub struct Tile {
    /// « Repérer »
    pub verb: &'static str,
    /// « à domicile »
    pub place: &'static str,
    pub starts: &'static str,
}

/// A kind of record: what it hangs on, how it is filled, what its answers mean, who may write it.
#[derive(Debug)]
pub struct RecordKind {
    /// Stable identifier that travels in every operation: `icope-screening`.
    pub id: &'static str,
    /// « repérage »
    pub one: &'static str,
    /// « le repérage », « la fiche », « l’entretien »: what a person starts, finishes, corrects.
    pub the: &'static str,
    /// « Commencer le repérage »
    pub start: &'static str,
    /// Kind of the record it belongs to.
    pub parent: Option<&'static str>,
    /// Published versions, oldest first; the last is the one new records are filled with.
    pub forms: &'static [&'static Form],
    pub rules: Option<Rules>,
    /// Roles that may write it.
    pub writers: &'static [Role],
}

/// Pure rules of a kind of record: they read codes and numbers, never texts.
pub type Rules = fn(&Answers<'_>, &Subject) -> (Outcome, Vec<Missing>);

/// A page that lists the records of one kind.
#[derive(Debug)]
pub struct List {
    /// Stable identifier, used in addresses.
    pub id: &'static str,
    pub title: &'static str,
    pub kind: &'static str,
    pub columns: &'static [Column],
    pub filters: &'static [Filter],
    pub order: Order,
    /// What the empty list teaches, in one or two sentences.
    pub empty: &'static str,
}

/// One column of a list.
#[derive(Debug)]
pub struct Column {
    pub title: &'static str,
    pub value: Cell,
}

/// Where the text of a column comes from.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// Name of the parent record's person.
    Parent,
    /// Commune, or another field, of the parent record.
    ParentField(&'static str),
    /// Day the record was begun.
    Started,
    /// « à finir » with its progress, or « terminé ».
    Status,
    /// The answer to a question, as a person reads it.
    Answer(&'static str),
    /// The headline of the rules.
    Headline,
}

/// A chip above a list; its count is shown before it is touched.
#[derive(Debug)]
pub struct Filter {
    pub title: &'static str,
    pub keep: Keep,
}

/// Which records a filter keeps.
#[derive(Clone, Copy, Debug)]
pub enum Keep {
    Drafts,
    Finished,
    /// A finding of the rules is abnormal.
    Abnormal(&'static str),
    /// The named answer holds this code.
    Is(&'static str, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    NewestFirst,
    OldestFirst,
    /// By the name of the parent.
    Name,
}

/// Something to do again after the newest finished record of a kind; a newer one does it.
#[derive(Debug)]
pub struct Task {
    pub id: &'static str,
    /// « Nouveau repérage »
    pub label: &'static str,
    pub kind: &'static str,
    pub after: Span,
}

/// A length of time on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Days(u32),
    Months(u32),
}

impl RecordKind {
    /// The form new records are filled with.
    ///
    /// # Panics
    /// Never: a test of the registry refuses a kind without a form.
    #[must_use]
    pub fn form(&self) -> &'static Form {
        self.forms.last().expect("the registry test refuses a kind without a form")
    }

    /// The form of a given version, `None` when this build does not know it.
    #[must_use]
    pub fn form_of(&self, version: &str) -> Option<&'static Form> {
        self.forms.iter().copied().find(|form| form.version == version)
    }

    /// Applies the rules, if the kind has any.
    #[must_use]
    pub fn assess(&self, fields: &Fields, subject: &Subject) -> Option<(Outcome, Vec<Missing>)> {
        self.rules.map(|rules| rules(&Answers(fields), subject))
    }
}
