//! What was said at a call. One to five cigarettes do not end the challenge; more is a success put off, never a failure.

use super::super::challenge::SLIP;
use super::{Said, co, within};
use crate::form::{Answers, Missing, Outcome, Subject};
use crate::french::counted;

/// Tells what was smoked since the last contact, or how the try ended.
#[must_use]
pub fn call(answers: &Answers<'_>, _: &Subject) -> (Outcome, Vec<Missing>) {
    let mut said = Said::default();
    let headline = match answers.code("outcome") {
        Some("reached") => {
            let headline = since(answers, &mut said);
            co::co(answers, &mut said);
            headline
        }
        Some("not-reached") => "Pas de réponse cette fois.".into(),
        Some("refused") => "Ne souhaite pas répondre.".into(),
        Some("wrong-number") => "Le numéro n’est pas le bon.".into(),
        Some("moved") => match answers.code("traceable") {
            Some("yes") => "A déménagé, peut encore être joint(e).".into(),
            Some("no") => "A déménagé, ne peut plus être joint(e).".into(),
            _ => {
                said.wait("traceable", "Joignable", "À préciser".into(), vec!["traceable"]);
                "A déménagé, à préciser.".into()
            }
        },
        Some("dead") => "Décès noté.".into(),
        _ => {
            said.wait("outcome", "Appel", "À noter".into(), vec!["outcome"]);
            "Appel à noter.".into()
        }
    };
    (Outcome { headline, findings: said.findings, notices: Vec::new() }, said.missing)
}

fn since(answers: &Answers<'_>, said: &mut Said) -> String {
    let (id, title) = ("smoking", "Depuis le dernier contact");
    let told = match (answers.code("smoked_since"), within(answers, "cigarettes", 9_999)) {
        (Some("none"), _) | (Some("counted"), Some(0)) => "Aucune cigarette depuis le dernier contact".into(),
        (Some("counted"), Some(count)) => {
            let smoked = counted(usize::try_from(count).unwrap_or_default(), "cigarette", "cigarettes");
            // One call does not know what was told at the others: the sum is the challenge's to judge.
            if count <= SLIP {
                format!("{smoked} depuis le dernier contact. Jusqu’à {SLIP} en tout, le défi continue")
            } else {
                format!("{smoked} depuis le dernier contact\u{a0}: succès différé")
            }
        }
        (Some("counted"), None) => {
            said.wait(id, title, "Nombre de cigarettes à noter".into(), vec!["cigarettes"]);
            return "Nombre de cigarettes à noter.".into();
        }
        (Some("more-than-5"), _) => "Plus de 5 cigarettes depuis le dernier contact\u{a0}: succès différé".into(),
        _ => {
            said.wait(id, title, "À demander".into(), vec!["smoked_since"]);
            return "Joint(e), la suite est à noter.".into();
        }
    };
    said.tell(id, title, told.clone());
    // Cigarettes are what was asked: another tobacco is told beside them, whether or not the edition counts it.
    let other = OTHERS.iter().find(|(code, _)| answers.is("other_tobacco", code)).map(|(_, words)| *words);
    if let Some(words) = other {
        said.tell("other", "Autre tabac", words.into());
        return format!("{told}. Un autre tabac est noté.");
    }
    format!("{told}.")
}

const OTHERS: [(&str, &str); 4] = [
    ("cigarillos", "Cigarillos ou cigares"),
    ("chicha", "Chicha"),
    ("heated", "Tabac chauffé"),
    ("several", "Plusieurs autres tabacs"),
];
