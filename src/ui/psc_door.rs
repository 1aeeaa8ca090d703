//! The way to Pro Santé Connect, where the server has it: a plain button of ours, for its own is not ours to give away.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::attempt::Attempt;
use super::band::TroubleBand;
use super::live::live;
use crate::notebook::{has_psc, use_notebook};

/// Nothing, until the server says that it is there. `after`: what follows it on the page.
#[component]
pub fn PscDoor(id: &'static str, #[prop(optional)] after: &'static str) -> impl IntoView {
    let shown = RwSignal::new(false);
    // The page may be left meanwhile.
    spawn_local(async move {
        let _ = shown.try_set(has_psc().await);
    });
    live(move || {
        shown.get().then(|| {
            view! {
                <PscButton id words="S’identifier avec Pro Santé Connect"/>
                <p class="second">{after}</p>
            }
        })
    })
}

#[component]
pub fn PscButton(id: &'static str, words: &'static str) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    let leave = move |_| attempt.leave(notebook.leave_for_psc());
    view! {
        <TroubleBand id trouble=attempt.trouble/>
        <button type="button" class="main-button wide" aria-describedby=id on:click=leave>
            {move || if attempt.busy.get() { "Un instant…" } else { words }}
        </button>
    }
}
