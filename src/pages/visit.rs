//! `/inscription#…`: somebody scanned the code of a stand and signs herself up, on her own telephone. No account, no lock, and
//! nothing of it stays here.

use domain::Glyph;
use domain::id::RecordId;
use domain::programme::RecordKind;
use domain::programmes::{kind, kinds};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;

use super::gate::Insecure;
use super::stand::{Desk, Filling, Screen};
use crate::notebook::{Trouble, TroubleKind, Visiting, provide_closed, territory_here, use_notebook};
use crate::platform::{page, watch};
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::emergency::{EmergencyDialog, provide_emergency};
use crate::ui::form::{Sheet, answer_text};
use crate::ui::icon::Icon;
use crate::ui::page::arrive;
use crate::ui::thistle::{Thistle, Weather};
use crate::ui::typeset::typeset;

/// Whatever is wrong with an address that has no code.
const NO_CODE: &str = "Cette adresse n’a pas de code d’inscription. Rien n’a été noté. Visez à nouveau le dessin du stand avec \
                       l’appareil photo de votre téléphone.";
const UNREACHABLE: &str = "Le réseau ne répond pas. Rien n’a été noté. Réessayez dans un moment, ou inscrivez-vous auprès des \
                           personnes du stand.";

/// What is on the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Welcome,
    Filling(RecordId),
    /// All of it on one page, before it leaves.
    ReadBack(RecordId),
    /// It leaves; `false`: there is nothing to send.
    Leaving(bool),
    /// Its half hour is over.
    Over,
}

#[component]
pub fn VisitPage() -> impl IntoView {
    page::set_theme(&page::theme());
    if !page::is_secure() {
        return Insecure().into_any();
    }
    // Another code read in this tab changes nothing but what follows the `#`.
    watch::on_fragment(page::reload).forever();
    provide_closed();
    provide_emergency();
    view! { <Router><Visit/></Router> }.into_any()
}

#[component]
fn Visit() -> impl IntoView {
    let notebook = use_notebook();
    let desk = Desk::new();
    let begun = RwSignal::new(None::<Visiting>);
    let held = notebook.stand();
    let open = Memo::new(move |_| held.with(Option::is_some));
    let stage = Memo::new(move |_| match (begun.with(Option::is_some), desk.screen.get()) {
        (false, _) => Stage::Welcome,
        (true, Screen::Noted(None)) => Stage::Leaving(true),
        (true, Screen::Home | Screen::Scan) => Stage::Leaving(false),
        (true, _) if !open.get() => Stage::Over,
        (true, Screen::Filling(record)) => Stage::Filling(record),
        (true, Screen::Noted(Some(record))) => Stage::ReadBack(record),
    });
    let in_form = Memo::new(move |_| matches!(stage.get(), Stage::Filling(_)));
    let host = move || begun.with(|begun| begun.as_ref().map(|begun| begun.host.clone()).unwrap_or_default());
    let inside = move || match stage.get() {
        Stage::Welcome => view! { <Welcome desk begun/> }.into_any(),
        Stage::Filling(record) => view! { <Filling record desk host=host()/> }.into_any(),
        Stage::ReadBack(record) => view! { <ReadBack record desk host=host()/> }.into_any(),
        Stage::Leaving(noted) => view! { <Leaving noted begun/> }.into_any(),
        Stage::Over => view! { <Over/> }.into_any(),
    };
    view! {
        <div class="shell stand" class:in-form=in_form>
            {move || inside()}
            <EmergencyDialog/>
        </div>
    }
}

/// The frame of its pages: no way to anything else.
#[component]
fn Frame(weather: Weather, children: Children) -> impl IntoView {
    arrive("S’inscrire", "title");
    view! {
        <main id="main" class="entry" tabindex="-1">
            <div class="brand"><Thistle weather large=true/><span class="wordmark">"Cardabelle"</span></div>
            <div class="entry-card">{children()}</div>
        </main>
    }
}

#[component]
fn Welcome(desk: Desk, begun: RwSignal<Option<Visiting>>) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    // To whom she is about to write; without a network nothing is said, and beginning says why.
    let territory = RwSignal::new(String::new());
    spawn_local(async move { drop(territory.try_set(territory_here().await)) });
    let start = move |_| {
        attempt.leave(async move {
            let token = page::fragment();
            if token.is_empty() {
                return Err(Trouble { kind: TroubleKind::InvitationSpent, message: NO_CODE.to_owned() });
            }
            let visiting = notebook.visit(token).await.map_err(told)?;
            desk.screen.set(Screen::Filling(visiting.record));
            begun.set(Some(visiting));
            Ok(())
        });
    };
    view! {
        <Frame weather=Weather::Closed>
            <h1 id="title" tabindex="-1">"S’inscrire"</h1>
            // Its line is there before its words: nothing moves under the finger.
            <p class="second line-kept">{move || territory.get()}</p>
            {welcomed(kinds()).map(|kind| view! { <p>{kind.welcome}</p> })}
            <p>"Vous remplissez votre inscription ici, avec du réseau, en deux minutes environ. Elle part à l’équipe du stand, et rien ne reste sur ce téléphone."</p>
            <TroubleBand id="visit-trouble" trouble=attempt.trouble/>
            <button type="button" class="main-button wide" aria-busy=attempt.aria_busy() on:click=start>"Commencer"</button>
            <a class="quiet" href=route::PUBLIC_DATA rel="external" target="_blank">"Ce que deviennent vos données"</a>
        </Frame>
    }
}

/// What is begun on this page, before the server has read the code: known as long as one kind alone is begun so.
fn welcomed(kinds: impl Iterator<Item = &'static RecordKind>) -> Option<&'static RecordKind> {
    let mut welcoming = kinds.filter(|kind| !kind.welcome.is_empty());
    welcoming.next().filter(|_| welcoming.next().is_none())
}

/// In front of a page where nothing was written yet, nothing « is kept on this device ».
fn told(trouble: Trouble) -> Trouble {
    match trouble.kind {
        TroubleKind::NoNetwork | TroubleKind::ServerSilent => Trouble { message: UNREACHABLE.to_owned(), ..trouble },
        _ => trouble,
    }
}

#[component]
fn ReadBack(record: RecordId, desk: Desk, host: String) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    let found = notebook.record(record).get_untracked();
    let sheet = found.as_deref().and_then(|shown| {
        let kind = kind(&shown.kind)?;
        Some(Sheet::open(notebook, shown, kind, kind.form()))
    });
    let today = notebook.today();
    let lines = move || {
        let sheet = sheet?;
        let asked = sheet.asked.get().into_iter().map(|one| one.question);
        let line = |question: &'static domain::form::Question| {
            view! { <div><dt>{typeset(&question.words(true).on(today))}</dt><dd>{answer_text(question, sheet)}</dd></div> }
        };
        Some(asked.map(line).collect_view())
    };
    let send = move |_| {
        attempt.leave(async move {
            notebook.end_entry(true).await?;
            desk.screen.set(Screen::Noted(None));
            Ok(())
        });
    };
    view! {
        <Frame weather=Weather::Closed>
            <h1 id="title" tabindex="-1">"Tout est juste\u{202f}?"</h1>
            <p>"Rien n’est encore parti. Relisez, puis envoyez votre inscription."</p>
            <p class="second">{host}</p>
            <dl class="facts">{move || lines()}</dl>
            <TroubleBand id="visit-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" aria-busy=attempt.aria_busy() on:click=send>"Envoyer"</button>
                <button type="button" class="second-button" on:click=move |_| desk.screen.set(Screen::Filling(record))>
                    <Icon name=Glyph::Edit/>"Corriger"
                </button>
            </div>
        </Frame>
    }
}

/// Until the server has said that it has it all; then what comes next.
#[component]
fn Leaving(noted: bool, begun: RwSignal<Option<Visiting>>) -> impl IntoView {
    let notebook = use_notebook();
    let done = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let leave = move || {
        spawn_local(async move {
            trouble.set(None);
            match notebook.end_visit().await {
                Ok(()) => {
                    // Nothing is left to find in the address.
                    page::replace_address(route::VISIT);
                    done.set(true);
                    page::when_no_hand_writes(|| page::focus("title"));
                }
                Err(refused) => trouble.set(Some(refused)),
            }
        });
    };
    leave();
    let weather = move || if done.get() && noted { Weather::Open } else { Weather::Closed };
    let words = move || match (noted, done.get()) {
        (true, true) => ("C’est envoyé", "Merci, votre inscription est arrivée."),
        (true, false) => (
            "Envoi en cours",
            "Votre inscription est notée, rien n’est perdu. Gardez cette page ouverte, avec du réseau, jusqu’à «\u{a0}C’est envoyé\u{a0}».",
        ),
        (false, true) => ("Rien n’est gardé", "Rien ne reste de vous sur ce téléphone. Vous pouvez fermer cette page."),
        (false, false) => ("Un instant", "Ce qui était écrit s’efface. Gardez cette page ouverte."),
    };
    let next = move || {
        let Visiting { kind, host, .. } = begun.get().filter(|_| noted && done.get())?;
        Some(view! {
            <p>{kind.thanks}</p>
            <p>"Rien ne reste sur ce téléphone, vous pouvez fermer cette page."</p>
            <p class="second">{host}</p>
        })
    };
    view! {
        {move || view! {
            <Frame weather=weather()>
                <div role="status"><h1 id="title" tabindex="-1">{words().0}</h1><p>{words().1}</p>{next()}</div>
                {move || trouble.get().map(|trouble| view! {
                    <Band tone=Tone::Error glyph=Glyph::Alert message=trouble.message>
                        <button type="button" class="second-button" on:click=move |_| leave()>"Réessayer"</button>
                    </Band>
                })}
            </Frame>
        }}
    }
}

#[component]
fn Over() -> impl IntoView {
    let notebook = use_notebook();
    spawn_local(async move {
        // It is over: nothing is left to close, hence to be refused.
        let _ = notebook.end_visit().await;
    });
    view! {
        <Frame weather=Weather::Closed>
            <h1 id="title" tabindex="-1">"La demi-heure est passée"</h1>
            <p>"Ce qui avait votre accord est gardé et part tout seul. Le reste est effacé de ce téléphone. Pour recommencer, visez à nouveau le dessin du stand."</p>
        </Frame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_says_what_is_begun_and_guesses_nothing() {
        static ONE: RecordKind = RecordKind { id: "one", welcome: "Bienvenue.", ..RecordKind::PLAIN };
        static OTHER: RecordKind = RecordKind { id: "other", welcome: "Bonjour.", ..RecordKind::PLAIN };
        static SILENT: RecordKind = RecordKind::PLAIN;
        let told = |kinds: &[&'static RecordKind]| welcomed(kinds.iter().copied()).map(|kind| kind.id);
        assert_eq!(told(&[&SILENT, &ONE]), Some("one"));
        assert_eq!([told(&[]), told(&[&SILENT]), told(&[&ONE, &OTHER])], [None, None, None]);
        assert!(welcomed(kinds()).is_some());
    }
}
