//! The form renderer: any form of the registry, from its description. It knows no programme.

mod alerts;
mod answer;
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
mod view;

pub use current::{control_id, question_id};
pub use sheet::{Outside, Overlay, Sheet, use_sheet};
pub use view::FormView;

use domain::form::{Kind, Question};

use crate::ui::typeset::typeset;

/// The answer to a question as a person reads it; « sans réponse » when there is none.
fn answer_text(question: &'static Question, sheet: Sheet) -> String {
    use leptos::prelude::*;
    let text = match question.kind {
        Kind::Consent(purpose) => {
            let consents = sheet.consents.get();
            let answer = consents.iter().find(|(asked, _)| *asked == purpose);
            answer.map(|(_, yes)| if *yes { "Oui".to_owned() } else { "Non".to_owned() })
        }
        _ => sheet.answers.with(|answers| answers.get(question.id).and_then(|value| question.read_back(value))),
    };
    text.map_or_else(|| "Sans réponse".to_owned(), |text| typeset(&text))
}
