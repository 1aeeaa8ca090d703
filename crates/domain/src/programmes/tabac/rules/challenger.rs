//! What a sign-up tells at once: the two-item HSI, and CO if it was measured.

use super::dependence::hsi_of;
use super::{Said, co, within};
use crate::form::{Answers, Missing, Outcome, Subject};
use crate::french::{NBSP, counted, sentence_case};

/// Tells the HSI from the cigarettes a day and the first one, then the CO.
#[must_use]
pub fn challenger(answers: &Answers<'_>, _: &Subject) -> (Outcome, Vec<Missing>) {
    let mut said = Said::default();
    let (id, title) = ("hsi", "Dépendance, deux questions");
    let a_day = within(answers, "cigarettes", 100);
    let headline = match hsi_of(answers, a_day) {
        // Somebody who smokes something else: the index is about cigarettes.
        _ if a_day == Some(0) => {
            said.tell(id, title, "Aucune cigarette par jour, indice sans objet".into());
            "Aucune cigarette par jour.".into()
        }
        Ok((score, words)) => {
            let smoked =
                counted(usize::try_from(a_day.unwrap_or_default()).unwrap_or_default(), "cigarette", "cigarettes");
            said.tell(id, title, format!("{score} sur{NBSP}6\u{a0}: {words}"));
            format!("{smoked} par jour, {words}.")
        }
        Err(missing) => {
            said.wait(id, title, "Les deux réponses sont nécessaires".into(), missing);
            "Dépendance à préciser.".into()
        }
    };
    // Whoever signs herself up on her own telephone measures nothing, and is not asked.
    if !answers.is("origin", "qr") {
        co::co(answers, &mut said);
    }
    (Outcome { headline: sentence_case(&headline), findings: said.findings, notices: Vec::new() }, said.missing)
}
