//! Opening the notebook again, with or without the network; and getting back in when the passphrase is forgotten.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::doorstep::{FarewellBand, WaitingHere};
use super::gate::{Entry, PublicLink};
use super::passphrase::{ChosenPassphrase, PassphraseChoice};
use super::sign_in::BackToPassword;
use crate::notebook::{Trouble, WhyLocked, use_notebook};
use crate::platform::{device, page};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::credentials::{CredentialFields, Credentials};
use crate::ui::entry_field::{EntryField, is_empty, wanted};
use crate::ui::psc_door::PscDoor;

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
    let (by_passphrase, by_fingerprint) = notebook.ways_of_all();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
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
            <div class="entry-card unlock" aria-busy=move || busy.get().to_string()>
                <h1 id="title" tabindex="-1">"Carnet verrouillé"</h1>
                {notebook.has_arrived().then(|| view! {
                    <Band tone=Tone::Notice glyph=Glyph::Check
                        message="Identification faite. Vos saisies sont gardées ici. Ouvrez votre carnet\u{a0}: il échangera à nouveau."/>
                })}
                {move || why().map(|message| view! { <Band tone=Tone::Notice glyph=Glyph::Lock message/> })}
                <FarewellBand/>
                <WaitingHere/>
                <TroubleBand id=TROUBLE trouble/>
                {by_fingerprint.then(|| view! { <WithFingerprint busy trouble/> })}
                {by_passphrase.then(|| view! { <WithPassphrase busy trouble alone=!by_fingerprint/> })}
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
fn WithFingerprint(busy: RwSignal<bool>, trouble: RwSignal<Option<Trouble>>) -> impl IntoView {
    let notebook = use_notebook();
    let touch = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            if let Err(refused) = notebook.unlock_by_fingerprint().await {
                busy.try_set(false);
                trouble.try_set(Some(refused));
                page::focus("fingerprint");
            }
        });
    };
    view! {
        <p>"Vos saisies sont gardées et protégées. Votre empreinte, votre visage ou le code de l’appareil les ouvre."</p>
        <button class="main-button wide" type="button" id="fingerprint" on:click=touch>"Ouvrir avec l’empreinte"</button>
    }
}

#[component]
fn WithPassphrase(busy: RwSignal<bool>, trouble: RwSignal<Option<Trouble>>, alone: bool) -> impl IntoView {
    let notebook = use_notebook();
    let passphrase = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if busy.get_untracked() || is_empty(passphrase) {
            page::focus(PASSPHRASE);
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            if let Err(refused) = notebook.unlock(passphrase.get_untracked()).await {
                busy.try_set(false);
                trouble.try_set(Some(refused));
                page::focus(PASSPHRASE);
            }
        });
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
            <button class=if alone { "main-button wide" } else { "second-button wide" } type="submit">
                {move || if busy.get() { "Ouverture…" } else { "Ouvrir mon carnet" }}
            </button>
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
    let notebook = use_notebook();
    let choice = PassphraseChoice::new();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(passphrase) = choice.settled() else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            if let Err(refused) = notebook.recover_arrived(passphrase).await {
                busy.try_set(false);
                trouble.try_set(Some(refused));
            }
        });
    };
    view! {
        <Entry title="Phrase oubliée">
            <form class="entry-card" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">"Phrase oubliée"</h1>
                <p>"Rien n’est perdu. Vous êtes identifié\u{a0}: choisissez une nouvelle phrase."</p>
                <TroubleBand id="recover-trouble" trouble/>
                <ChosenPassphrase choice/>
                <button class="main-button wide" type="submit">
                    {move || if busy.get() { "Un instant…" } else { "Retrouver mon carnet" }}
                </button>
                <button class="quiet" type="button" on:click=move |_| forgotten.set(false)>"Revenir"</button>
            </form>
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
            <form class="entry-card" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">{move || if step.asked() { "Votre code" } else { "Phrase oubliée" }}</h1>
                <p>{said}</p>
                {move || (!step.asked()).then(|| view! {
                    <PscDoor id="psc-trouble" after="Au retour, touchez «\u{a0}Phrase oubliée\u{a0}» à nouveau. Sans numéro RPPS, continuez ici."/>
                })}
                <TroubleBand id="recover-trouble" trouble/>
                <CredentialFields credentials described_by="recover-trouble"/>
                {move || (!step.asked()).then(|| view! { <ChosenPassphrase choice/> })}
                <button class="main-button wide" type="submit">
                    {move || if busy.get() { "Un instant…" } else { "Retrouver mon carnet" }}
                </button>
                {move || step.asked().then(|| view! { <BackToPassword step trouble/> })}
                <button class="quiet" type="button" on:click=move |_| forgotten.set(false)>"Revenir"</button>
            </form>
        </Entry>
    }
}
