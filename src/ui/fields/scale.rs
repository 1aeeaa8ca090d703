//! From 0 to 10, one touch, between the words of both ends.

use domain::Value;
use domain::form::Question;
use leptos::prelude::*;

use super::changed::{Changed, Erase};
use super::choice::group;
use crate::ui::typeset::typeset;

pub fn view(question: &'static Question, low: &'static str, high: &'static str) -> AnyView {
    let answers = (0..=10).map(|mark| (Value::from(mark), mark.to_string())).collect();
    view! {
        <p class="scale-ends"><span>"0, "{typeset(low)}</span><span>"10, "{typeset(high)}</span></p>
        <div class="scale">{group(question, answers)}</div>
        <Changed question/>
        <Erase question/>
    }
    .into_any()
}
