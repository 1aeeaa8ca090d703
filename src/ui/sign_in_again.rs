//! A full sign-in over the open notebook: only exchange waited for it, and the page underneath stays as it is.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::band::TroubleBand;
use super::code_step::{CodeField, CodeStep, lead_on};
use super::dialog::Dialog;
use super::entry_field::EntryField;
use crate::notebook::{Coming, Link, Trouble, use_notebook};
use crate::platform::page;

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
    move || {
        expired.get().then(|| {
            view! {
                <div class="banner update" role="status">
                    <p>"Connexion à refaire. Vos saisies sont gardées ici."</p>
                    <SignInAgainButton class="quiet nowrap"/>
                </div>
            }
        })
    }
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
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let step = CodeStep::new();
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        for (id, value) in [("again-login", login), ("again-password", password)] {
            if value.with_untracked(|text| text.trim().is_empty()) {
                page::focus(id);
                return;
            }
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
                device_name: String::new(),
            };
            let refused = match notebook.sign_in_again(coming.clone()).await {
                Ok(()) => return open.set(false),
                Err(refused) => refused,
            };
            let Some(refused) = lead_on(notebook, coming, refused).await else { return };
            // The dialog may be closed meanwhile.
            if busy.try_set(false).is_some() || step.takes(&refused) {
                return;
            }
            trouble.set(Some(refused));
            if step.code().is_some() { step.focus() } else { page::focus("again-password") }
        });
    };
    let missing = move |value: RwSignal<String>, sentence: &'static str| {
        Signal::derive(move || (tried.get() && value.with(|text| text.trim().is_empty())).then(|| sentence.to_owned()))
    };
    let fields = move || {
        if step.asked() {
            view! { <CodeField step described_by=TROUBLE/> }.into_any()
        } else {
            view! {
                <EntryField id="again-login" label="Identifiant" value=login autocomplete="username" described_by=TROUBLE
                    error=missing(login, "Il manque l’identifiant.")/>
                <EntryField id="again-password" label="Mot de passe" value=password autocomplete="current-password" secret=true
                    described_by=TROUBLE error=missing(password, "Il manque le mot de passe.")/>
            }
            .into_any()
        }
    };
    view! {
        <form class="stack" on:submit=submit aria-busy=move || busy.get().to_string() novalidate=true>
            <p>"Il faut le réseau. La page où vous étiez reste comme elle est, et tout ce qui est écrit est gardé."</p>
            <TroubleBand id=TROUBLE trouble/>
            {fields}
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| open.set(false)>"Plus tard"</button>
                <button type="submit" class="main-button">
                    {move || if busy.get() { "Connexion en cours…" } else { "Se connecter" }}
                </button>
            </div>
        </form>
    }
}
