//! Abnormal on either yes. Yes or no only: the 0 to 3 frequencies of the PHQ are another instrument.

use super::{Verdict, undecided};
use crate::form::Answers;

pub(super) fn assess(answers: &Answers<'_>) -> Verdict {
    let missing = undecided(answers, &["mood_down", "mood_interest"], &["yes", "no"]);
    let (down, interest) = (answers.is("mood_down", "yes"), answers.is("mood_interest", "yes"));
    let fact = match (down, interest, missing.len()) {
        (true, true, _) => "Oui aux deux questions",
        (true, false, _) => "Se sent déprimé(e) ou sans espoir",
        (false, true, _) => "Peu d’intérêt ou de plaisir",
        (false, false, 0) => "Non aux deux questions",
        (false, false, 1) => "Une question à poser",
        (false, false, _) => "Questions à poser",
    };
    Verdict { abnormal: down || interest, missing, fact: fact.into() }
}
