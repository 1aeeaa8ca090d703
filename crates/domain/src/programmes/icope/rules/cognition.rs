//! Abnormal when any part of the orientation is wrong, or fewer than three words come back.

use super::{Verdict, undecided};
use crate::form::Answers;
use crate::french::{NBSP, counted, join, sentence_case};

const ORIENTATION: &[(&str, &str)] = &[
    ("orientation_year", "année"),
    ("orientation_month", "mois"),
    ("orientation_day", "jour du mois"),
    ("orientation_weekday", "jour de la semaine"),
    ("orientation_place", "lieu"),
];

pub(super) fn assess(answers: &Answers<'_>) -> Verdict {
    let questions: Vec<&'static str> = ORIENTATION.iter().map(|(id, _)| *id).collect();
    let mut missing = undecided(answers, &questions, &["right", "wrong"]);
    let wrong: Vec<&str> =
        ORIENTATION.iter().filter(|(id, _)| answers.is(id, "wrong")).map(|(_, part)| *part).collect();
    let orientation = match (wrong.is_empty(), missing.is_empty()) {
        (false, _) => format!("Orientation à revoir\u{a0}: {}", join(&wrong)),
        (true, true) => "Orientation juste".into(),
        (true, false) => "Orientation à finir".into(),
    };
    let recall = answers.int("recall").and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= 3);
    let memory = match recall {
        Some(count) => format!("{} sur{NBSP}3", counted(count, "mot", "mots")),
        None => {
            missing.push("recall");
            "mots à redemander".into()
        }
    };
    let fact = sentence_case(&format!("{orientation}, {memory}"));
    Verdict { abnormal: !wrong.is_empty() || recall.is_some_and(|count| count < 3), missing, fact }
}
