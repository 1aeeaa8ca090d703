//! Five questions on breath (Vidal): three « oui » or more, and it is worth measuring. At a stand for people who smoke two
//! are nearly given, so that nothing more is ever said.

use super::Said;
use crate::form::{Answers, Finding, State};
use crate::french::NBSP;

const QUESTIONS: [&str; 5] = ["cough", "phlegm", "breathless", "over_40", "smoked"];
const ENOUGH: usize = 3;

/// Proposes to measure the breath, or tells how many said « oui ». Nothing was measured yet: many of them are nothing abnormal,
/// and few are no proof of a good breath.
pub fn breath(answers: &Answers<'_>, said: &mut Said) {
    let yes = QUESTIONS.iter().filter(|id| answers.is(id, "yes")).count();
    let missing: Vec<&str> =
        QUESTIONS.into_iter().filter(|id| !answers.is(id, "yes") && !answers.is(id, "no")).collect();
    let counted = format!("{yes} oui sur{NBSP}5");
    let (state, fact) = match (yes >= ENOUGH, missing.len()) {
        (true, _) => (State::ToPropose, format!("Un souffle à mesurer, {counted}")),
        (false, 0) => (State::Told, counted),
        (false, 5) => (State::NotAssessed, "Questions à poser".into()),
        (false, _) => (State::NotAssessed, format!("{counted}, à compléter")),
    };
    said.findings.push(Finding { id: "breath", title: "Souffle", state, fact });
    said.miss("breath", missing);
}
