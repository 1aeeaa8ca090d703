//! What waits to be sent, and what is known of the way to the server.

mod carry;
mod words;

use std::sync::Arc;

use domain::Glyph;
use domain::Timestamp;
use domain::french::{day, sentence_case, short_day, time};
use domain::people::PERSON;
use domain::programmes::kind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::Shown;

use super::reading::person_of;
use crate::notebook::{Link, Notebook, Standing, Waits, use_notebook};
use crate::route;
use crate::ui::band::{Band, Tone};
use crate::ui::clock::ClockBand;
use crate::ui::live::live;
use crate::ui::sign_in_again::SignInAgainButton;
use carry::Carry;

/// What has not reached the server, record by record, with its dates.
#[component]
pub fn Sending() -> impl IntoView {
    let notebook = use_notebook();
    let weather = notebook.weather();
    let waits = RwSignal::new(Vec::<Waits>::new());
    let waiting = Memo::new(move |_| weather.with(|weather| weather.waiting));
    Effect::new(move |_| {
        waiting.track();
        spawn_local(async move {
            // The page may be left meanwhile.
            let read = notebook.waits().await;
            waits.try_set(read);
        });
    });
    let since = move || waiting.get().oldest.map(|at| words::oldest(&on(notebook, at)));
    let last = move || words::last(weather.with(|weather| weather.last_success).map(|at| on(notebook, at)).as_deref());
    let checked = Memo::new(move |_| weather.with(|weather| (weather.checked, weather.first_pull.is_some())));
    let expired = Memo::new(move |_| weather.with(|weather| weather.link == Link::Expired));
    let going = move || {
        let going = waits.get().into_iter().filter(|waits| !matches!(waits.standing, Standing::Aside(_)));
        going.map(|waits| line(notebook, &waits, None)).collect_view()
    };
    let any_aside = Memo::new(move |_| waiting.get().set_aside > 0);
    view! {
        <h2 id="envois" tabindex="-1">"Envois"</h2>
        <p>{move || weather.with(words::told)}</p>
        <Neighbours/>
        <FirstPull/>
        <p class="second">{move || since()}" "{move || last()}</p>
        {move || {
            let (checked, reading) = checked.get();
            checked.map(|checked| view! { <p class="second">{words::checked(&checked, reading, &on(notebook, checked.at))}</p> })
        }}
        {move || expired.get().then(|| {
            let message = weather.with_untracked(|weather| weather.said.clone()).unwrap_or_else(|| words::EXPIRED.to_owned());
            view! {
                <Band tone=Tone::Notice glyph=Glyph::Lock message>
                    <SignInAgainButton class="second-button"/>
                </Band>
            }
        })}
        <ClockBand/>
        <Losses/>
        <ul class="lines" role="list">{move || going()}</ul>
        {move || any_aside.get().then(|| view! { <Aside waits/> })}
        <div class="actions">
            <button type="button" class="second-button" on:click=move |_| notebook.exchange_now()>"Envoyer maintenant"</button>
        </div>
        <Carry/>
    }
}

/// What the server could not take in, why, and what to do.
#[component]
fn Aside(waits: RwSignal<Vec<Waits>>) -> impl IntoView {
    let notebook = use_notebook();
    let told = RwSignal::new(String::new());
    let lines = move || {
        let aside = waits.get().into_iter().filter(|waits| matches!(waits.standing, Standing::Aside(_)));
        aside.map(|waits| line(notebook, &waits, Some(told))).collect_view()
    };
    view! {
        <h3>"Mis de côté"</h3>
        <p class="second">"Rien n’est effacé. Ces saisies restent sur cet appareil."</p>
        <p role="status" aria-live="polite">{told}</p>
        <ul class="lines" role="list">{move || lines()}</ul>
    }
}

/// What waits in the other notebooks of this browser, and whose they are.
#[component]
fn Neighbours() -> impl IntoView {
    let neighbours = use_notebook().neighbours();
    live(move || {
        let lines = neighbours.get().into_iter().map(|neighbour| view! { <p>{words::beside(&neighbour)}</p> });
        lines.collect_view()
    })
}

/// How far the first reading of the server is; the notebook can be used meanwhile.
#[component]
fn FirstPull() -> impl IntoView {
    let weather = use_notebook().weather();
    let under_way = Memo::new(move |_| weather.with(|weather| (weather.first_pull, weather.link == Link::Online)));
    view! {
        {move || under_way.get().0.filter(|(_, total)| *total > 0).map(|(read, total)| view! {
            <p>
                <label for="first-pull">{words::progress(read, total, under_way.get().1)}</label>
                <progress id="first-pull" max=total.to_string() prop:value=read.to_string()></progress>
            </p>
        })}
    }
}

/// What this device had and has no more, or cannot read: told until she has read it.
#[component]
fn Losses() -> impl IntoView {
    let notebook = use_notebook();
    let weather = notebook.weather();
    let erased = Memo::new(move |_| weather.with(|weather| weather.erased));
    let unreadable = Memo::new(move |_| weather.with(|weather| weather.unreadable));
    view! {
        {move || (erased.get() > 0).then(|| view! {
            <Band tone=Tone::Notice glyph=Glyph::Alert message=words::erased(erased.get())>
                <button type="button" class="second-button" on:click=move |_| notebook.read_erased()>"J’ai lu"</button>
            </Band>
        })}
        {move || (unreadable.get() > 0).then(|| view! {
            <Band tone=Tone::Error glyph=Glyph::Alert message=words::unreadable(unreadable.get())/>
        })}
    }
}

/// One line of entries, with what may be tried again when they are set aside.
fn line(notebook: Notebook, waits: &Waits, told: Option<RwSignal<String>>) -> AnyView {
    let owner = owner(notebook, waits);
    let name = owner.as_deref().map(|person| person_of(person).name()).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "Personne sans nom".into());
    let what = kind(&waits.kind).map_or_else(|| "Saisie".into(), |kind| sentence_case(kind.one));
    let name = match owner {
        Some(person) => view! { <a class="name quiet" href=route::person(person.id)>{name}</a> }.into_any(),
        None => view! { <b class="name">{name}</b> }.into_any(),
    };
    let reason = match waits.standing {
        Standing::Aside(aside) => view! { <small>{words::reason(aside)}</small> }.into_any(),
        _ => ().into_any(),
    };
    let again = match (waits.standing, told) {
        (Standing::Aside(aside), Some(told)) if words::may_be_tried_again(aside) => {
            let record = waits.record;
            let again = move |_| {
                spawn_local(async move {
                    let words = match notebook.try_again(record).await {
                        Ok(applied) => words::applied(&applied),
                        Err(trouble) => trouble.message,
                    };
                    told.try_set(words);
                });
            };
            view! { <button type="button" class="second-button" on:click=again>"Réessayer"</button> }.into_any()
        }
        (Standing::Aside(aside), Some(told)) if words::is_over(aside) => {
            let record = waits.record;
            let read = move |_| {
                spawn_local(async move {
                    if let Err(trouble) = notebook.read_aside(record).await {
                        told.try_set(trouble.message);
                    }
                });
            };
            view! { <button type="button" class="second-button" on:click=read>"J’ai lu"</button> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <li>
            <div class="line">
                <span class="line-text">
                    {name}
                    <span>{what}", "{words::standing(waits.standing, waits.count)}</span>
                    <small>"Depuis "{on(notebook, waits.since)}</small>
                    {reason}
                </span>
                {again}
            </div>
        </li>
    }
    .into_any()
}

/// The person these entries are about: the record itself, or up its parents.
fn owner(notebook: Notebook, waits: &Waits) -> Option<Arc<Shown>> {
    let mut shown = notebook.record(waits.record).get_untracked()?;
    // Deeper than any real tree, in case a received record named itself as its parent.
    for _ in 0..8 {
        if shown.kind == PERSON.id {
            return (!shown.deleted).then_some(shown);
        }
        shown = notebook.record(shown.parent()?).get_untracked()?;
    }
    None
}

/// « aujourd’hui à 9 h 51 », « le 24 nov. à 9 h 51 »
fn on(notebook: Notebook, at: Timestamp) -> String {
    let (at, today) = (notebook.local(at), notebook.today());
    if at.date() == today {
        format!("aujourd’hui à {}", time(at))
    } else if (today - at.date()).num_days() < 7 {
        format!("{} à {}", day(at.date(), today), time(at))
    } else {
        format!("le {} à {}", short_day(at.date(), today), time(at))
    }
}
