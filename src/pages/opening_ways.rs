//! What opens this notebook: the passphrase, the fingerprint, and the short code after a pause.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::passphrase::{ChosenPassphrase, PassphraseChoice};
use crate::notebook::{Notebook, Trouble, WaysIn, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::{Attempt, Submit, Work};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::entry_field::EntryField;
use crate::ui::entry_field::wanted;
use crate::ui::page::{Below, Page};

const TROUBLE: &str = "ways-trouble";
/// The present passphrase.
const PRESENT: &str = "present";
const CODE: &str = "new-code";
const AGAIN: &str = "new-code-again";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Ways {
    notebook: Notebook,
    /// As they are on the disk.
    ways: RwSignal<Option<WaysIn>>,
    /// The form that is open.
    task: RwSignal<Option<Task>>,
    attempt: Attempt,
    /// What has just been done.
    done: RwSignal<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Passphrase,
    Fingerprint,
    Code,
}

impl Ways {
    async fn read(self) -> Result<(), Trouble> {
        let ways = self.notebook.ways_in().await?;
        // A form is not drawn again under her hands for nothing.
        if self.ways.try_get_untracked() != Some(Some(ways)) {
            self.ways.try_set(Some(ways));
        }
        Ok(())
    }

    fn begin(self, task: Option<Task>, focus: &'static str) {
        self.task.set(task);
        self.attempt.trouble.set(None);
        self.done.set("");
        request_animation_frame(move || page::focus(focus));
    }

    /// One change at a time: what became of it is said, and what is true now is read again.
    fn run(self, said: &'static str, focus: &'static str, change: Work) {
        self.attempt.run(async move {
            self.done.try_set("");
            let outcome = change.await;
            let read = self.read().await;
            if outcome.is_ok() {
                self.task.try_set(None);
                self.done.try_set(said);
            }
            page::focus(if outcome.is_ok() { "title" } else { focus });
            outcome.and(read)
        });
    }

    fn is(self, what: impl Fn(WaysIn) -> bool) -> bool {
        self.ways.get().is_some_and(what)
    }
}

#[component]
pub fn OpeningWaysPage() -> impl IntoView {
    let ways = Ways {
        notebook: use_notebook(),
        ways: RwSignal::new(None),
        task: RwSignal::new(None),
        attempt: Attempt::new(),
        done: RwSignal::new(""),
    };
    ways.attempt.read(ways.read());
    view! {
        <Page title="Ouverture du carnet">
            <Below back=(route::MORE, "Plus") title="Ouverture du carnet">
                <p class="second" role="status">{move || ways.done.get()}</p>
            </Below>
            <TroubleBand id=TROUBLE trouble=ways.attempt.trouble/>
            {move || ways.ways.with(Option::is_some).then(|| view! {
                <Passphrase ways/>
                <Fingerprint ways/>
                <Code ways/>
            })}
        </Page>
    }
}

#[component]
fn Passphrase(ways: Ways) -> impl IntoView {
    let has = move || ways.is(|ways| ways.passphrase);
    view! {
        <h2>"Phrase de passe"</h2>
        {move || match (ways.task.get() == Some(Task::Passphrase), has()) {
            (true, _) => view! { <NewPassphrase ways/> }.into_any(),
            (false, true) => view! {
                <p>"Elle ouvre ce carnet sur cet appareil, avec ou sans réseau."</p>
                <div class="actions">
                    <button type="button" class="second-button"
                        on:click=move |_| ways.begin(Some(Task::Passphrase), PRESENT)>"Changer la phrase"</button>
                </div>
            }.into_any(),
            (false, false) => view! {
                <p>"Vous n’en avez pas\u{a0}: l’empreinte seule ouvre ce carnet. Une phrase servira si l’empreinte fait défaut."</p>
                <div class="actions">
                    <button type="button" class="second-button"
                        on:click=move |_| ways.begin(Some(Task::Passphrase), "title")>"Ajouter une phrase"</button>
                </div>
            }.into_any(),
        }}
    }
}

/// The present way in, then the new passphrase.
#[component]
fn NewPassphrase(ways: Ways) -> impl IntoView {
    let there = ways.ways.get_untracked();
    let (passphrase, fingerprint) = there.map_or((true, false), |ways| (ways.passphrase, ways.fingerprint));
    let by_finger = RwSignal::new(!passphrase);
    let present = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let choice = PassphraseChoice::new();
    let notebook = ways.notebook;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let finger = by_finger.get_untracked();
        if !finger && present.with_untracked(|typed| typed.trim().is_empty()) {
            page::focus(PRESENT);
            return;
        }
        let Some(new) = choice.settled() else { return };
        let present = (!finger).then(|| present.get_untracked());
        let change = async move { notebook.change_passphrase(present.as_deref(), &new).await };
        ways.run("La phrase est changée. L’ancienne n’ouvre plus ce carnet.", PRESENT, Box::pin(change));
    };
    view! {
        <form autocomplete="off" class="ways" on:submit=submit aria-busy=ways.attempt.aria_busy() novalidate=true>
            {move || if by_finger.get() {
                view! { <p>"L’appareil vous demandera votre empreinte à la fin."</p> }.into_any()
            } else {
                view! {
                    <EntryField id=PRESENT label="Votre phrase actuelle" value=present autocomplete="current-password" secret=true
                        described_by=TROUBLE error=wanted(tried, present, "Il manque la phrase actuelle.")/>
                    {fingerprint.then(|| view! {
                        <button type="button" class="quiet" on:click=move |_| by_finger.set(true)>
                            "Je l’ai oubliée, passer par l’empreinte"
                        </button>
                    })}
                }.into_any()
            }}
            <h3>"La nouvelle phrase"</h3>
            <ChosenPassphrase choice/>
            <Foot ways does=if passphrase { "Changer la phrase" } else { "Ajouter la phrase" }/>
        </form>
    }
}

#[component]
fn Fingerprint(ways: Ways) -> impl IntoView {
    let notebook = ways.notebook;
    let remove = move |_| {
        let said = "L’empreinte n’ouvre plus ce carnet. L’appareil garde peut-être une clé à ce nom\u{a0}: elle n’ouvre plus rien.";
        ways.run(said, "title", Box::pin(notebook.remove_fingerprint()));
    };
    let state =
        move || {
            let there = ways.ways.get();
            let has = there.is_some_and(|ways| ways.fingerprint);
            match (ways.task.get() == Some(Task::Fingerprint), has) {
            (true, _) => view! { <NewFingerprint ways/> }.into_any(),
            (false, true) => view! {
                <p>"Votre empreinte, votre visage ou le code de l’appareil ouvre ce carnet, avec ou sans réseau."</p>
                <div class="actions">
                    <button type="button" class="second-button" on:click=remove>"Retirer l’empreinte"</button>
                </div>
            }.into_any(),
            (false, false) if notebook.fingerprint_offered().get() => view! {
                <p>"Votre empreinte ouvrirait ce carnet sans taper la phrase. Elle ne quitte pas l’appareil."</p>
                <div class="actions">
                    <button type="button" class="second-button"
                        on:click=move |_| ways.begin(Some(Task::Fingerprint), PRESENT)>"Ajouter l’empreinte"</button>
                </div>
            }.into_any(),
            (false, false) => view! {
                <p>"Cet appareil ou ce navigateur ne permet pas d’ouvrir le carnet par l’empreinte."</p>
            }.into_any(),
        }
        };
    view! {
        <h2>"Empreinte"</h2>
        {move || (ways.is(|ways| ways.shared) && notebook.fingerprint_offered().get()).then(|| view! { <Shared/> })}
        {move || state()}
    }
}

/// A machine knows hands, not people.
#[component]
pub fn Shared() -> impl IntoView {
    view! {
        <Band tone=Tone::Notice glyph=Glyph::People
            message="Cet appareil porte plusieurs carnets. Toute empreinte et tout code qui ouvrent l’appareil ouvriraient aussi le vôtre. Sur un appareil partagé, préférez la phrase de passe."/>
    }
}

#[component]
fn NewFingerprint(ways: Ways) -> impl IntoView {
    let notebook = ways.notebook;
    let present = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let typed = present.get_untracked();
        if typed.trim().is_empty() {
            page::focus(PRESENT);
            return;
        }
        let change = async move { notebook.add_fingerprint(&typed).await };
        ways.run("L’empreinte ouvre ce carnet. Votre phrase l’ouvre toujours.", PRESENT, Box::pin(change));
    };
    view! {
        <form autocomplete="off" class="ways" on:submit=submit aria-busy=ways.attempt.aria_busy() novalidate=true>
            <p>"Entrez votre phrase de passe. L’appareil demandera ensuite l’empreinte, une ou deux fois."</p>
            <EntryField id=PRESENT label="Votre phrase actuelle" value=present autocomplete="current-password" secret=true
                described_by=TROUBLE error=wanted(tried, present, "Il manque la phrase actuelle.")/>
            <Foot ways does="Ajouter l’empreinte"/>
        </form>
    }
}

#[component]
fn Code(ways: Ways) -> impl IntoView {
    let notebook = ways.notebook;
    let forget = move |_| {
        let said = "Le code est retiré. Après cinq minutes sans geste, le carnet se verrouillera.";
        ways.run(said, "title", Box::pin(notebook.forget_code()));
    };
    let state = move || {
        match (ways.task.get() == Some(Task::Code), ways.is(|ways| ways.code)) {
        (true, _) => view! { <NewCode ways/> }.into_any(),
        (false, true) => view! {
            <p>"Il est choisi. Après cinq minutes sans geste, ces six chiffres vous ramènent où vous étiez."</p>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| ways.begin(Some(Task::Code), CODE)>"Changer le code"</button>
                <button type="button" class="quiet" on:click=forget>"Retirer le code"</button>
            </div>
        }.into_any(),
        (false, false) => view! {
            <p>"Sans code, cinq minutes sans geste verrouillent le carnet. Avec six chiffres, vous reprenez où vous étiez."</p>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| ways.begin(Some(Task::Code), CODE)>"Choisir un code"</button>
            </div>
        }.into_any(),
    }
    };
    view! {
        <h2>"Code après une pause"</h2>
        {move || state()}
    }
}

#[component]
fn NewCode(ways: Ways) -> impl IntoView {
    let notebook = ways.notebook;
    let (code, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let differs = Signal::derive(move || {
        (tried.get() && code.get().trim() != again.get().trim())
            .then(|| "Les deux codes ne sont pas pareils. Tapez-le à nouveau.".to_owned())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let typed = code.get_untracked().trim().to_owned();
        if typed.is_empty() {
            page::focus(CODE);
            return;
        }
        if differs.get_untracked().is_some() {
            page::focus(AGAIN);
            return;
        }
        let change = async move { notebook.choose_code(&typed).await };
        ways.run("Le code est choisi.", CODE, Box::pin(change));
    };
    view! {
        <form autocomplete="off" class="ways" on:submit=submit aria-busy=ways.attempt.aria_busy() novalidate=true>
            <EntryField id=CODE label="Six chiffres" value=code autocomplete="off" secret=true digits=true
                hint="Pas les mêmes que ceux de l’appareil. Cinq codes faux verrouillent le carnet."
                described_by=TROUBLE error=wanted(tried, code, "Il manque le code.")/>
            <EntryField id=AGAIN label="Les mêmes, une seconde fois" value=again autocomplete="off" secret=true digits=true
                error=differs/>
            <Foot ways does="Garder ce code"/>
        </form>
    }
}

#[component]
fn Foot(ways: Ways, does: &'static str) -> impl IntoView {
    view! {
        <div class="actions">
            <Submit busy=ways.attempt.busy words=does class="main-button"/>
            <button type="button" class="second-button" on:click=move |_| ways.begin(None, "title")>"Annuler"</button>
        </div>
    }
}
