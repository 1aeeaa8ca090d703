//! The form of one person at a stand: the ordinary one, with no way back to it.

use domain::Value;
use domain::french::time;
use domain::id::RecordId;
use domain::programmes::kind;
use domain::record::FINISHED_AT;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::home::EndsSoon;
use super::words::{is_of_person, place};
use super::{Desk, Screen};
use crate::notebook::{Trouble, use_notebook};
use crate::platform::page;
use crate::ui::dialog::Dialog;
use crate::ui::form::{FormView, Outside, Sheet};

/// A count that nobody touches for so long is noted.
const STILL_MS: i64 = 60_000;
const TICK_MS: u32 = 5_000;

#[component]
pub fn Filling(
    record: RecordId,
    desk: Desk,
    /// With whom, for somebody who does not know the stand.
    #[prop(optional)]
    host: String,
) -> impl IntoView {
    let notebook = use_notebook();
    let found = notebook.record(record).get_untracked();
    let opened = found.as_deref().and_then(|shown| Some((shown, kind(&shown.kind)?)));
    let Some((shown, kind)) = opened else {
        // Nothing of it is here any more.
        desk.screen.set(Screen::Home);
        return ().into_any();
    };
    let leaving = RwSignal::new(false);
    let mut sheet = Sheet::open(notebook, shown, kind, kind.form());
    let failed = sheet.failed;
    let of_person = is_of_person(kind);
    let by_herself = notebook.stand().with_untracked(|held| held.as_ref().is_some_and(|held| held.by_herself));
    // Left or finished for good: nothing of it can be read here afterwards.
    let end = Callback::new(move |noted: bool| {
        leaving.set(false);
        spawn_local(async move {
            match notebook.end_entry(noted).await {
                Ok(()) => desk.screen.set(if noted && of_person { Screen::Noted(None) } else { Screen::Home }),
                Err(trouble) => fail(failed, trouble),
            }
        });
    });
    let done = Callback::new(move |noted: bool| {
        if noted && of_person {
            // A minute to correct what was noted; on her own telephone, as long as she reads it again.
            desk.screen.set(Screen::Noted(Some(record)));
        } else {
            end.run(noted);
        }
    });
    // What tells of nobody has nothing to ask: it is noted as it stands.
    let note = move || {
        spawn_local(async move {
            let at = Value::from(notebook.now().0);
            match notebook.write(record, vec![(FINISHED_AT, at)], None).await {
                Ok(()) => end.run(true),
                Err(trouble) => fail(failed, trouble),
            }
        });
    };
    let leave = Callback::new(move |()| if of_person { leaving.set(true) } else { note() });
    sheet.outside = Some(Outside { leave, done, alone: by_herself });
    let held = notebook.stand();
    sheet.place = Some(Signal::derive(move || {
        let place = held.with(|held| held.as_ref().map(place)).unwrap_or_default();
        if host.is_empty() { place } else { format!("{place}, {host}") }
    }));
    if !of_person {
        note_when_still(sheet, note);
    }
    let soon = Memo::new(move |_| {
        notebook.stand().with(|held| {
            held.as_ref().filter(|held| held.ends_soon && !by_herself).map(|held| time(notebook.local(held.until)))
        })
    });
    let held = Memo::new(move |_| sheet.held_now());
    view! {
        {move || soon.get().map(|until| view! { <div class="banner"><EndsSoon until held=held.get()/></div> })}
        <FormView sheet/>
        <Leaving sheet open=leaving done=end later=(!by_herself).then_some(desk)/>
    }
    .into_any()
}

/// The form may be left before the disk answers.
fn fail(failed: RwSignal<Option<Trouble>>, trouble: Trouble) {
    failed.try_set(Some(trouble));
}

/// What is counted leaves soon, whoever forgets to end it.
fn note_when_still(sheet: Sheet, note: impl Fn() + 'static) {
    let notebook = sheet.notebook;
    let first = sheet.answers.get_untracked();
    let touched = RwSignal::new(notebook.now());
    Effect::new(move |_| {
        sheet.answers.track();
        touched.set(notebook.now());
    });
    spawn_local(async move {
        loop {
            page::sleep(TICK_MS).await;
            let Some(at) = touched.try_get_untracked() else { break };
            let counts = sheet.answers.try_get_untracked().is_some_and(|answers| answers != first);
            if counts && (notebook.now().0 - at.0).abs() >= STILL_MS {
                note();
                break;
            }
        }
    });
}

/// Leaving a form that is not finished: what has her consent stays, sealed; the rest goes. `later`: where it is taken up again.
#[component]
fn Leaving(sheet: Sheet, open: RwSignal<bool>, done: Callback<bool>, later: Option<Desk>) -> impl IntoView {
    let held = Memo::new(move |_| sheet.held_now());
    let alone = sheet.is_alone();
    let title = Signal::derive(move || {
        let title = match (held.get(), alone) {
            (true, _) => "Effacer ce qui est écrit\u{202f}?",
            (false, true) => "Quitter votre inscription\u{202f}?",
            (false, false) => "Quitter cette fiche\u{202f}?",
        };
        title.to_owned()
    });
    let words = move || match (held.get(), alone) {
        (true, true) => "Vous n’avez pas donné votre accord. Rien n’a été envoyé, et rien de vous ne sera gardé.",
        (true, false) => "La personne n’a pas donné son accord. Rien n’a été envoyé, et rien d’elle ne sera gardé.",
        (false, true) => {
            "Vous avez donné votre accord\u{a0}: ce que vous avez écrit partira à l’équipe du stand, sans que vous le relisiez."
        }
        (false, false) => {
            "Ce qui est écrit est gardé et partira. La fiche ne pourra plus être ouverte sur cet appareil."
        }
    };
    let leave = move || {
        let (class, label) = match (held.get(), alone) {
            (true, _) => ("danger-button", "Tout effacer"),
            (false, true) => ("second-button", "Quitter et envoyer"),
            (false, false) => ("second-button", "Quitter la fiche"),
        };
        view! { <button type="button" class=class on:click=move |_| done.run(!held.get_untracked())>{label}</button> }
    };
    let put_down = later.map(|desk| {
        let put_down = move |_| {
            sheet.notebook.settle();
            desk.draft.set(Some(sheet.record));
            desk.screen.set(Screen::Home);
        };
        view! { <button type="button" class="second-button" on:click=put_down>"La reprendre plus tard"</button> }
    });
    view! {
        <Dialog open=open title=title>
            <p>{move || words()}</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>
                    {if alone { "Revenir à l’inscription" } else { "Revenir à la fiche" }}
                </button>
                {put_down}
                {move || leave()}
            </div>
        </Dialog>
    }
}
