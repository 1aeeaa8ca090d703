//! Another record, chosen by its name among those of its kind.

use domain::Value;
use domain::form::Question;
use leptos::prelude::*;

use crate::ui::called::name;
use crate::ui::form::{control_id, use_sheet};

pub fn view(question: &'static Question, kind: &'static str) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let records = sheet.notebook.records(kind);
    let options = move || {
        let chosen = answer.get();
        let option = |id: String, name: String| {
            let selected = chosen.as_ref().and_then(Value::as_str).unwrap_or_default() == id;
            view! { <option value=id selected=selected>{name}</option> }
        };
        let all = records.get();
        let others = all.iter().map(|shown| option(shown.id.to_string(), name(sheet.notebook, shown)));
        std::iter::once(option(String::new(), "À choisir".to_owned())).chain(others).collect_view()
    };
    let choose = move |id: String| {
        let value = if id.is_empty() { Value::Null } else { id.into() };
        if let Err(reason) = sheet.answer(question, value) {
            sheet.refuse(question, reason);
        }
    };
    view! {
        <div class="field">
            <select
                id=control_id(question.id)
                aria-describedby=format!("{}-e", control_id(question.id))
                on:change:target=move |event| choose(event.target().value())
            >
                {move || options()}
            </select>
        </div>
    }
    .into_any()
}
