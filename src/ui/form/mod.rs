//! The form renderer: any form of the registry, from its description. It knows no programme.

mod alerts;
mod answer;
mod bar;
mod correct;
mod current;
mod finish;
mod foot;
mod header;
mod index;
mod progress;
mod question;
mod section;
mod sheet;
mod steps;
mod view;

pub use current::{control_id, question_id};
pub use sheet::{Outside, Overlay, Sheet, use_sheet};
pub use view::FormView;

use domain::form::{Kind, Question};
use domain::people::Purpose;

use crate::ui::called::{called, card};
use crate::ui::typeset::typeset;

/// The answer to a question as a person reads it; « sans réponse » when there is none.
pub fn answer_text(question: &'static Question, sheet: Sheet) -> String {
    use leptos::prelude::*;
    let value = || sheet.value_of(question);
    let text = match question.kind {
        Kind::Consent(purposes) => sheet
            .consents
            .with(|consents| agreed(consents, purposes))
            .map(|yes| if yes { "Oui" } else { "Non" }.to_owned()),
        Kind::Link(_) => value().map(|value| called(sheet.notebook, &value)),
        Kind::Entry => value().map(|value| card(&value)),
        _ => value().and_then(|value| sheet.kept(question).1.read_back(&value)),
    };
    text.map_or_else(|| "Sans réponse".to_owned(), |text| typeset(&text))
}

/// What was answered to all these purposes: « oui » to each of them, or « non » to one; `None` until each has its answer.
#[must_use]
pub fn agreed(consents: &[(Purpose, bool)], purposes: &[Purpose]) -> Option<bool> {
    let one = |purpose: &Purpose| consents.iter().find(|(asked, _)| asked == purpose).map(|(_, yes)| *yes);
    purposes.iter().try_fold(true, |all, purpose| Some(one(purpose)? && all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_for_several_purposes_is_given_once_for_all() {
        let both = &[Purpose::Record, Purpose::CallBack];
        assert_eq!(agreed(&[(Purpose::Record, true)], both), None, "half of it was asked before");
        assert_eq!(agreed(&[(Purpose::Record, true), (Purpose::CallBack, false)], both), Some(false));
        assert_eq!(agreed(&[(Purpose::CallBack, true), (Purpose::Record, true)], both), Some(true));
    }
}
