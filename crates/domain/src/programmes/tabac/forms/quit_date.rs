//! Another date to stop, J0. The former ones stay.

use super::{CREDIT, YES_NO, challenger};
use crate::form::{Form, Kind, Layout, Question, Section, Show};

pub static FORM: Form = Form {
    id: "tabac-move",
    version: "2026.1",
    title: "Date d’arrêt",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[Section {
        id: "move",
        title: "Date d’arrêt",
        when: None,
        questions: &[
            challenger(),
            Question::note("reached", "La date prévue est-elle déjà là\u{202f}?", YES_NO).known(),
            Question::note("quit_on", "Nouvelle date d’arrêt", Kind::AnyDay).soon().which("Quelle date"),
            Question::note("reason", "Pourquoi la changer", Kind::Text { lines: 2, max: 300 }).show(REACHED),
            Question::ask("smoke_free_before", "Depuis la date prévue, un jour entier sans fumer\u{202f}?", YES_NO)
                .unverified()
                .show(REACHED),
        ],
    }],
};

/// Before its day a date is moved freely; from its day on, only with a reason.
const REACHED: Show = Show::Is("reached", "yes");
