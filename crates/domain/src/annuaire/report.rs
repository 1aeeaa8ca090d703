//! « Signaler une erreur »: what somebody noticed on a card. A record like any other, hence kept without a network and
//! sent when there is one; coordinators read it.

use crate::form::{Choice, Form, Kind, Layout, Question, Section};
use crate::people::Role;
use crate::programme::RecordKind;

/// Field: the card it speaks of, its id as text.
pub const CARD: &str = "card";
/// Field: what is wrong, a code of [`WHAT_CHOICES`].
pub const WHAT: &str = "what";
/// Field: in her words; optional.
pub const TEXT: &str = "text";

/// What may be wrong.
pub const WHAT_CHOICES: &[Choice] = &[
    Choice { code: "number", label: "Numéro faux" },
    Choice { code: "gone", label: "N’exerce plus ici" },
    Choice { code: "hours", label: "Horaires faux" },
    Choice { code: "other", label: "Autre" },
];

static FORM: Form = Form {
    id: "entry-report",
    version: "2026.1",
    title: "Signaler une erreur",
    credit: "Cardabelle",
    layout: Layout::Sheet,
    sections: &[Section {
        id: "report",
        title: "Signaler une erreur",
        when: None,
        questions: &[
            Question::note(CARD, "Fiche", Kind::Text { lines: 1, max: 36 }),
            Question::note(WHAT, "Ce qui ne va pas", Kind::Choice(WHAT_CHOICES)),
            Question::note(TEXT, "Précisions", Kind::Text { lines: 4, max: 500 }).optional(),
        ],
    }],
};

/// One error signalled on one card of the directory.
pub static REPORT: RecordKind = RecordKind {
    id: "entry-report",
    one: "signalement",
    the: "le signalement",
    start: "Signaler une erreur",
    parent: None,
    forms: &[&FORM],
    rules: None,
    writers: &[Role::Sentinel, Role::Professional, Role::Coordinator, Role::Administrator],
    ..RecordKind::PLAIN
};

/// The kinds of record of the directory that are filled as forms are.
pub const KINDS: &[&RecordKind] = &[&REPORT];
