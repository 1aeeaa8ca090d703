//! Opening the notebook again, with or without the network; and getting back in when the passphrase is forgotten.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::doorstep::{FarewellBand, WaitingHere};
use super::gate::{Entry, PublicLink};
use super::passphrase::{ChosenPassphrase, PassphraseChoice};
use super::sign_in::{BackToPassword, refuse, wanted};
use crate::notebook::{Coming, Trouble, WhyLocked, use_notebook};
use crate::platform::{device, page};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::code_step::{CodeField, CodeStep};
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
        if busy.get_untracked() || passphrase.with_untracked(|typed| typed.trim().is_empty()) {
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

/// A full sign-in gives the recovery key back: a forgotten passphrase loses nothing.
#[component]
fn Recover(forgotten: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let choice = PassphraseChoice::new();
    let step = CodeStep::new();
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
        if step.misses() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let coming = Coming {
                login: login.get_untracked().trim().to_owned(),
                password: password.get_untracked(),
                code: step.code(),
                device_name: device::proposed_name().to_owned(),
            };
            if let Err(refused) = notebook.recover(coming.clone(), passphrase).await {
                refuse(notebook, coming, refused, step, busy, trouble, "password").await;
            }
        });
    };
    let fields = move || {
        if step.asked() {
            view! {
                <p>"Le mot de passe est bon. Il reste le code."</p>
                <TroubleBand id="recover-trouble" trouble/>
                <CodeField step described_by="recover-trouble"/>
            }
            .into_any()
        } else {
            view! {
                <p>"Rien n’est perdu. Connectez-vous avec le réseau, puis choisissez une nouvelle phrase."</p>
                <TroubleBand id="recover-trouble" trouble/>
                <EntryField id="login" label="Identifiant" value=login autocomplete="username"
                    described_by="recover-trouble" error=wanted(tried, login, "Il manque l’identifiant.")/>
                <EntryField id="password" label="Mot de passe" value=password autocomplete="current-password" secret=true
                    described_by="recover-trouble" error=wanted(tried, password, "Il manque le mot de passe.")/>
                <ChosenPassphrase choice/>
            }
            .into_any()
        }
    };
    view! {
        <Entry title="Phrase oubliée" focus="login">
            <form class="entry-card" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
                <h1 id="title" tabindex="-1">{move || if step.asked() { "Votre code" } else { "Phrase oubliée" }}</h1>
                {fields}
                <button class="main-button wide" type="submit">
                    {move || if busy.get() { "Un instant…" } else { "Retrouver mon carnet" }}
                </button>
                {move || step.asked().then(|| view! { <BackToPassword step trouble/> })}
                <button class="quiet" type="button" on:click=move |_| forgotten.set(false)>"Revenir"</button>
            </form>
        </Entry>
    }
}
