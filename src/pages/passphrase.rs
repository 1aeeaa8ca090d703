//! What opens the notebook without the network: the fingerprint, or a sentence.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::gate::Entry;
use super::opening_ways::Shared;
use crate::notebook::{Notebook, use_notebook};
use crate::platform::page;
use crate::ui::attempt::{Attempt, Submit, Work};
use crate::ui::band::TroubleBand;
use crate::ui::entry_field::EntryField;
use crate::ui::icon::Icon;
use crate::ui::live::live;

/// Characters of one's own passphrase, at least.
const SHORTEST: usize = 12;

/// What will open the notebook from now on: the fingerprint first, where this machine knows one and is hers alone.
#[component]
pub fn ChoosePassphrasePage() -> impl IntoView {
    let notebook = use_notebook();
    let offered = notebook.fingerprint_offered();
    // Whoever opens a shared machine would open every notebook that the machine opens.
    let shared = notebook.enrolled();
    let by_finger = RwSignal::new(!shared);
    live(move || {
        if offered.get() && by_finger.get() {
            view! { <ByFingerprint by_finger shared/> }.into_any()
        } else {
            view! { <ByPassphrase by_finger offered/> }.into_any()
        }
    })
}

#[component]
fn ByFingerprint(by_finger: RwSignal<bool>, shared: bool) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    let choose = move |_| attempt.leave(notebook.choose_fingerprint());
    view! {
        <Entry title="Ouvrir avec l’empreinte">
            <div class="entry-card" aria-busy=attempt.aria_busy()>
                <h1 id="title" tabindex="-1">"Ouvrir avec l’empreinte"</h1>
                <p>
                    "Votre empreinte, votre visage ou le code de l’appareil protégera vos saisies et les ouvrira, même hors "
                    "connexion. Votre doigt et votre visage ne quittent pas l’appareil."
                </p>
                {shared.then(|| view! { <Shared/> })}
                <TroubleBand id="fingerprint-trouble" trouble=attempt.trouble/>
                <button class="main-button wide" type="button" on:click=choose>
                    {move || if attempt.busy.get() { "L’appareil vous attend…" } else { "Utiliser l’empreinte" }}
                </button>
                <button class="second-button wide" type="button" on:click=move |_| by_finger.set(false)>
                    "Choisir une phrase de passe"
                </button>
            </div>
        </Entry>
    }
}

#[component]
fn ByPassphrase(by_finger: RwSignal<bool>, offered: Signal<bool>) -> impl IntoView {
    view! {
        <Entry title="Choisir la phrase de passe">
            <ChoosePassphrase title="Votre phrase de passe" does="Ouvrir mon carnet"
                words="Elle protège vos saisies sur cet appareil. Elle vous sera demandée à chaque ouverture, même hors connexion."
                chosen=|notebook, passphrase| Box::pin(notebook.choose_passphrase(passphrase))>
                {move || offered.get().then(|| view! {
                    <button class="quiet" type="button" on:click=move |_| by_finger.set(true)>"Ouvrir plutôt avec l’empreinte"</button>
                })}
            </ChoosePassphrase>
        </Entry>
    }
}

/// The form of a passphrase that is chosen and opens the notebook; the children are the other ways out.
#[component]
pub fn ChoosePassphrase(
    title: &'static str,
    words: &'static str,
    does: &'static str,
    chosen: fn(Notebook, String) -> Work,
    children: Children,
) -> impl IntoView {
    let notebook = use_notebook();
    let choice = PassphraseChoice::new();
    let attempt = Attempt::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if attempt.busy.get_untracked() {
            return;
        }
        let Some(passphrase) = choice.settled() else { return };
        attempt.leave(chosen(notebook, passphrase));
    };
    view! {
        <form class="entry-card" on:submit=submit aria-busy=attempt.aria_busy() novalidate=true>
            <h1 id="title" tabindex="-1">{title}</h1>
            <p>{words}</p>
            <TroubleBand id="passphrase-trouble" trouble=attempt.trouble/>
            <ChosenPassphrase choice/>
            <Submit busy=attempt.busy words=does/>
            {children()}
        </form>
    }
}

/// Four words drawn for the person, or a sentence of her own: one or the other, checked.
#[derive(Clone, Copy)]
pub struct PassphraseChoice {
    own: RwSignal<bool>,
    proposed: RwSignal<String>,
    noted: RwSignal<bool>,
    typed: RwSignal<String>,
    again: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl PassphraseChoice {
    #[must_use]
    pub fn new() -> Self {
        Self {
            own: RwSignal::new(false),
            proposed: RwSignal::new(String::new()),
            noted: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            again: RwSignal::new(String::new()),
            tried: RwSignal::new(false),
        }
    }

    /// The passphrase once it is right; else the errors appear and the first wrong field has the focus.
    pub fn settled(self) -> Option<String> {
        self.tried.set(true);
        if !self.own.get_untracked() {
            let words = self.proposed.get_untracked();
            let ready = self.noted.get_untracked() && !words.is_empty();
            if !ready {
                page::focus("noted");
            }
            return ready.then_some(words);
        }
        let typed = self.typed.get_untracked();
        if too_short(&typed) {
            page::focus("new-passphrase");
            return None;
        }
        if typed != self.again.get_untracked() {
            page::focus("again");
            return None;
        }
        Some(typed)
    }
}

#[component]
pub fn ChosenPassphrase(choice: PassphraseChoice) -> impl IntoView {
    live(move || {
        if choice.own.get() {
            view! { <OwnPassphrase choice/> }.into_any()
        } else {
            view! { <ProposedPassphrase choice/> }.into_any()
        }
    })
}

#[component]
fn ProposedPassphrase(choice: PassphraseChoice) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    let propose = move || {
        attempt.run(async move {
            let words = notebook.propose_passphrase().await?;
            choice.noted.try_set(false);
            choice.proposed.try_set(words);
            Ok(())
        });
    };
    if choice.proposed.with_untracked(String::is_empty) {
        propose();
    }
    let words = move || {
        choice.proposed.with(|words| {
            words.split_whitespace().map(|word| view! { <span>{word.to_owned()}</span>" " }).collect_view()
        })
    };
    let missing = move || choice.tried.get() && !choice.noted.get();
    view! {
        <p>"Nous vous proposons ces quatre mots, tirés au sort."</p>
        <TroubleBand id="proposal-trouble" trouble=attempt.trouble/>
        <p class="passphrase" aria-live="polite">{move || words()}</p>
        <div class="actions">
            <button class="second-button" type="button" on:click=move |_| propose()>"Proposer d’autres mots"</button>
            <button class="quiet" type="button" on:click=move |_| choice.own.set(true)>"Choisir ma propre phrase"</button>
        </div>
        <label class="check">
            <input id="noted" type="checkbox" bind:checked=choice.noted
                aria-invalid=move || missing().then_some("true")
                aria-describedby=move || missing().then_some("noted-error")/>
            <span>"Je l’ai notée, et je ne la laisse pas avec l’appareil"</span>
        </label>
        {move || missing().then(|| view! {
            <p class="field-error" id="noted-error"><Icon name=Glyph::Alert/>"Notez les quatre mots, puis cochez la case."</p>
        })}
    }
}

#[component]
fn OwnPassphrase(choice: PassphraseChoice) -> impl IntoView {
    let short = Signal::derive(move || {
        (choice.tried.get() && choice.typed.with(|typed| too_short(typed)))
            .then(|| "Cette phrase est trop courte. Ajoutez un ou deux mots.".to_owned())
    });
    let differs = Signal::derive(move || {
        (choice.tried.get() && choice.typed.get() != choice.again.get())
            .then(|| "Les deux phrases ne sont pas pareilles. Tapez-la à nouveau.".to_owned())
    });
    view! {
        <EntryField id="new-passphrase" label="Votre phrase" value=choice.typed autocomplete="new-password" secret=true
            hint="Douze caractères au moins\u{202f}; plusieurs mots valent mieux qu’un seul." error=short/>
        <EntryField id="again" label="La même, une seconde fois" value=choice.again autocomplete="new-password"
            secret=true error=differs/>
        <button class="quiet" type="button" on:click=move |_| choice.own.set(false)>"Revenir aux quatre mots"</button>
    }
}

fn too_short(passphrase: &str) -> bool {
    passphrase.trim().chars().count() < SHORTEST
}

#[cfg(test)]
mod tests {
    use super::too_short;

    #[test]
    fn spaces_around_do_not_lengthen_it() {
        assert!(too_short("onze lettre"));
        assert!(too_short("  onze lettre  "));
        assert!(!too_short("douze lettre"));
        assert!(!too_short("été à Foix ♥"));
    }
}
