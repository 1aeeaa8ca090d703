//! Enrolling this browser, once, with the network: the password, then the code.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::doorstep::FarewellBand;
use super::gate::{Entry, PublicLink};
use crate::notebook::{Coming, Notebook, Trouble, use_notebook};
use crate::platform::{device, page};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::code_step::{CodeField, CodeStep, lead_on};
use crate::ui::entry_field::EntryField;

const TROUBLE: &str = "sign-in-trouble";

#[component]
pub fn SignInPage() -> impl IntoView {
    let notebook = use_notebook();
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let device = RwSignal::new(device::proposed_name().to_owned());
    let step = CodeStep::new();
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
        if busy.get_untracked() || step.misses() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let coming = Coming {
                login: login.get_untracked().trim().to_owned(),
                password: password.get_untracked(),
                code: step.code(),
                device_name: device.get_untracked().trim().to_owned(),
            };
            // When it is done the gate changes, and this page with its signals is gone.
            match notebook.sign_in(coming.clone()).await {
                Ok(()) => notebook.read_farewell(),
                Err(refused) => refuse(notebook, coming, refused, step, busy, trouble, "password").await,
            }
        });
    };

    let fields = move || {
        if step.asked() {
            view! {
                <p>"Le mot de passe est bon. Il reste le code."</p>
                <TroubleBand id=TROUBLE trouble/>
                <CodeField step described_by=TROUBLE/>
            }
            .into_any()
        } else {
            view! {
                <p>"La première fois, il faut le réseau. Ensuite, tout marche hors connexion."</p>
                <FarewellBand/>
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
            }
            .into_any()
        }
    };
    view! {
        <Entry title="Se connecter" focus="login">
            <form class="entry-card" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">{move || if step.asked() { "Votre code" } else { "Se connecter" }}</h1>
                {fields}
                <button class="main-button wide" type="submit">
                    {move || match (busy.get(), step.asked()) {
                        (true, _) => "Connexion en cours…",
                        (false, true) => "Continuer",
                        (false, false) => "Se connecter",
                    }}
                </button>
                {move || step.asked().then(|| view! { <BackToPassword step trouble/> })}
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

/// From the code to the password, when it is another account after all.
#[component]
pub fn BackToPassword(step: CodeStep, trouble: RwSignal<Option<Trouble>>) -> impl IntoView {
    let leave = move |_| {
        step.leave();
        trouble.set(None);
        request_animation_frame(|| page::focus("title"));
    };
    view! { <button class="quiet" type="button" on:click=leave>"Changer d’identifiant"</button> }
}

/// What a refused full sign-in does: asks for the code, leads to the page where it is set up, or says why. `focus` is the
/// field of the password.
pub async fn refuse(
    notebook: Notebook,
    coming: Coming,
    refused: Trouble,
    step: CodeStep,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    focus: &'static str,
) {
    let Some(refused) = lead_on(notebook, coming, refused).await else { return };
    // The page may be left meanwhile.
    if busy.try_set(false).is_some() || step.takes(&refused) {
        return;
    }
    trouble.set(Some(refused));
    if step.code().is_some() {
        step.focus();
    } else {
        page::focus(focus);
    }
}

fn is_empty(value: RwSignal<String>) -> bool {
    value.with_untracked(|text| text.trim().is_empty())
}

/// The error of an empty field, from the first attempt on.
pub fn wanted(tried: RwSignal<bool>, value: RwSignal<String>, sentence: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || (tried.get() && value.with(|text| text.trim().is_empty())).then(|| sentence.to_owned()))
}
