//! A stand: where, when, and who holds it.

use super::{CREDIT, LINE, edition};
use crate::form::{Form, Kind, Layout, Question, Section};

pub static FORM: Form = Form {
    id: "tabac-stand",
    version: "2026.1",
    title: "Stand",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[Section {
        id: "stand",
        title: "Stand",
        when: None,
        questions: &[
            edition(),
            Question::note("on", "Jour", Kind::AnyDay).which("Quel jour"),
            Question::note("place", "Lieu", LINE).which("Quel lieu"),
            Question::note("commune", "Commune", Kind::Text { lines: 1, max: 80 }).which("Quelle commune"),
            Question::note("structure", "Structure qui le tient", LINE).optional(),
            Question::note("on_duty", "Qui tient le stand", Kind::Text { lines: 2, max: 300 }).optional(),
        ],
    }],
};
