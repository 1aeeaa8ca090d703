//! Free text, on one line or more.

use domain::Value;
use domain::form::Question;
use leptos::prelude::*;

use super::typed::{self, Typing};
use crate::ui::form::control_id;

pub fn view(question: &'static Question, lines: u8, max: u16) -> AnyView {
    let typing = Typing {
        question,
        id: control_id(question.id),
        read: |_, text| Ok(Value::from(text.trim())),
        write: |_, value| value.as_str().unwrap_or_default().to_owned(),
        inputmode: "text",
        kind: "text",
        hint: false,
        class: "",
        lines,
        max,
    };
    view! { <div class="field">{typed::input(typing)}</div> }.into_any()
}
