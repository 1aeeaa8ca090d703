//! Somebody came to a collective session.

use super::{CREDIT, challenger};
use crate::form::{Form, Kind, Layout, Question, Section};

pub static FORM: Form = Form {
    id: "tabac-attendance",
    version: "2026.1",
    title: "Présence",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[Section {
        id: "attendance",
        title: "Présence",
        when: None,
        questions: &[
            challenger(),
            Question::note("session", "Séance", Kind::Link("tabac-session")).which("Quelle séance"),
        ],
    }],
};
