//! Enrolling this browser, once, with the network.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::gate::{Entry, PublicLink};
use crate::notebook::{Trouble, use_notebook};
use crate::platform::page;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::entry_field::EntryField;

const TROUBLE: &str = "sign-in-trouble";

#[component]
pub fn SignInPage() -> impl IntoView {
    let notebook = use_notebook();
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let device = RwSignal::new("Ma tablette".to_owned());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if let Some(empty) = [("login", login), ("password", password), ("device", device)]
            .into_iter()
            .find_map(|(id, value)| is_empty(value).then_some(id))
        {
            page::focus(empty);
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let (login, name) = (login.get_untracked().trim().to_owned(), device.get_untracked().trim().to_owned());
            let done = notebook.sign_in(login, password.get_untracked(), name).await;
            // When it is done the gate changes, and this page with its signals is gone.
            if let Err(refused) = done {
                busy.try_set(false);
                trouble.try_set(Some(refused));
                page::focus("password");
            }
        });
    };

    view! {
        <Entry title="Se connecter" focus="login">
            <form class="entry-card" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">"Se connecter"</h1>
                <p>"La première fois, il faut le réseau. Ensuite, tout marche hors connexion."</p>
                {move || notebook.evicted().get().then(|| view! {
                    <Band tone=Tone::Error glyph=Glyph::Alert
                        message="Le navigateur a effacé ce qui était gardé ici. Ce qui avait été envoyé est au serveur, et reviendra. Connectez-vous, puis installez l’application pour l’éviter."/>
                })}
                <TroubleBand id=TROUBLE trouble/>
                <EntryField id="login" label="Identifiant" value=login autocomplete="username"
                    described_by=TROUBLE error=wanted(tried, login, "Il manque l’identifiant.")/>
                <EntryField id="password" label="Mot de passe" value=password autocomplete="current-password" secret=true
                    described_by=TROUBLE error=wanted(tried, password, "Il manque le mot de passe.")/>
                <EntryField id="device" label="Nom de cet appareil" value=device autocomplete="off"
                    hint="Pour le reconnaître dans la liste, par exemple «\u{a0}Tablette bleue\u{a0}»."
                    error=wanted(tried, device, "Il manque un nom.")/>
                <button class="main-button wide" type="submit">
                    {move || if busy.get() { "Connexion en cours…" } else { "Se connecter" }}
                </button>
                {notebook.enrolled().then(|| view! {
                    <button class="quiet" type="button" on:click=move |_| notebook.cancel_sign_in()>
                        "Revenir au carnet verrouillé"
                    </button>
                })}
            </form>
            <PublicLink/>
        </Entry>
    }
}

fn is_empty(value: RwSignal<String>) -> bool {
    value.with_untracked(|text| text.trim().is_empty())
}

/// The error of an empty field, from the first attempt on.
pub fn wanted(tried: RwSignal<bool>, value: RwSignal<String>, sentence: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || (tried.get() && value.with(|text| text.trim().is_empty())).then(|| sentence.to_owned()))
}
