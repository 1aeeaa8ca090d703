//! What is counted at a stand without a name: everybody, so that sign-ups are never added to it. A device writes a new one
//! each time it counts: totals are sums.

use super::CREDIT;
use crate::form::{Form, Kind, Layout, Question, Section, Wording};

pub static FORM: Form = Form {
    id: "tabac-tally",
    version: "2026.1",
    title: "Compter",
    credit: CREDIT,
    layout: Layout::Steps,
    sections: &[Section {
        id: "tally",
        title: "Compter",
        when: None,
        questions: &[
            count("met", "Personnes rencontrées")
                .help(Wording::unverified("Comptez tout le monde, y compris qui s’inscrit.")),
            count("co_tests", "Tests de CO"),
            count("kits", "Kits donnés"),
            count("helpline", "39\u{a0}89 donné"),
            count("minors", "Moins de 15\u{a0}ans"),
        ],
    }],
};

const fn count(id: &'static str, text: &'static str) -> Question {
    Question::note(id, text, Kind::Tally).optional()
}
