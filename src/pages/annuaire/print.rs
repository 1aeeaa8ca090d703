//! The list on paper, by commune or by competence: what a waiting room, a car or a colleague without a telephone needs.

use domain::Glyph;
use domain::annuaire::entry::Card;
use domain::annuaire::search::Query;
use domain::french::{counted, fold, full_day};
use domain::order::sort_by_key;
use leptos::prelude::*;

use super::browse::Browse;
use super::{line, words};
use crate::annuaire::Loaded;
use crate::platform::page;
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::page::{Page, arrive};

/// Beyond, paper serves nobody: the search is narrowed first.
const MOST: usize = 600;

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Commune,
    Competence,
}

#[component]
pub fn PrintPage() -> impl IntoView {
    let browse = Browse::begin(route::ANNUAIRE);
    view! { <Page title="Annuaire à imprimer">{sheet(browse)}</Page> }
}

#[component]
pub fn PublicPrintPage() -> impl IntoView {
    let browse = Browse::begin(route::PUBLIC);
    arrive("Annuaire à imprimer", "title");
    view! { <div class="page"><main id="main" class="main" tabindex="-1">{sheet(browse)}</main></div> }
}

fn sheet(browse: Browse) -> AnyView {
    let by = RwSignal::new(By::Commune);
    let content = move || {
        let (Some(loaded), Some(found)) = (browse.loaded.get(), browse.found.get()) else {
            return view! { <p role="status">"L’annuaire s’ouvre…"</p> }.into_any();
        };
        let query = browse.query.get();
        let read = |rank: &u32| loaded.directory.cards.get(*rank);
        let cards: Vec<Card> = found.cards.iter().take(MOST).filter_map(read).collect();
        let groups = groups(&loaded, &cards, by.get(), &query);
        let left = found.cards.len() - cards.len();
        let updated = loaded.directory.updated_on.map(|day| format!("Mis à jour le {}", full_day(day.0)));
        let sections = groups
            .into_iter()
            .map(|(title, cards)| {
                let lines = cards.into_iter().map(|card| printed(&loaded, card, &query)).collect_view();
                view! { <section><h2>{title}</h2><ul class="print-entries">{lines}</ul></section> }
            })
            .collect_view();
        view! {
            {(left > 0).then(|| view! {
                <p class="screen-only">{format!("Seules les {MOST}\u{a0}premières fiches sont ici. Affinez la recherche pour imprimer les autres.")}</p>
            })}
            <article class="print letter">
                <header><span class="wordmark">"Cardabelle"</span><span>{loaded.directory.territory.clone()}</span></header>
                <h1>"Annuaire"</h1>
                <p>{counted(found.cards.len() - left, "fiche", "fiches")}</p>
                {sections}
                <footer><span>{updated}</span><span>"En urgence, appelez le\u{a0}15."</span></footer>
            </article>
        }
        .into_any()
    };
    let choice = move |value: By, label: &'static str| {
        view! {
            <button type="button" class="chip" aria-pressed=move || (by.get() == value).to_string() on:click=move |_| by.set(value)>{label}</button>
        }
    };
    view! {
        <header class="title screen-only">
            <a class="back" href=move || browse.list_address()><Icon name=Glyph::Back/>"Liste"</a>
            <h1 id="title" tabindex="-1">"Imprimer la liste"</h1>
        </header>
        <div class="actions screen-only">
            <div class="chips" role="group" aria-label="Ranger la liste">{choice(By::Commune, "Par commune")}{choice(By::Competence, "Par compétence")}</div>
            <button type="button" class="main-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer"</button>
        </div>
        {move || content()}
    }
    .into_any()
}

/// Each title with its cards, in the order of the alphabet; what has no such fact comes last.
fn groups<'a>(loaded: &Loaded, cards: &'a [Card], by: By, query: &Query) -> Vec<(String, Vec<&'a Card>)> {
    let mut groups: Vec<(String, Vec<&'a Card>)> = Vec::new();
    let mut add = |title: String, card: &'a Card| match groups.iter_mut().find(|(one, _)| *one == title) {
        Some((_, cards)) if cards.iter().any(|one| one.id == card.id) => {}
        Some((_, cards)) => cards.push(card),
        None => groups.push((title, vec![card])),
    };
    for card in cards {
        let titles: Vec<String> = match by {
            By::Commune => {
                let address = line::site_of(card, query).and_then(|site| site.address.as_ref());
                address.map(|address| words::town(address, &loaded.directory)).into_iter().collect()
            }
            By::Competence => {
                let label = |code: &str| words::label(&loaded.directory.lists.competences, code);
                card.entry.competences.iter().map(|one| label(&one.code)).collect()
            }
        };
        let titles: Vec<String> = titles.into_iter().filter(|title| !title.is_empty()).collect();
        if titles.is_empty() {
            add(rest(by).to_owned(), card);
        }
        for title in titles {
            add(title, card);
        }
    }
    sort_by_key(&mut groups, |(title, _)| (title == rest(by), fold(title)));
    groups
}

const fn rest(by: By) -> &'static str {
    match by {
        By::Commune => "Sans adresse",
        By::Competence => "Sans compétence déclarée",
    }
}

fn printed(loaded: &Loaded, card: &Card, query: &Query) -> AnyView {
    let site = line::site_of(card, query);
    let place = site
        .and_then(|site| site.address.as_ref())
        .map(|address| words::address_lines(address, &loaded.directory).join(", "));
    let phone = site.and_then(words::phone_of).map(|(number, _)| number);
    view! {
        <li>
            <span><b>{words::full_name(&card.entry)}</b>{format!(", {}", words::profession(&card.entry, &loaded.directory.lists))}</span>
            <span class="nowrap">{phone}</span>
            <span class="print-place">{place}</span>
        </li>
    }
    .into_any()
}
