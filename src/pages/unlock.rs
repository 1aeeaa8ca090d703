//! Opening the notebook again, with or without the network; and getting back in when the passphrase is forgotten.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::gate::{Entry, PublicLink};
use super::passphrase::{ChosenPassphrase, PassphraseChoice};
use super::sign_in::wanted;
use crate::notebook::{Trouble, use_notebook};
use crate::platform::page;
use crate::ui::band::TroubleBand;
use crate::ui::entry_field::EntryField;

#[component]
pub fn UnlockPage() -> impl IntoView {
    let forgotten = RwSignal::new(false);
    move || {
        if forgotten.get() {
            view! { <Recover forgotten/> }.into_any()
        } else {
            view! { <Unlock forgotten/> }.into_any()
        }
    }
}

#[component]
fn Unlock(forgotten: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let passphrase = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if busy.get_untracked() || passphrase.with_untracked(|typed| typed.trim().is_empty()) {
            page::focus("passphrase");
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            if let Err(refused) = notebook.unlock(passphrase.get_untracked()).await {
                busy.try_set(false);
                trouble.try_set(Some(refused));
                page::focus("passphrase");
            }
        });
    };
    view! {
        <Entry title="Carnet verrouillé" focus="passphrase">
            <form class="entry-card unlock" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">"Carnet verrouillé"</h1>
                <p>"Vos saisies sont gardées et protégées. Entrez votre phrase de passe pour reprendre où vous étiez."</p>
                <TroubleBand id="unlock-trouble" trouble/>
                <EntryField id="passphrase" label="Phrase de passe" value=passphrase autocomplete="current-password"
                    secret=true described_by="unlock-trouble"
                    error=wanted(tried, passphrase, "Il manque la phrase de passe.")/>
                <button class="main-button wide" type="submit">
                    {move || if busy.get() { "Ouverture…" } else { "Ouvrir mon carnet" }}
                </button>
                <button class="quiet" type="button" on:click=move |_| forgotten.set(true)>"Phrase oubliée"</button>
                <button class="quiet" type="button" on:click=move |_| notebook.other_account()>"Utiliser un autre compte"</button>
            </form>
            <PublicLink/>
        </Entry>
    }
}

/// A full sign-in gives the recovery key back: a forgotten passphrase loses nothing.
#[component]
fn Recover(forgotten: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let choice = PassphraseChoice::new();
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        for (id, value) in [("login", login), ("password", password)] {
            if value.with_untracked(|text| text.trim().is_empty()) {
                page::focus(id);
                return;
            }
        }
        if busy.get_untracked() {
            return;
        }
        let Some(passphrase) = choice.settled() else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let login = login.get_untracked().trim().to_owned();
            let done = notebook.recover(login, password.get_untracked(), "Ma tablette".to_owned(), passphrase).await;
            if let Err(refused) = done {
                busy.try_set(false);
                trouble.try_set(Some(refused));
                page::focus("password");
            }
        });
    };
    view! {
        <Entry title="Phrase oubliée" focus="login">
            <form class="entry-card" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">"Phrase oubliée"</h1>
                <p>"Rien n’est perdu. Connectez-vous avec le réseau, puis choisissez une nouvelle phrase."</p>
                <TroubleBand id="recover-trouble" trouble/>
                <EntryField id="login" label="Identifiant" value=login autocomplete="username"
                    described_by="recover-trouble" error=wanted(tried, login, "Il manque l’identifiant.")/>
                <EntryField id="password" label="Mot de passe" value=password autocomplete="current-password" secret=true
                    described_by="recover-trouble" error=wanted(tried, password, "Il manque le mot de passe.")/>
                <ChosenPassphrase choice/>
                <button class="main-button wide" type="submit">
                    {move || if busy.get() { "Un instant…" } else { "Retrouver mon carnet" }}
                </button>
                <button class="quiet" type="button" on:click=move |_| forgotten.set(false)>"Revenir"</button>
            </form>
        </Entry>
    }
}
