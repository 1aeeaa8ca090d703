//! What the interview tells. Scores are told, and what they call for is proposed: a breath to measure, somebody to see.

use super::dependence::{fagerstrom, hsi};
use super::{Said, breath, co, products, qmat};
use crate::form::{Answers, Missing, Outcome, State, Subject, Wording};
use crate::french::{Gender, NBSP, NNBSP, sentence_case, word};

/// Every score that its answers allow, what is missing for the others, and whom to refer her to.
#[must_use]
pub fn interview(answers: &Answers<'_>, subject: &Subject) -> (Outcome, Vec<Missing>) {
    let mut said = Said::default();
    let mut headline = dependence(answers, &mut said);
    products::products(answers, &mut said);
    products::pack_years(answers, subject, &mut said);
    motivation(answers, &mut said);
    co::co(answers, &mut said);
    breath::breath(answers, &mut said);
    referrals(answers, &mut said);
    let outcome = Outcome { findings: said.findings, ..Outcome::default() };
    if outcome.state("breath") == State::ToPropose {
        headline.push_str(" Un souffle à mesurer.");
    }
    (Outcome { headline, ..outcome }, said.missing)
}

/// Fagerström when its six items are there, and the HSI as soon as its two are. Both are about cigarettes: of whoever smokes
/// none, what was not asked is not waited for.
fn dependence(answers: &Answers<'_>, said: &mut Said) -> String {
    let none = products::cigarettes(answers) == Some(0);
    let (id, title) = ("fagerstrom", "Fagerström");
    let headline = match fagerstrom(answers) {
        Ok((score, words)) => {
            said.tell(id, title, format!("{score} sur{NBSP}10\u{a0}: {words}"));
            format!("{}, {score} sur{NBSP}10.", sentence_case(words))
        }
        Err(_) if none => {
            said.tell(id, title, format!("{NONE}, test sans objet"));
            format!("{NONE}.")
        }
        Err(missing) => {
            let count = missing.len();
            let answers = if count == 1 { "réponse" } else { "réponses" };
            let left = format!("il manque {} {answers} sur six", word(count, Gender::Feminine));
            said.wait(id, title, format!("Pas de score\u{a0}: {left}"), missing);
            format!("Test de Fagerström à finir\u{a0}: {left}.")
        }
    };
    let (id, title) = ("hsi", "HSI, deux questions");
    match hsi(answers) {
        Ok((score, words)) => said.tell(id, title, format!("{score} sur{NBSP}6\u{a0}: {words}")),
        Err(_) if none => said.tell(id, title, format!("{NONE}, indice sans objet")),
        Err(missing) => said.wait(id, title, "Les deux réponses sont nécessaires".into(), missing),
    }
    headline
}

const NONE: &str = "Aucune cigarette par jour";

fn motivation(answers: &Answers<'_>, said: &mut Said) {
    let (id, title) = ("qmat", "Q-MAT");
    match qmat::qmat(answers) {
        None => {}
        Some(Ok((score, words))) => said.tell(id, title, format!("{score} sur{NBSP}20\u{a0}: {words}")),
        Some(Err(missing)) => {
            said.wait(id, title, format!("Quatre réponses, ou aucune{NNBSP}; pas de score sans elles"), missing);
        }
    }
}

/// Whom to refer her to, by question: nothing is advised here.
const REFERRALS: [(&str, &str, Wording); 3] = [
    ("pregnant", "Grossesse ou allaitement", Wording::unverified("À orienter vers son médecin ou sa sage-femme")),
    ("heart_lung", "Maladie du cœur ou des poumons", Wording::unverified("À orienter vers son médecin")),
    ("depression", "Dépression", Wording::unverified("À orienter vers son médecin")),
];

fn referrals(answers: &Answers<'_>, said: &mut Said) {
    for (id, title, words) in REFERRALS.iter().filter(|(id, ..)| answers.is(id, "yes")) {
        said.propose(id, title, words.text.into());
    }
}
