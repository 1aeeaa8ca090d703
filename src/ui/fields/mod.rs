//! One file per question kind. None knows a programme: all come from `domain::form`.

mod changed;
mod choice;
mod consent;
mod date;
mod number;
mod phone;
mod recall;
mod stopwatch;
mod text;
mod typed;
mod whisper;
mod words;

pub use stopwatch::StopwatchScreen;
pub use words::WordsScreen;

use domain::form::{Kind, Question};
use leptos::prelude::*;

/// The part of a question that takes its answer.
pub fn field(question: &'static Question) -> AnyView {
    match question.kind {
        Kind::Choice(options) => choice::view(question, options),
        Kind::Whisper { options, words } => whisper::view(question, options, words),
        Kind::Number { unit, decimals, compare, .. } => number::view(question, unit, decimals, compare),
        Kind::Date => date::view(question),
        Kind::Text { lines, max } => text::view(question, lines, max),
        Kind::Phone => phone::view(question),
        Kind::Stopwatch { .. } => stopwatch::view(question),
        Kind::Words { lists, seconds } => words::view(question, lists, seconds),
        Kind::Recall { of } => recall::view(question, of),
        Kind::Consent(purpose) => consent::view(question, purpose),
    }
}

/// Whether the question is a label and one field beside it, rather than a text and answers below.
#[must_use]
pub fn is_value(question: &Question) -> bool {
    match question.kind {
        Kind::Number { .. } | Kind::Date | Kind::Phone => true,
        Kind::Text { lines, .. } => lines <= 1,
        _ => false,
    }
}

/// Whether the question is answered by one of several answers side by side.
#[must_use]
pub fn is_choice(question: &Question) -> bool {
    matches!(question.kind, Kind::Choice(_) | Kind::Whisper { .. } | Kind::Recall { .. })
}
