//! What is counted while it happens: one large key that adds, a small one that takes back.

use domain::form::Question;
use domain::french::MINUS;
use leptos::prelude::*;

use crate::ui::form::{control_id, question_id, use_sheet};

pub fn view(question: &'static Question) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    // What this device counted before: at a stand, a count goes on from one record to the next.
    let before = sheet.notebook.tallied_here(sheet.kind.id, question.id);
    let count = move || answer.get().and_then(|value| value.as_i64()).unwrap_or_default() + before.unwrap_or_default();
    let add = move |by: i64| {
        let now = sheet.value_now(question).and_then(|value| value.as_i64()).unwrap_or_default();
        // It may be taken back, and nothing more.
        if by < 0 && before.is_some_and(|before| now + by + before < 0) {
            return;
        }
        match sheet.answer(question, (now + by).into()) {
            // A count is told by nobody a second time.
            Ok(()) => sheet.notebook.write_now(),
            Err(reason) => sheet.refuse(question, reason),
        }
    };
    let title = format!("{}-t", question_id(question.id));
    view! {
        <div class="tally">
            <button type="button" class="second-button" aria-label="Un de moins" aria-describedby=title.clone()
                on:click=move |_| add(-1)>{format!("{MINUS}1")}</button>
            <output aria-describedby=title.clone()>{move || domain::french::decimal(count(), 0)}</output>
            <button type="button" class="main-button" id=control_id(question.id) aria-label="Un de plus" aria-describedby=title
                on:click=move |_| add(1)>"+1"</button>
        </div>
    }
    .into_any()
}
