//! A measure with its unit. Decimal comma and point are both taken; the last known value and the difference are told.

use domain::Value;
use domain::form::{Kind, Question, Refusal, parse_number};
use domain::french::{MINUS, NBSP, decimal, full_day};
use leptos::prelude::*;

use super::typed::{self, Typing};
use crate::ui::form::{control_id, use_sheet};
use crate::ui::previous::finished_at;

pub fn view(question: &'static Question, unit: &'static str, decimals: u8, compare: bool) -> AnyView {
    let hint = compare.then(|| view! { <LastKnown question unit decimals/> });
    view! {
        {hint}
        {measure(question, unit, control_id(question.id))}
    }
    .into_any()
}

/// The same field where the question has another way to be answered first.
pub fn by_hand(question: &'static Question, unit: &'static str) -> AnyView {
    measure(question, unit, by_hand_id(question))
}

/// The field of [`by_hand`].
pub fn by_hand_id(question: &Question) -> String {
    format!("{}-hand", control_id(question.id))
}

/// The field, with its unit at the right.
fn measure(question: &'static Question, unit: &'static str, id: String) -> AnyView {
    view! {
        <div class="field">
            <div class="unit-field">
                {typed::input(typing(question, id))}
                <span class="unit">{unit}</span>
            </div>
        </div>
    }
    .into_any()
}

/// How a number is typed, whole or not.
pub fn typing(question: &'static Question, id: String) -> Typing {
    Typing {
        question,
        id,
        read: |question, text| {
            parse_number(text, decimals_of(question))
                .map(Value::from)
                .ok_or_else(|| Refusal::NotANumber.message(question))
        },
        write: |question, value| value.as_i64().map(|value| plain(value, decimals_of(question))).unwrap_or_default(),
        inputmode: "decimal",
        kind: "text",
        hint: matches!(question.kind, Kind::Number { compare: true, .. }),
        class: "number",
        lines: 1,
        max: 12,
    }
}

/// « Le 12 mai 2026 : 61,5 kg, soit −2,1 kg »
#[component]
fn LastKnown(question: &'static Question, unit: &'static str, decimals: u8) -> impl IntoView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let text = move || {
        let previous = sheet.previous.get()?;
        let last = previous.fields.get(question.id)?.value.as_i64()?;
        let on = full_day(sheet.notebook.local(finished_at(&previous)?).date());
        let known = format!("Le {on}{NBSP}: {}{NBSP}{unit}", decimal(last, decimals));
        let difference = answer.get().and_then(|now| question.difference(&last.into(), &now));
        Some(match difference {
            Some(difference) => format!("{known}, soit {difference}"),
            None => known,
        })
    };
    view! { <p class="q-hint" id=format!("{}-h", control_id(question.id))>{move || text()}</p> }
}

/// Decimals of the integer a question stores; a stopwatch counts tenths of a second.
fn decimals_of(question: &Question) -> u8 {
    match question.kind {
        Kind::Number { decimals, .. } => decimals,
        Kind::Stopwatch { .. } => 1,
        _ => 0,
    }
}

/// A number as it is typed: no space in it, the keyboard's own minus, and no decimal of zero.
fn plain(value: i64, decimals: u8) -> String {
    let text: String = decimal(value, decimals)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if letter == MINUS { '-' } else { letter })
        .collect();
    match text.split_once(',') {
        Some((whole, part)) if part.chars().all(|digit| digit == '0') => whole.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_kept_number_is_typed_back() {
        assert_eq!(plain(594, 1), "59,4");
        assert_eq!(plain(590, 1), "59");
        assert_eq!(plain(-12_345, 1), "-1234,5");
    }
}
