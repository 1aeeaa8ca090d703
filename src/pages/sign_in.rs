//! Enrolling this browser, once, with the network: the password, then the code.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::doorstep::FarewellBand;
use super::gate::{Entry, PublicLink};
use super::notice::NoticeLinks;
use crate::notebook::{Trouble, use_notebook};
use crate::platform::{device, page};
use crate::ui::attempt::aria_busy;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::code_step::CodeStep;
use crate::ui::credentials::{CredentialFields, Credentials};
use crate::ui::entry_field::{EntryField, is_empty, wanted};
use crate::ui::psc_door::PscDoor;

const TROUBLE: &str = "sign-in-trouble";

#[component]
pub fn SignInPage() -> impl IntoView {
    let notebook = use_notebook();
    let device = RwSignal::new(device::proposed_name().to_owned());
    let credentials = Credentials::new(["login", "password"]);
    let Credentials { step, tried, busy, trouble, .. } = credentials;

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !credentials.ready() {
            return;
        }
        if is_empty(device) {
            page::focus("device");
            return;
        }
        if step.misses() {
            return;
        }
        spawn_local(async move {
            let coming = credentials.begin(&device.get_untracked());
            // When it is done the gate changes, and this page with its signals is gone.
            match notebook.sign_in(coming.clone()).await {
                Ok(()) => notebook.read_farewell(),
                Err(refused) => credentials.refuse(notebook, coming, refused).await,
            }
        });
    };

    let said = move || {
        if step.asked() {
            view! { <p>"Le mot de passe est bon. Il reste le code."</p> }.into_any()
        } else {
            view! {
                <p>"La première fois, il faut le réseau. Ensuite, tout marche hors connexion."</p>
                <FarewellBand/>
                {move || notebook.evicted().get().then(|| view! {
                    <Band tone=Tone::Error glyph=Glyph::Alert
                        message="Le navigateur a effacé ce qui était gardé ici. Ce qui avait été envoyé est au serveur, et reviendra. Connectez-vous, puis installez l’application pour l’éviter."/>
                })}
            }
            .into_any()
        }
    };
    let name = move || {
        (!step.asked()).then(|| {
            view! {
                <EntryField id="device" label="Nom de cet appareil" value=device autocomplete="off"
                    hint="Pour le reconnaître dans la liste, par exemple «\u{a0}Tablette bleue\u{a0}»."
                    error=wanted(tried, device, "Il manque un nom.")/>
            }
        })
    };
    view! {
        <Entry title="Se connecter" focus="login">
            <form class="entry-card" on:submit=submit aria-busy=aria_busy(busy) novalidate=true>
                <h1 id="title" tabindex="-1">{move || if step.asked() { "Votre code" } else { "Se connecter" }}</h1>
                {move || said()}
                {move || (!step.asked()).then(|| view! {
                    <PscDoor id="psc-trouble" after="Sans numéro RPPS, utilisez l’identifiant et le mot de passe ci-dessous."/>
                })}
                <TroubleBand id=TROUBLE trouble/>
                <CredentialFields credentials described_by=TROUBLE/>
                {move || name()}
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
            <NoticeLinks/>
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
