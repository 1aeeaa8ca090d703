//! The form of one person at a stand: the ordinary one, with no way back to it.

use domain::french::time;
use domain::id::RecordId;
use domain::programmes::kind;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Screen;
use super::home::EndsSoon;
use crate::notebook::use_notebook;
use crate::ui::dialog::Dialog;
use crate::ui::form::{FormView, Outside, Sheet};

#[component]
pub fn Filling(record: RecordId, screen: RwSignal<Screen>) -> impl IntoView {
    let notebook = use_notebook();
    let found = notebook.record(record).get_untracked();
    let opened = found.as_deref().and_then(|shown| Some((shown, kind(&shown.kind)?)));
    let Some((shown, kind)) = opened else {
        // Nothing of it is here any more.
        screen.set(Screen::Home);
        return ().into_any();
    };
    let leaving = RwSignal::new(false);
    let mut sheet = Sheet::open(notebook, shown, kind, kind.form());
    let failed = sheet.failed;
    let done = Callback::new(move |noted: bool| {
        leaving.set(false);
        spawn_local(async move {
            match notebook.end_entry(noted).await {
                Ok(()) => screen.set(if noted { Screen::Noted } else { Screen::Home }),
                Err(trouble) => failed.set(Some(trouble)),
            }
        });
    });
    sheet.outside = Some(Outside { leave: Callback::new(move |()| leaving.set(true)), done });
    let soon = Memo::new(move |_| {
        notebook
            .stand()
            .with(|held| held.as_ref().filter(|held| held.ends_soon).map(|held| time(notebook.local(held.until))))
    });
    let held = Memo::new(move |_| sheet.held_now());
    view! {
        {move || soon.get().map(|until| view! { <div class="banner"><EndsSoon until held=held.get()/></div> })}
        <FormView sheet/>
        <Leaving sheet open=leaving done/>
    }
    .into_any()
}

/// Leaving a form that is not finished: what has her consent stays, sealed; the rest goes.
#[component]
fn Leaving(sheet: Sheet, open: RwSignal<bool>, done: Callback<bool>) -> impl IntoView {
    let held = Memo::new(move |_| sheet.held_now());
    let title = Signal::derive(move || {
        if held.get() {
            "Effacer ce qui est écrit\u{202f}?".to_owned()
        } else {
            "Quitter cette fiche\u{202f}?".to_owned()
        }
    });
    let words = move || {
        if held.get() {
            "La personne n’a pas donné son accord. Rien n’a été envoyé, et rien d’elle ne sera gardé."
        } else {
            "Ce qui est écrit est gardé et partira. La fiche ne pourra plus être ouverte sur cet appareil."
        }
    };
    let leave = move || {
        let (class, label) =
            if held.get() { ("danger-button", "Tout effacer") } else { ("second-button", "Quitter la fiche") };
        view! { <button type="button" class=class on:click=move |_| done.run(!held.get_untracked())>{label}</button> }
    };
    view! {
        <Dialog open=open title=title>
            <p>{move || words()}</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Revenir à la fiche"</button>
                {move || leave()}
            </div>
        </Dialog>
    }
}
