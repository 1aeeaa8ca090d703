//! Home: what there is to do, what waits, one big button per job.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::Glyph;
use domain::french::{counted, day, sentence_case};
use domain::people::{CONSENT, PERSON};
use domain::programme::{RecordKind, View};
use domain::programmes::{PROGRAMMES, kind, kinds};
use leptos::prelude::*;
use sync::Shown;

use super::agenda::{Item, When, World, agenda};
use super::programme::may_read;
use super::reading::{kinds_of_person, may_write};
use super::to_check::use_items;
use crate::notebook::{Saving, use_notebook};
use crate::programmes::left;
use crate::route;
use crate::ui::band::{Band, Tone};
use crate::ui::clock::ClockBand;
use crate::ui::icon::Icon;
use crate::ui::page::Page;

#[component]
pub fn TodayPage() -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let people = notebook.records(PERSON.id);
    let consents = notebook.records(CONSENT.id);
    let records = all_records();
    let (common, disputes, own) = (common_records(), use_items(), notebook.own());
    let views = waiting();
    let items = Memo::new(move |_| {
        let (people, consents, records, common) = (people.read(), consents.read(), records.read(), common.read());
        let to_check: Vec<String> = disputes.with(|items| items.iter().map(|item| item.name.clone()).collect());
        let world = World {
            people: &people,
            consents: &consents,
            records: &records,
            common: &common,
            to_check: &to_check,
            own: &own.read(),
            left: &views.get(),
        };
        agenda(&world, today, &|at| notebook.local(at))
    });
    let nobody = Memo::new(move |_| people.with(Vec::is_empty));
    let second = move || {
        let things = items.with(Vec::len);
        let what = if things == 0 {
            "rien à faire".into()
        } else {
            format!("{} à faire", counted(things, "chose", "choses"))
        };
        format!("{}, {what}", sentence_case(&day(today, today)))
    };
    view! {
        <Page title="Aujourd’hui" home=true>
            <header class="title">
                <h1 id="title" tabindex="-1">"Aujourd’hui"</h1>
                <p class="second">{move || second()}</p>
            </header>
            <Bands/>
            <div class="col">
                {move || if nobody.get() {
                    view! { <Empty/> }.into_any()
                } else {
                    view! { <Agenda items=items.get() today/> }.into_any()
                }}
            </div>
            <div class="col"><Tiles/></div>
        </Page>
    }
}

/// What waits in the views of programmes, but those whose tasks the day tells one by one.
fn waiting() -> Memo<Vec<(String, String, String)>> {
    let account = use_notebook().account();
    let mut waiting = Vec::new();
    for programme in PROGRAMMES {
        let told = |view: &View| programme.tasks.iter().any(|task| task.view == Some(view.id));
        for view in programme.views.iter().filter(|view| !told(view)) {
            waiting.extend(left(programme.id, view.id).map(|left| (programme, view, left)));
        }
    }
    Memo::new(move |_| {
        let roles = account.get().map(|account| account.roles).unwrap_or_default();
        let read = waiting.iter().filter(|(_, view, _)| may_read(view, &roles));
        let here = read.map(|(programme, view, left)| {
            let place = format!("{}, {}", view.title, programme.name);
            (left.get(), place, route::view(programme.id, view.id, None))
        });
        here.filter(|(left, ..)| !left.is_empty()).collect()
    })
}

/// Every record of every programme that hangs on a person.
pub fn all_records() -> Signal<Vec<Arc<Shown>>> {
    records_of(kinds_of_person().collect())
}

/// Every record that belongs to the territory.
pub fn common_records() -> Signal<Vec<Arc<Shown>>> {
    records_of(kinds().filter(|kind| !kind.common.is_empty()).collect())
}

fn records_of(kinds: Vec<&'static RecordKind>) -> Signal<Vec<Arc<Shown>>> {
    let notebook = use_notebook();
    let lists: Vec<Signal<Vec<Arc<Shown>>>> = kinds.iter().map(|kind| notebook.records(kind.id)).collect();
    Memo::new(move |_| lists.iter().flat_map(|list| list.get()).collect::<Vec<_>>()).into()
}

/// What went wrong or waits for her: two bands at most, the gravest first.
#[component]
fn Bands() -> impl IntoView {
    let notebook = use_notebook();
    let (saving, weather) = (notebook.saving(), notebook.weather());
    let failed = move || match saving.get() {
        Saving::Failed(trouble) => Some(trouble.message),
        _ => None,
    };
    view! {
        {move || failed().map(|message| view! {
            <Band tone=Tone::Error glyph=Glyph::Alert message>
                <button type="button" class="second-button" on:click=move |_| notebook.retry()>"Réessayer"</button>
            </Band>
        })}
        {move || {
            let aside = weather.with(|weather| weather.waiting.set_aside);
            if aside > 0 {
                let message = if aside == 1 {
                    "Une saisie n’a pas pu être rangée. Elle est mise de côté, rien n’est effacé. Prévenez la coordination.".to_owned()
                } else {
                    format!("{aside}\u{a0}saisies n’ont pas pu être rangées. Elles sont mises de côté, rien n’est effacé. Prévenez la coordination.")
                };
                view! { <Band tone=Tone::Notice glyph=Glyph::Alert message/> }.into_any()
            } else {
                view! { <ClockBand/> }.into_any()
            }
        }}
    }
}

#[component]
fn Agenda(items: Vec<Item>, today: NaiveDate) -> impl IntoView {
    if items.is_empty() {
        return view! { <p class="agenda-after">"Rien à faire aujourd’hui, ni dans les sept jours."</p> }.into_any();
    }
    // The next thing is the first one that is not late: what is late has its own sign.
    let next = items.iter().position(|item| !matches!(item.when, When::Late(_))).unwrap_or(0);
    let lines = items
        .into_iter()
        .enumerate()
        .map(|(rank, item)| {
            let late = matches!(item.when, When::Late(_));
            let check = item.when == When::ToCheck;
            let class = match (late, rank == next) {
                (true, _) => "late",
                (false, _) if check => "check",
                (false, true) => "next",
                (false, false) => "",
            };
            let (strong, rest) = item.when.words(today);
            let call = if item.phone.is_empty() {
                view! { <Icon name=Glyph::Forward/> }.into_any()
            } else {
                let label = format!("Appeler {}", item.name);
                view! {
                    <a class="round call" href=format!("tel:{}", item.phone) aria-label=label><Icon name=Glyph::Phone/></a>
                }
                .into_any()
            };
            view! {
                <li class=class>
                    <span class="when"><b>{strong}</b>" "{rest}</span>
                    <a class="what" href=item.href><b class="name">{item.name}</b><span>{item.what}</span></a>
                    {call}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="agenda" role="list">{lines}</ul> }.into_any()
}

/// One tile per programme this account may write for, then the people.
#[component]
fn Tiles() -> impl IntoView {
    let account = use_notebook().account();
    let jobs = move || {
        let account = account.get();
        PROGRAMMES
            .iter()
            .filter(|programme| kind(programme.tile.starts).is_some_and(|kind| may_write(account.as_ref(), kind)))
            .map(|programme| {
                let tile = &programme.tile;
                view! { <Tile href=route::start(tile.starts) glyph=programme.glyph verb=tile.verb place=tile.place/> }
            })
            .collect_view()
    };
    let adding = move || account.with(|account| may_write(account.as_ref(), &PERSON));
    view! {
        <ul class="tiles" role="list">
            {move || jobs()}
            {move || adding().then(|| view! {
                <Tile href=route::NEW_PERSON.to_owned() glyph=Glyph::Plus verb="Ajouter" place="une personne"/>
            })}
            <Tile href=route::PEOPLE.to_owned() glyph=Glyph::People verb="Trouver" place="une personne"/>
        </ul>
    }
}

#[component]
fn Tile(href: String, glyph: Glyph, verb: &'static str, place: &'static str) -> impl IntoView {
    view! { <li><a class="tile" href=href><Icon name=glyph/><b>{verb}</b><span>{place}</span></a></li> }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <section class="empty">
            <Icon name=Glyph::Today/>
            <h2>"Votre journée s’écrira ici"</h2>
            <p>
                "Ajoutez une première personne. Ce qui est commencé, ce qui est à refaire et ce qui est en retard "
                "apparaîtra sur cette page, même hors connexion."
            </p>
        </section>
    }
}
