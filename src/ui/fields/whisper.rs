//! A choice, with four words to whisper: another set for each record and for each ear.

use domain::Value;
use domain::form::{Choice, Kind, Question, whisper_set};
use leptos::prelude::*;

use super::changed::{Changed, Erase};
use super::choice::group;
use crate::ui::form::use_sheet;
use crate::ui::typeset::typeset;

pub fn view(question: &'static Question, options: &'static [Choice], words: &'static [&'static str]) -> AnyView {
    let sheet = use_sheet();
    // The first ear, the second ear: ranks keep their sets apart.
    let rank = sheet
        .form
        .questions()
        .filter(|(_, other)| matches!(other.kind, Kind::Whisper { .. }))
        .position(|(_, other)| other.id == question.id)
        .unwrap_or_default();
    let set = whisper_set(words, sheet.draw(), rank);
    let answers = options.iter().map(|choice| (Value::from(choice.code), typeset(choice.label))).collect();
    view! {
        <details class="q-hint">
            <summary>"Mots à chuchoter (pour vous)"</summary>
            <p>{set.join(", ")}</p>
        </details>
        {group(question, answers)}
        <Changed question/>
        <Erase question/>
    }
    .into_any()
}
