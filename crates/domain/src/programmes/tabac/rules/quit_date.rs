//! What a change of date comes to. From its day on, a date is moved with a reason or not at all.

use super::Said;
use crate::form::{Answers, Missing, Outcome, Subject};
use crate::french::full_day;

/// Tells the new date, or why it does not count.
#[must_use]
pub fn quit_date(answers: &Answers<'_>, _: &Subject) -> (Outcome, Vec<Missing>) {
    let mut said = Said::default();
    let headline = match answers.date("quit_on") {
        None => {
            said.wait("date", "Date d’arrêt", "À noter".into(), vec!["quit_on"]);
            "Nouvelle date à noter.".into()
        }
        Some(_) if !moves(answers) => {
            said.wait("reason", "Motif", "À noter".into(), vec!["reason"]);
            "Sans son motif, la date d’arrêt ne change pas.".into()
        }
        Some(on) => format!("Nouvelle date d’arrêt\u{a0}: {}.", full_day(on)),
    };
    (Outcome { headline, findings: said.findings, notices: Vec::new() }, said.missing)
}

/// Whether it gives another date: the former one was not there yet, or it says why.
#[must_use]
pub fn moves(answers: &Answers<'_>) -> bool {
    !answers.is("reached", "yes") || answers.code("reason").is_some_and(|reason| !reason.trim().is_empty())
}
