//! Abnormal when either ear fails; an ear not tested leaves the function not assessed.

use super::{Verdict, undecided};
use crate::form::Answers;

pub(super) fn assess(answers: &Answers<'_>) -> Verdict {
    let ears = ["hearing_right", "hearing_left"];
    let missing = undecided(answers, &ears, &["heard", "not-heard"]);
    let failed: Vec<&str> = ears.into_iter().filter(|ear| answers.is(ear, "not-heard")).collect();
    let fact = match (failed.as_slice(), missing.as_slice()) {
        ([_, _], _) => "Rien entendu des deux oreilles",
        (["hearing_right"], []) => "Non entendu à droite, entendu à gauche",
        (["hearing_left"], []) => "Entendu à droite, non entendu à gauche",
        (["hearing_right"], _) => "Non entendu à droite, oreille gauche non testée",
        (["hearing_left"], _) => "Non entendu à gauche, oreille droite non testée",
        (_, []) => "Entendu des deux oreilles",
        (_, ["hearing_right"]) => "Oreille droite non testée",
        (_, ["hearing_left"]) => "Oreille gauche non testée",
        _ => "Oreilles non testées",
    };
    Verdict { abnormal: !failed.is_empty(), missing, fact: fact.into() }
}
