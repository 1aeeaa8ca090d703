//! A whole number set with a thumb: one less, one more, the usual ones below. It can be typed too.

use domain::form::Question;
use domain::{Glyph, Value};
use leptos::prelude::*;

use super::{number, typed};
use crate::ui::form::{control_id, question_id, use_sheet};
use crate::ui::icon::Icon;

pub fn view(question: &'static Question, unit: &'static str, max: u16, quick: &'static [u16]) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let now = move || answer.get().and_then(|value| value.as_i64());
    let step = move |by: i64| {
        let next = stepped(sheet.value_now(question).and_then(|value| value.as_i64()), by, max);
        // Within its bounds: it is taken.
        let _ = sheet.answer(question, next.into());
    };
    let one = move |by: i64, label: &'static str, glyph: Glyph, end: i64| {
        let title = format!("{}-t", question_id(question.id));
        view! {
            <button type="button" aria-label=label aria-describedby=title disabled=move || now() == Some(end)
                on:click=move |_| step(by)><Icon name=glyph/></button>
        }
    };
    let usual = quick
        .iter()
        .map(|number| {
            let pressed = move || (now() == Some(i64::from(*number))).to_string();
            view! {
                <button type="button" class="second-button" aria-pressed=pressed
                    on:click=move |_| sheet.choose(question, Value::from(*number))>{*number}</button>
            }
        })
        .collect_view();
    let typing = typed::Typing { inputmode: "numeric", max: 5, ..number::typing(question, control_id(question.id)) };
    view! {
        <div class="stepper">
            {one(-1, "Un de moins", Glyph::Minus, 0)}
            <span class="stepper-value">{typed::input(typing)}<span class="unit">{unit}</span></span>
            {one(1, "Un de plus", Glyph::Plus, max.into())}
        </div>
        {(!quick.is_empty()).then(|| view! { <div class="usual">{usual}</div> })}
    }
    .into_any()
}

/// The number after a touch: the first one counts from none, and none is passed.
fn stepped(now: Option<i64>, by: i64, max: u16) -> i64 {
    (now.unwrap_or_default() + by).clamp(0, max.into())
}

#[cfg(test)]
mod tests {
    use super::stepped;

    #[test]
    fn a_count_stays_within_its_bounds() {
        assert_eq!(stepped(None, 1, 60), 1);
        assert_eq!(stepped(None, -1, 60), 0);
        assert_eq!(stepped(Some(60), 1, 60), 60);
        assert_eq!(stepped(Some(20), -1, 60), 19);
    }
}
