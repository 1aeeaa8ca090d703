//! The rules of Step 1, as the WHO handbook (2019) and the French programme publish them: OR inside a function, three
//! states, no total. They read codes and numbers, never texts; an answer the form would hide does not count.

mod cognition;
mod hearing;
mod mobility;
mod mood;
mod notices;
mod nutrition;
mod vision;

#[cfg(test)]
mod properties;

use super::headline::headline;
use crate::form::{Answers, Finding, Missing, Outcome, State, Subject};

/// The six functions, what is missing to decide them, and what to tell the professional.
#[must_use]
pub fn assess(answers: &Answers<'_>, subject: &Subject) -> (Outcome, Vec<Missing>) {
    // Of a person alone, what needs an examiner is not asked: not assessed, and nothing she could answer is missing.
    let examined = !alone(answers);
    let verdicts = [
        ("cognition", "Cognition", Some(cognition::assess(answers))),
        ("mobility", "Mobilité", examined.then(|| mobility::assess(answers))),
        ("nutrition", "Nutrition", Some(nutrition::assess(answers))),
        ("vision", "Vision", Some(vision::assess(answers))),
        ("hearing", "Audition", examined.then(|| hearing::assess(answers))),
        ("mood", "Humeur", Some(mood::assess(answers))),
    ];
    let mut findings = Vec::with_capacity(verdicts.len());
    let mut missing = Vec::new();
    for (id, title, verdict) in verdicts {
        let Some(verdict) = verdict else {
            let fact = "À faire avec un professionnel".into();
            findings.push(Finding { id, title, state: State::NotAssessed, fact });
            continue;
        };
        let state = verdict.state();
        missing.extend(verdict.missing.into_iter().map(|question| Missing { finding: id, question }));
        findings.push(Finding { id, title, state, fact: verdict.fact });
    }
    let mut outcome = Outcome { headline: headline(&findings), findings, notices: Vec::new() };
    outcome.notices = notices::notices(answers, subject, &outcome);
    (outcome, missing)
}

/// What one function comes to.
struct Verdict {
    /// A rule is met.
    abnormal: bool,
    /// Needed items without an answer that decides.
    missing: Vec<&'static str>,
    fact: String,
}

impl Verdict {
    fn state(&self) -> State {
        match (self.abnormal, self.missing.is_empty()) {
            (true, _) => State::Abnormal,
            (false, true) => State::Normal,
            (false, false) => State::NotAssessed,
        }
    }
}

/// Those of these questions that hold none of these codes.
fn undecided(answers: &Answers<'_>, questions: &[&'static str], codes: &[&str]) -> Vec<&'static str> {
    let decided = |id: &str| answers.code(id).is_some_and(|code| codes.contains(&code));
    questions.iter().copied().filter(|id| !decided(id)).collect()
}

/// The person answers alone: what needs an examiner is skipped.
fn alone(answers: &Answers<'_>) -> bool {
    answers.is("mode", "self")
}
