//! A collective session.

use super::{CREDIT, LINE, edition};
use crate::form::{Form, Kind, Layout, Question, Section};

pub static FORM: Form = Form {
    id: "tabac-session",
    version: "2026.1",
    title: "Séance collective",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[Section {
        id: "session",
        title: "Séance collective",
        when: None,
        questions: &[
            edition(),
            Question::note("on", "Jour", Kind::AnyDay).which("Quel jour"),
            Question::note("place", "Lieu", LINE).which("Quel lieu"),
            Question::note("theme", "Thème", LINE).which("Quel thème"),
            Question::note("animators", "Qui l’anime", Kind::Text { lines: 2, max: 300 }).optional(),
            Question::note("others", "Présents sans fiche", Kind::Count { unit: "", max: 500, quick: &[0, 5, 10] })
                .optional(),
        ],
    }],
};
