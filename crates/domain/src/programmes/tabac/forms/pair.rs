//! Who follows a challenger: written by the view that chooses the professional, beside the share that lets her see.

use super::{CREDIT, LINE, YES_NO, challenger};
use crate::form::{Form, Kind, Layout, Question, Section};

pub static FORM: Form = Form {
    id: "tabac-pair",
    version: "2026.1",
    title: "Binôme",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[Section {
        id: "pair",
        title: "Binôme",
        when: None,
        questions: &[
            challenger(),
            Question::note("account", "Compte", Kind::Text { lines: 1, max: 36 }),
            Question::note("name", "Nom", LINE),
            Question::note("in_force", "En vigueur", YES_NO),
        ],
    }],
};
