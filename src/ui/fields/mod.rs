//! One file per question kind. None knows a programme: all come from `domain::form`.

mod changed;
mod choice;
mod consent;
mod count;
mod date;
mod entry;
mod link;
mod number;
mod phone;
mod recall;
mod scale;
mod soon;
mod stopwatch;
mod tally;
mod text;
mod typed;
mod whisper;
mod words;

pub use stopwatch::StopwatchScreen;
pub use words::WordsScreen;

use domain::form::{Kind, Question};
use leptos::prelude::*;

/// The part of a question that takes its answer; `kind` is what it is where the answer is kept.
pub fn field(question: &'static Question, kind: Kind) -> AnyView {
    match kind {
        Kind::Choice(options) => choice::view(question, options),
        Kind::Whisper { options, words } => whisper::view(question, options, words),
        Kind::Number { unit, decimals, compare, .. } => number::view(question, unit, decimals, compare),
        Kind::Date | Kind::AnyDay => date::view(question),
        Kind::Count { unit, max, quick } => count::view(question, unit, max, quick),
        Kind::Scale { low, high } => scale::view(question, low, high),
        Kind::Tally => tally::view(question),
        Kind::Link(kind) => link::view(question, kind),
        Kind::Entry => entry::view(question),
        Kind::Text { lines, max } => text::view(question, lines, max),
        Kind::Phone => phone::view(question),
        Kind::Stopwatch { .. } => stopwatch::view(question),
        Kind::Words { lists, seconds } => words::view(question, lists, seconds),
        Kind::Recall { of } => recall::view(question, of),
        Kind::Consent(purposes) => consent::view(question, purposes),
        // Its parent's form does not have it: the tests of the registry refuse such a form.
        Kind::OfParent(_) => ().into_any(),
    }
}

/// Whether the question is a label and one field beside it, rather than a text and answers below.
#[must_use]
pub const fn is_value(kind: Kind) -> bool {
    match kind {
        Kind::Number { .. } | Kind::Date | Kind::AnyDay | Kind::Phone | Kind::Link(_) => true,
        Kind::Text { lines, .. } => lines <= 1,
        _ => false,
    }
}

/// Whether the words of the question are the label of one control.
#[must_use]
pub const fn is_labelled(kind: Kind) -> bool {
    is_value(kind) || matches!(kind, Kind::Count { .. } | Kind::Entry | Kind::Text { .. })
}

/// Whether the question is answered by one of several answers side by side.
#[must_use]
pub const fn is_choice(kind: Kind) -> bool {
    matches!(kind, Kind::Choice(_) | Kind::Scale { .. } | Kind::Whisper { .. } | Kind::Recall { .. })
}
