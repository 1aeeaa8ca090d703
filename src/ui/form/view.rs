//! The whole form page: head, index, sheet, foot, and what covers them for a moment.

use domain::Glyph;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::alerts::Alerts;
use super::bar::BarDialog;
use super::correct::CorrectDialog;
use super::current::question_id;
use super::finish::{FinishDialog, use_finish};
use super::foot::Foot;
use super::header::Header;
use super::index::Index;
use super::section::SectionView;
use super::sheet::{Mode, Overlay, Sheet};
use super::steps::Steps;
use crate::route;
use crate::ui::fields::{StopwatchScreen, WordsScreen};
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::page::arrive;

/// `onward`: what is done with the record once it is noted, an address and its words.
#[component]
pub fn FormView(sheet: Sheet, #[prop(optional_no_strip)] onward: Option<(String, &'static str)>) -> impl IntoView {
    provide_context(sheet);
    let (finishing, correcting) = (RwSignal::new(false), RwSignal::new(false));
    let finish = use_finish(finishing);
    arrive("Saisie", "title");

    // After a kill or an unlock she is back at the same question.
    let hash = use_location().hash.get_untracked();
    sheet.resume(hash.trim_start_matches('#').strip_prefix("q-"));
    Effect::new(move |_| {
        // What was erased is no place to come back to.
        let place = match (sheet.erased.get(), sheet.current.get()) {
            (true, _) => route::TODAY.to_owned(),
            (false, Some(question)) => format!("{}#{}", route::entry(sheet.record), question_id(question)),
            (false, None) => route::entry(sheet.record),
        };
        sheet.notebook.remember_place(place);
    });

    let covered = move || sheet.overlay.with(Option::is_some);
    let mode = Memo::new(move |_| sheet.mode());
    // What is read back or corrected is in one piece.
    let in_steps = sheet.is_in_steps() && untrack(|| sheet.mode() == Mode::Filling);
    // Once nothing is missing, the foot ends it.
    let partial = Memo::new(move |_| mode.get() == Mode::Filling && sheet.remaining() > 0);
    let end = move || {
        partial.get().then(|| {
            view! {
                <div class="actions">
                    <button type="button" class="second-button" on:click=move |_| finish.run(())>{sheet.kind.end()}</button>
                </div>
            }
        })
    };
    let whole = move || {
        let onward = onward.clone().map(|(href, words)| {
            view! { <div class="actions"><a class="second-button" href=href>{words}</a></div> }
        });
        let sections = sheet.form.sections.iter().map(|section| view! { <SectionView section/> }).collect_view();
        view! {
            <Header/>
            <Index/>
            <main id="main" class="sheet" tabindex="-1">
                <Alerts/>
                {onward}
                <form autocomplete="off" on:submit=|event| event.prevent_default()>
                    {sections}
                    {move || end()}
                </form>
                <FinishDialog asking=finishing/>
                <CorrectDialog asking=correcting/>
            </main>
            <Foot finish correct=correcting/>
        }
    };
    let page = move || {
        view! {
            <div
                class="form-page"
                class:in-steps=in_steps
                inert=covered
                on:pointerdown=move |_| sheet.pointing.set_value(true)
                on:keydown=move |_| sheet.pointing.set_value(false)
            >
                {if in_steps { view! { <Steps finish finishing/> }.into_any() } else { whole().into_any() }}
                <BarDialog/>
            </div>
            <Covering sheet/>
        }
    };
    live(move || if sheet.erased.get() { view! { <Erased sheet/> }.into_any() } else { page().into_any() })
}

/// The three words or the stopwatch, over everything.
#[component]
fn Covering(sheet: Sheet) -> impl IntoView {
    live(move || {
        sheet.overlay.get().map(|overlay| match overlay {
            Overlay::Words(question, list, seconds) => view! { <WordsScreen question list seconds/> }.into_any(),
            Overlay::Stopwatch(question) => view! { <StopwatchScreen question/> }.into_any(),
        })
    })
}

/// The person refused: what happened, and what comes next.
#[component]
fn Erased(sheet: Sheet) -> impl IntoView {
    let alone = sheet.is_alone();
    let why = || match sheet.barred.get_untracked() {
        Some(bar) if alone => bar.alone,
        Some(bar) => bar.text,
        None if alone => "Vous ne souhaitez pas être enregistré(e).",
        None => "Elle ne souhaite pas être enregistrée.",
    };
    let next = match sheet.outside {
        Some(outside) => view! {
            <button type="button" class="main-button" on:click=move |_| outside.done.run(false)>
                {if alone { "Terminer" } else { "Personne suivante" }}
            </button>
        }
        .into_any(),
        None => view! { <a class="main-button" href=route::TODAY>"Revenir à aujourd’hui"</a> }.into_any(),
    };
    view! {
        <main id="main" class="main" tabindex="-1">
            <section class="empty" role="status">
                <Icon name=Glyph::Check/>
                <h1>{if alone { "Rien n’est gardé de vous" } else { "Rien n’est gardé de cette personne" }}</h1>
                <p>{why()}{(!alone).then_some(" Vous pouvez accueillir la personne suivante.")}</p>
                {next}
            </section>
        </main>
    }
}
