//! A telephone number, typed with or without spaces; digits are stored.

use domain::Value;
use domain::form::{Question, parse_phone};
use leptos::prelude::*;

use super::typed::{self, Typing};
use crate::ui::form::control_id;

pub fn view(question: &'static Question) -> AnyView {
    let typing = Typing {
        question,
        id: control_id(question.id),
        read: |_, text| Ok(Value::from(parse_phone(text))),
        write: |question, value| question.read_back(value).unwrap_or_default(),
        inputmode: "tel",
        kind: "tel",
        hint: false,
        class: "",
        lines: 1,
        max: 24,
    };
    view! { <div class="field">{typed::input(typing)}</div> }.into_any()
}
