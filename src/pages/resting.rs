//! Nobody was there for five minutes: the code brings the same page back.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::gate::Entry;
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::ui::attempt::{Attempt, Submit};
use crate::ui::band::TroubleBand;
use crate::ui::entry_field::EntryField;
use crate::ui::icon::Icon;

const TROUBLE: &str = "rest-trouble";
const FIELD: &str = "rest-code";

#[component]
pub fn RestingPage() -> impl IntoView {
    let notebook = use_notebook();
    let code = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let attempt = Attempt::new();
    let missing = Signal::derive(move || {
        (tried.get() && code.with(|code| code.trim().is_empty())).then(|| "Il manque le code.".to_owned())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = code.get_untracked().trim().to_owned();
        tried.set(true);
        if attempt.busy.get_untracked() || typed.is_empty() {
            page::focus(FIELD);
            return;
        }
        attempt.leave(async move {
            // When it is right, or was the last try, this page and its signals are gone.
            notebook.wake(typed).await.inspect_err(|_| {
                tried.try_set(false);
                code.try_set(String::new());
                page::focus(FIELD);
            })
        });
    };
    view! {
        <Entry title="Carnet en pause" focus=FIELD>
            <form class="entry-card unlock" autocomplete="off" on:submit=submit
                aria-busy=attempt.aria_busy() novalidate=true>
                <h1 id="title" tabindex="-1">"Carnet en pause"</h1>
                <p>"Cinq minutes ont passé sans un geste. Vos saisies sont gardées. Entrez votre code pour reprendre où vous étiez."</p>
                <TroubleBand id=TROUBLE trouble=attempt.trouble/>
                <EntryField id=FIELD label="Votre code à six chiffres" value=code autocomplete="off" secret=true digits=true
                    described_by=TROUBLE error=missing/>
                <Submit busy=attempt.busy words="Reprendre"/>
                <button class="quiet" type="button" on:click=move |_| notebook.lock()>
                    <Icon name=Glyph::Lock/>"Ouvrir autrement"
                </button>
            </form>
        </Entry>
    }
}
