//! Five rises from a chair, arms crossed: abnormal in more than 14.0 s, or if the person could not, or used her arms.
//! Refused or not safe is not assessed.

use super::{Verdict, alone, undecided};
use crate::form::Answers;
use crate::french::{NBSP, decimal};

/// Tenths of a second: 14.0 s is normal, 14.1 s is not.
pub(super) const LIMIT: i64 = 140;

pub(super) fn assess(answers: &Answers<'_>) -> Verdict {
    let not_assessed =
        |question, fact: &str| Verdict { abnormal: false, missing: vec![question], fact: fact.to_owned() };
    // Until the test may be tried the form hides the rest: what was answered there before does not count.
    if answers.is("chair_safe", "no") {
        return not_assessed("chair_safe", "Pas prudent aujourd’hui");
    }
    if !answers.is("chair_safe", "yes") {
        return not_assessed("chair_safe", "Lever de chaise à faire");
    }
    match answers.code("chair_result") {
        Some("done") => timed(answers),
        Some("could-not") => {
            Verdict { abnormal: true, missing: Vec::new(), fact: "N’a pas pu se lever cinq fois".into() }
        }
        Some("refused") => not_assessed("chair_result", "Lever de chaise refusé"),
        Some("unsafe") => not_assessed("chair_result", "Pas prudent aujourd’hui"),
        _ => not_assessed("chair_result", "Lever de chaise à faire"),
    }
}

/// The time of a test that was done, in tenths of a second.
pub(super) fn time(answers: &Answers<'_>) -> Option<i64> {
    let done = !alone(answers) && answers.is("chair_safe", "yes") && answers.is("chair_result", "done");
    answers.int("chair_time").filter(|tenths| done && *tenths > 0)
}

fn timed(answers: &Answers<'_>) -> Verdict {
    let time = time(answers);
    let arms = answers.is("chair_arms", "yes");
    let mut missing = undecided(answers, &["chair_arms"], &["yes", "no"]);
    if time.is_none() {
        missing.insert(0, "chair_time");
    }
    let seconds = time.map(|tenths| format!("{}{NBSP}s pour cinq levers", decimal(tenths, 1)));
    let fact = match (seconds, arms) {
        (Some(seconds), true) => format!("{seconds}, en s’aidant des bras"),
        (Some(seconds), false) if missing.is_empty() => format!("{seconds} (limite 14{NBSP}s)"),
        (Some(seconds), false) if time > Some(LIMIT) => format!("{seconds} (limite 14{NBSP}s)"),
        (Some(seconds), false) => format!("{seconds}, aide des bras à préciser"),
        (None, true) => "Cinq levers en s’aidant des bras".into(),
        (None, false) => "Cinq levers faits, temps à noter".into(),
    };
    Verdict { abnormal: arms || time > Some(LIMIT), missing, fact }
}
