//! What the professional is told beside the six functions. Nothing here changes a result.

use super::{alone, mobility, vision};
use crate::form::{Answers, Notice, Outcome, State, Subject, Tone};
use crate::french::{NBSP, age, years};

/// To do first, then the number to call, then to know.
pub(super) fn notices(answers: &Answers<'_>, subject: &Subject, outcome: &Outcome) -> Vec<Notice> {
    let abnormal = |id| outcome.state(id) == State::Abnormal;
    let mut notices = Vec::new();
    let mut tell = |id, tone, text: &str| notices.push(Notice { id, tone, text: text.to_owned() });

    // The strongest frailty signal of Step 1.
    if abnormal("mobility") && abnormal("nutrition") {
        tell("call-first", Tone::First, "À rappeler en premier. Mobilité et nutrition sont touchées ensemble.");
    }
    if abnormal("mood") {
        tell(
            "suicide-line",
            Tone::Help,
            "3114, numéro national de prévention du suicide\u{a0}: appel gratuit, jour et nuit.",
        );
    }
    let age = subject.birth_date.and_then(|birth| age(birth, subject.on));
    if let Some(age) = age.filter(|age| *age < 60) {
        let text = format!(
            "La personne a {} à la date du test. Vos réponses sont gardées. Vérifiez sa date de naissance, ou continuez.",
            years(age)
        );
        tell("under-60", Tone::Note, &text);
    }
    if age.is_some_and(|age| age >= 80) && mobility::time(answers) > Some(mobility::LIMIT) {
        let text = format!(
            "Mobilité\u{a0}: à partir de 80{NBSP}ans, une limite de 16{NBSP}s est aussi publiée. Elle ne change pas ce résultat."
        );
        tell("chair-80", Tone::Note, &text);
    }
    if abnormal("vision") {
        let text = match vision::strict(answers) {
            State::Abnormal => {
                "Vision, lecture stricte\u{a0}: anormale, une difficulté n’est pas corrigée par des lunettes."
            }
            State::Normal => "Vision, lecture stricte\u{a0}: normale, aucune difficulté sans correction.",
            State::NotAssessed | State::ToPropose | State::Told => {
                "Vision, lecture stricte\u{a0}: non évaluée, précisez les difficultés et les lunettes."
            }
        };
        tell("vision-strict", Tone::Note, text);
    }
    if alone(answers) {
        tell("with-examiner", Tone::Note, "Mobilité et audition restent à faire avec un professionnel.");
    }
    notices
}
