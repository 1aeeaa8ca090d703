//! A full sign-in over the open notebook: only exchange waited for it, and the page underneath stays as it is.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::attempt::{Submit, aria_busy};
use super::band::TroubleBand;
use super::credentials::{CredentialFields, Credentials};
use super::dialog::Dialog;
use super::live::live;
use super::psc_door::PscDoor;
use crate::notebook::{Link, use_notebook};

const TROUBLE: &str = "again-trouble";

/// Whether the dialog is open; the shell owns it, any page may open it.
#[derive(Clone, Copy)]
struct SignInAgain(RwSignal<bool>);

/// Makes the dialog reachable from everything below.
pub fn provide_sign_in_again() {
    provide_context(SignInAgain(RwSignal::new(false)));
}

/// A button drawn outside the shell (there is none today) would open nothing rather than stop the application.
fn use_open() -> RwSignal<bool> {
    use_context::<SignInAgain>().map_or_else(|| RwSignal::new(false), |again| again.0)
}

/// « Se connecter », from a notebook that stays open.
#[component]
pub fn SignInAgainButton(class: &'static str) -> impl IntoView {
    let open = use_open();
    view! { <button type="button" class=class aria-haspopup="dialog" on:click=move |_| open.set(true)>"Se connecter"</button> }
}

/// On every page, forms included: it interrupts nothing.
#[component]
pub fn ExpiredBanner() -> impl IntoView {
    let weather = use_notebook().weather();
    let expired = Memo::new(move |_| weather.with(|weather| weather.link == Link::Expired));
    live(move || {
        expired.get().then(|| {
            view! {
                <div class="banner update" role="status">
                    <p>"Connexion à refaire. Vos saisies sont gardées ici."</p>
                    <SignInAgainButton class="quiet nowrap"/>
                </div>
            }
        })
    })
}

/// Once, in the shell.
#[component]
pub fn SignInAgainDialog() -> impl IntoView {
    let open = use_open();
    view! {
        <Dialog open=open title="Se connecter à nouveau">
            // Made anew at each opening: nothing typed stays behind.
            {move || open.get().then(|| view! { <Again open/> })}
        </Dialog>
    }
}

#[component]
fn Again(open: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let credentials = Credentials::new(["again-login", "again-password"]);
    let Credentials { busy, trouble, .. } = credentials;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !credentials.ready() || credentials.step.misses() {
            return;
        }
        spawn_local(async move {
            let coming = credentials.begin("");
            match notebook.sign_in_again(coming.clone()).await {
                Ok(()) => open.set(false),
                Err(refused) => credentials.refuse(notebook, coming, refused).await,
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit aria-busy=aria_busy(busy) novalidate=true>
            <p>"Il faut le réseau. La page où vous étiez reste comme elle est, et tout ce qui est écrit est gardé."</p>
            <PscDoor id="again-psc-trouble" after="Avec Pro Santé Connect, ce carnet se verrouille pendant l’identification\u{a0}; il se rouvre où vous étiez."/>
            <TroubleBand id=TROUBLE trouble/>
            <CredentialFields credentials described_by=TROUBLE/>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| open.set(false)>"Plus tard"</button>
                <Submit busy words="Se connecter" waiting="Connexion en cours…" class="main-button"/>
            </div>
        </form>
    }
}
