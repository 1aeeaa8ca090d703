//! WHO rule: abnormal on any of the four. The stricter reading (a difficulty no glasses correct) is told apart.

use super::{Verdict, undecided};
use crate::form::{Answers, State};
use crate::french::{join, sentence_case};

const ITEMS: &[(&str, &str)] = &[
    ("vision_far", "difficulté pour voir de loin"),
    ("vision_near", "difficulté pour lire"),
    ("eye_disease", "maladie des yeux"),
    ("eye_treatment", "traitement pour un diabète ou une hypertension"),
];

pub(super) fn assess(answers: &Answers<'_>) -> Verdict {
    let questions: Vec<&'static str> = ITEMS.iter().map(|(id, _)| *id).collect();
    let missing = undecided(answers, &questions, &["yes", "no"]);
    let declared: Vec<&str> = ITEMS.iter().filter(|(id, _)| answers.is(id, "yes")).map(|(_, fact)| *fact).collect();
    let fact = match (declared.is_empty(), missing.len()) {
        (false, _) => sentence_case(&join(&declared)),
        (true, 0) => "Aucune difficulté déclarée".into(),
        (true, left) if left == ITEMS.len() => "Questions à poser".into(),
        (true, _) => "Questions à finir".into(),
    };
    Verdict { abnormal: !declared.is_empty(), missing, fact }
}

/// Far or near difficulty **and** not corrected by glasses.
pub(super) fn strict(answers: &Answers<'_>) -> State {
    let difficulty = ["vision_far", "vision_near"];
    if difficulty.iter().any(|id| answers.is(id, "yes")) {
        match answers.code("glasses") {
            Some("no") => State::Abnormal,
            Some("yes") if undecided(answers, &difficulty, &["yes", "no"]).is_empty() => State::Normal,
            _ => State::NotAssessed,
        }
    } else if undecided(answers, &difficulty, &["no"]).is_empty() {
        State::Normal
    } else {
        State::NotAssessed
    }
}
