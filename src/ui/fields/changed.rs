//! What stays visible of an answer that was changed, and the way to take it back.

use domain::Glyph;
use domain::form::Question;
use domain::french::{NBSP, time};
use leptos::prelude::*;

use crate::ui::form::use_sheet;
use crate::ui::icon::Icon;
use crate::ui::live::live;

/// « Changé à 9 h 50, la réponse était « non ». »
#[component]
pub fn Changed(question: &'static Question) -> impl IntoView {
    let sheet = use_sheet();
    live(move || {
        let (at, former) = sheet.changed.with(|changed| changed.get(question.id).cloned())?;
        let at = time(sheet.notebook.local(at));
        let former = former.to_lowercase();
        Some(view! {
            <p class="changed">
                <Icon name=Glyph::Undo/>
                {format!("Changé à {at}, la réponse était «{NBSP}{former}{NBSP}».")}
            </p>
        })
    })
}

/// « Effacer la réponse »
#[component]
pub fn Erase(question: &'static Question) -> impl IntoView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let there = Memo::new(move |_| answer.with(Option::is_some));
    live(move || {
        there.get().then(|| {
            view! {
                <button type="button" class="quiet erase" on:click=move |_| sheet.erase(question)>
                    "Effacer la réponse"
                </button>
            }
        })
    })
}
