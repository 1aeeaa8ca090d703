//! The sentence above the six functions.

use crate::form::{Finding, State};
use crate::french::{Gender, sentence_case, word};

/// « Deux fonctions à regarder de plus près, une à finir, trois normales. » Never "all normal" while one is missing.
#[must_use]
pub fn headline(findings: &[Finding]) -> String {
    let count = |state| findings.iter().filter(|finding| finding.state == state).count();
    let (abnormal, missing, normal) = (count(State::Abnormal), count(State::NotAssessed), count(State::Normal));
    if abnormal == 0 && missing == 0 {
        return format!("Les {} fonctions sont normales.", word(normal, Gender::Feminine));
    }
    let plural = if normal == 1 { "normale" } else { "normales" };
    let parts = [(abnormal, "à regarder de plus près"), (missing, "à finir"), (normal, plural)];
    let mut sentence = String::new();
    for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
        // The first part names what is counted, the others understand it.
        let noun = match (sentence.is_empty(), count) {
            (false, _) => "",
            (true, 1) => " fonction",
            (true, _) => " fonctions",
        };
        let comma = if sentence.is_empty() { "" } else { ", " };
        sentence.push_str(&format!("{comma}{}{noun} {what}", word(count, Gender::Feminine)));
    }
    sentence_case(&sentence) + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_agrees() {
        for (abnormal, missing, expected) in [
            (2, 1, "Deux fonctions à regarder de plus près, une à finir, trois normales."),
            (0, 0, "Les six fonctions sont normales."),
            (6, 0, "Six fonctions à regarder de plus près."),
            (1, 0, "Une fonction à regarder de plus près, cinq normales."),
            (5, 0, "Cinq fonctions à regarder de plus près, une normale."),
            (0, 6, "Six fonctions à finir."),
            (0, 1, "Une fonction à finir, cinq normales."),
            (0, 5, "Cinq fonctions à finir, une normale."),
            (1, 5, "Une fonction à regarder de plus près, cinq à finir."),
            (3, 2, "Trois fonctions à regarder de plus près, deux à finir, une normale."),
        ] {
            let states = (0..6).map(|index| match index {
                _ if index < abnormal => State::Abnormal,
                _ if index < abnormal + missing => State::NotAssessed,
                _ => State::Normal,
            });
            let findings: Vec<Finding> =
                states.map(|state| Finding { id: "f", title: "F", state, fact: String::new() }).collect();
            assert_eq!(headline(&findings), expected);
        }
    }
}
