//! What the interview tells. Scores are told, one thing only asks for something: a breath to measure.

use super::dependence::{fagerstrom, hsi};
use super::{Said, breath, co, products, qmat};
use crate::form::{Answers, Missing, Notice, Outcome, State, Subject, Tone, Wording};
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
    let outcome = Outcome { headline: String::new(), findings: said.findings, notices: prompts(answers) };
    if outcome.state("breath") == State::Abnormal {
        headline.push_str(" Un souffle à mesurer.");
    }
    (Outcome { headline, ..outcome }, said.missing)
}

/// Fagerström when its six items are there, and the HSI as soon as its two are.
fn dependence(answers: &Answers<'_>, said: &mut Said) -> String {
    let (id, title) = ("fagerstrom", "Fagerström");
    let headline = match fagerstrom(answers) {
        Ok((score, words)) => {
            said.tell(id, title, format!("{score} sur{NBSP}10\u{a0}: {words}"));
            format!("{}, {score} sur{NBSP}10.", sentence_case(words))
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
        Err(missing) => said.wait(id, title, "Les deux réponses sont nécessaires".into(), missing),
    }
    headline
}

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
const PROMPTS: [(&str, Wording); 3] = [
    ("pregnant", Wording::unverified("Grossesse ou allaitement\u{a0}: à orienter vers son médecin ou sa sage-femme.")),
    ("heart_lung", Wording::unverified("Maladie du cœur ou des poumons\u{a0}: à orienter vers son médecin.")),
    ("depression", Wording::unverified("Dépression\u{a0}: à orienter vers son médecin.")),
];

fn prompts(answers: &Answers<'_>) -> Vec<Notice> {
    let asked = PROMPTS.iter().filter(|(id, _)| answers.is(id, "yes"));
    asked.map(|(id, words)| Notice { id, tone: Tone::First, text: words.text.into() }).collect()
}
