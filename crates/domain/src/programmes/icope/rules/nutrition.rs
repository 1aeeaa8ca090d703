//! Abnormal on either yes; « ne sait pas » on the weight alone decides nothing. The weight itself is information.

use super::{Verdict, undecided};
use crate::form::Answers;
use crate::french::{NBSP, join, sentence_case};

pub(super) fn assess(answers: &Answers<'_>) -> Verdict {
    let missing = undecided(answers, &["weight_loss", "appetite_loss"], &["yes", "no"]);
    let (weight, appetite) = (answers.is("weight_loss", "yes"), answers.is("appetite_loss", "yes"));
    let mut facts = Vec::new();
    if appetite {
        facts.push("appétit en baisse".to_owned());
    }
    if weight {
        facts.push(format!("plus de 3{NBSP}kg perdus en 3{NBSP}mois"));
    }
    let fact = match (facts.is_empty(), missing.as_slice()) {
        (false, _) => sentence_case(&join(&facts)),
        (true, []) => "Ni poids ni appétit perdus".into(),
        (true, ["weight_loss"]) if answers.is("weight_loss", "unknown") => "Perte de poids inconnue".into(),
        (true, ["weight_loss"]) => "Perte de poids à demander".into(),
        (true, ["appetite_loss"]) => "Appétit à demander".into(),
        (true, _) => "Poids et appétit à demander".into(),
    };
    Verdict { abnormal: weight || appetite, missing, fact }
}
