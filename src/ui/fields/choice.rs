//! Answers to touch: one of a list.

use domain::Value;
use domain::form::{Choice, Question};
use leptos::prelude::*;

use super::changed::{Changed, Erase};
use crate::ui::form::{control_id, question_id, use_sheet};
use crate::ui::typeset::typeset;

/// Longest label that stands beside another on a phone.
const SHORT: usize = 16;

pub fn view(question: &'static Question, options: &'static [Choice]) -> AnyView {
    let answers = options.iter().map(|choice| (Value::from(choice.code), typeset(choice.label))).collect();
    view! {
        {group(question, answers)}
        <Changed question/>
        <Erase question/>
    }
    .into_any()
}

/// The answers, as radio buttons: one tab stop, arrows inside. Touching the chosen one again does not clear it.
pub fn group(question: &'static Question, answers: Vec<(Value, String)>) -> AnyView {
    let sheet = use_sheet();
    let value = sheet.value(question);
    // While she is asked to confirm what keeps nothing, it is what looks chosen.
    let answer = Memo::new(move |_| match sheet.barring.get() {
        Some(barring) if barring.id == question.id => barring.bar.map(|bar| Value::from(bar.code)),
        _ => value.get(),
    });
    let stacked = answers.len() > 3 || answers.iter().any(|(_, label)| label.chars().count() > SHORT);
    let radios = answers
        .into_iter()
        .enumerate()
        .map(|(rank, (value, label))| {
            let id = if rank == 0 { control_id(question.id) } else { format!("{}-{rank}", control_id(question.id)) };
            let chosen = {
                let value = value.clone();
                move || answer.with(|answer| answer.as_ref() == Some(&value))
            };
            view! {
                <label class="answer">
                    <input
                        type="radio"
                        id=id
                        name=question_id(question.id)
                        autocomplete="off"
                        prop:checked=chosen
                        on:change=move |_| sheet.choose(question, value.clone())
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="answers" class:stacked=stacked>{radios}</div> }.into_any()
}
