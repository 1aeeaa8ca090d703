//! What a pair says on the page of a person: with whom, and whether it still is.

use crate::form::{Answers, Missing, Outcome, Subject};

/// Tells the name of the professional, as it was when she was chosen.
#[must_use]
pub fn pair(answers: &Answers<'_>, _: &Subject) -> (Outcome, Vec<Missing>) {
    let headline = match (answers.code("name").filter(|name| !name.is_empty()), answers.is("in_force", "yes")) {
        (Some(name), true) => format!("Avec {name}."),
        (Some(name), false) => format!("{name} n’est plus son binôme."),
        (None, true) => "En vigueur.".into(),
        (None, false) => "N’est plus en vigueur.".into(),
    };
    (Outcome { headline, ..Outcome::default() }, Vec::new())
}
