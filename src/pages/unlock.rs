//! Opening the notebook again, with or without the network; and getting back in when the passphrase is forgotten.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::doorstep::{FarewellBand, WaitingHere};
use super::gate::{Entry, PublicLink};
use super::passphrase::{ChoosePassphrase, ChosenPassphrase, PassphraseChoice};
use super::sign_in::BackToPassword;
use crate::notebook::{WhyLocked, use_notebook};
use crate::platform::{device, page};
use crate::ui::attempt::{Attempt, Submit, aria_busy};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::credentials::{CredentialFields, Credentials};
use crate::ui::entry_field::{EntryField, is_empty, wanted};
use crate::ui::live::live;
use crate::ui::psc_door::PscDoor;

#[component]
pub fn UnlockPage() -> impl IntoView {
    let forgotten = RwSignal::new(false);
    live(move || {
        if forgotten.get() {
            view! { <Recover forgotten/> }.into_any()
        } else {
            view! { <Unlock forgotten/> }.into_any()
        }
    })
}

#[component]
fn Unlock(forgotten: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let (by_passphrase, by_fingerprint) = notebook.ways_of_all();
    let attempt = Attempt::new();
    let why = move || {
        notebook.why_locked().get().map(|why| match why {
            WhyLocked::Idle => {
                "Le carnet s’est verrouillé après cinq minutes sans geste. Rien n’est perdu. Un code court, à choisir dans \
                 «\u{a0}Plus\u{a0}», évite de taper la phrase à chaque fois."
            }
            WhyLocked::Missed => {
                "Cinq codes n’étaient pas les bons, et le carnet s’est verrouillé. Vos saisies sont gardées. Ouvrez-le comme \
                 au démarrage."
            }
        })
    };
    let focus = if by_passphrase && !by_fingerprint { PASSPHRASE } else { "title" };
    view! {
        <Entry title="Carnet verrouillé" focus=focus>
            <div class="entry-card unlock" aria-busy=attempt.aria_busy()>
                <h1 id="title" tabindex="-1">"Carnet verrouillé"</h1>
                {notebook.has_arrived().then(|| view! {
                    <Band tone=Tone::Notice glyph=Glyph::Check
                        message="Identification faite. Vos saisies sont gardées ici. Ouvrez votre carnet\u{a0}: il échangera à nouveau."/>
                })}
                {move || why().map(|message| view! { <Band tone=Tone::Notice glyph=Glyph::Lock message/> })}
                <FarewellBand/>
                <WaitingHere/>
                <TroubleBand id=TROUBLE trouble=attempt.trouble/>
                {by_fingerprint.then(|| view! { <WithFingerprint attempt/> })}
                {by_passphrase.then(|| view! { <WithPassphrase attempt alone=!by_fingerprint/> })}
                <button class="quiet" type="button" on:click=move |_| forgotten.set(true)>
                    {if by_passphrase { "Phrase oubliée" } else { "L’empreinte ne marche plus" }}
                </button>
                <button class="quiet" type="button" on:click=move |_| notebook.other_account()>"Utiliser un autre compte"</button>
            </div>
            <PublicLink/>
        </Entry>
    }
}

const TROUBLE: &str = "unlock-trouble";
const PASSPHRASE: &str = "passphrase";

#[component]
fn WithFingerprint(attempt: Attempt) -> impl IntoView {
    let notebook = use_notebook();
    let touch = move |_| {
        attempt
            .leave(async move { notebook.unlock_by_fingerprint().await.inspect_err(|_| page::focus("fingerprint")) });
    };
    view! {
        <p>"Vos saisies sont gardées et protégées. Votre empreinte, votre visage ou le code de l’appareil les ouvre."</p>
        <button class="main-button wide" type="button" id="fingerprint" on:click=touch>"Ouvrir avec l’empreinte"</button>
    }
}

#[component]
fn WithPassphrase(attempt: Attempt, alone: bool) -> impl IntoView {
    let notebook = use_notebook();
    let passphrase = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if attempt.busy.get_untracked() || is_empty(passphrase) {
            page::focus(PASSPHRASE);
            return;
        }
        let typed = passphrase.get_untracked();
        attempt.leave(async move { notebook.unlock(typed).await.inspect_err(|_| page::focus(PASSPHRASE)) });
    };
    let words = if alone {
        "Vos saisies sont gardées et protégées. Entrez votre phrase de passe pour reprendre où vous étiez."
    } else {
        "Ou entrez votre phrase de passe."
    };
    view! {
        <form on:submit=submit novalidate=true>
            <p>{words}</p>
            <EntryField id=PASSPHRASE label="Phrase de passe" value=passphrase autocomplete="current-password"
                secret=true described_by=TROUBLE error=wanted(tried, passphrase, "Il manque la phrase de passe.")/>
            <Submit busy=attempt.busy words="Ouvrir mon carnet" waiting="Ouverture…"
                class=if alone { "main-button wide" } else { "second-button wide" }/>
        </form>
    }
}

/// A full sign-in gives the recovery key back: a forgotten passphrase loses nothing. It may be made already, through Pro
/// Santé Connect.
#[component]
fn Recover(forgotten: RwSignal<bool>) -> impl IntoView {
    if use_notebook().has_arrived() {
        view! { <ChooseAnother forgotten/> }.into_any()
    } else {
        view! { <RecoverBySignIn forgotten/> }.into_any()
    }
}

/// Who she is is known: the new passphrase alone is wanted.
#[component]
fn ChooseAnother(forgotten: RwSignal<bool>) -> impl IntoView {
    view! {
        <Entry title="Phrase oubliée">
            <ChoosePassphrase title="Phrase oubliée" does="Retrouver mon carnet"
                words="Rien n’est perdu. Vous êtes identifié\u{a0}: choisissez une nouvelle phrase."
                chosen=|notebook, passphrase| Box::pin(notebook.recover_arrived(passphrase))>
                <button class="quiet" type="button" on:click=move |_| forgotten.set(false)>"Revenir"</button>
            </ChoosePassphrase>
        </Entry>
    }
}

#[component]
fn RecoverBySignIn(forgotten: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let choice = PassphraseChoice::new();
    let credentials = Credentials::new(["login", "password"]);
    let Credentials { step, busy, trouble, .. } = credentials;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !credentials.ready() {
            return;
        }
        let Some(passphrase) = choice.settled() else { return };
        if step.misses() {
            return;
        }
        spawn_local(async move {
            let coming = credentials.begin(device::proposed_name());
            if let Err(refused) = notebook.recover(coming.clone(), passphrase).await {
                credentials.refuse(notebook, coming, refused).await;
            }
        });
    };
    let said = move || {
        if step.asked() {
            "Le mot de passe est bon. Il reste le code."
        } else {
            "Rien n’est perdu. Connectez-vous avec le réseau, puis choisissez une nouvelle phrase."
        }
    };
    view! {
        <Entry title="Phrase oubliée" focus="login">
            <form class="entry-card" on:submit=submit aria-busy=aria_busy(busy) novalidate=true>
                <h1 id="title" tabindex="-1">{move || if step.asked() { "Votre code" } else { "Phrase oubliée" }}</h1>
                <p>{move || said()}</p>
                {move || (!step.asked()).then(|| view! {
                    <PscDoor id="psc-trouble" after="Au retour, touchez «\u{a0}Phrase oubliée\u{a0}» à nouveau. Sans numéro RPPS, continuez ici."/>
                })}
                <TroubleBand id="recover-trouble" trouble/>
                <CredentialFields credentials described_by="recover-trouble"/>
                {move || (!step.asked()).then(|| view! { <ChosenPassphrase choice/> })}
                <Submit busy words="Retrouver mon carnet"/>
                {move || step.asked().then(|| view! { <BackToPassword step trouble/> })}
                <button class="quiet" type="button" on:click=move |_| forgotten.set(false)>"Revenir"</button>
            </form>
        </Entry>
    }
}
