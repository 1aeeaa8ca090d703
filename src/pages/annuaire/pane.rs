//! The list: what is asked above, who answers below, drawn only as far as it is looked at.

use std::sync::Arc;
use std::time::Duration;

use domain::Glyph;
use domain::annuaire::search::Found;
use domain::french::counted;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::browse::{Browse, card_at};
use super::{LIST_TITLE, chips, fills, line, order, search_box, wider};
use crate::annuaire::State;
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;

/// Lines drawn with the key itself: what a screen holds.
const AT_ONCE: usize = 8;
/// Lines drawn once the fingers rest, and more at each « Afficher plus ».
const STEP: usize = 30;
const REST: Duration = Duration::from_millis(120);

pub fn pane(browse: Browse) -> AnyView {
    let annuaire = browse.annuaire;
    let ready = Memo::new(move |_| {
        browse.loaded.with(|loaded| loaded.as_ref().map(|loaded| !loaded.directory.cards.is_empty()))
    });
    let territory =
        move || browse.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.directory.territory.clone()));
    let public = annuaire.is_public();
    view! {
        <div class="annuaire">
            <div class="finder">
                <h1 id=LIST_TITLE tabindex="-1" class=if public { "list-title" } else { "list-title from-tablet" }>"Annuaire"</h1>
                {public.then(|| view! { <p class="second">{territory}</p> })}
                <TroubleBand id="annuaire-trouble" trouble=annuaire.trouble()/>
                {move || (ready.get() == Some(true)).then(|| view! {
                    {search_box::search_box(browse)}
                    {chips::chips(browse)}
                    <div class="count-line"><Count browse/>{order::order(browse)}</div>
                })}
            </div>
            {move || match (ready.get(), annuaire.state().get()) {
                (Some(true), _) => list(browse),
                (Some(false), _) => nobody(public),
                (None, State::Absent) => absent(),
                (None, _) => view! { <p class="loading" role="status">"L’annuaire s’ouvre…"</p> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// How many cards answer; told once the fingers rest, or a screen reader would count each key.
#[component]
fn Count(browse: Browse) -> impl IntoView {
    let count = move || {
        browse.found.with(|found| counted(found.as_ref().map_or(0, |found| found.cards.len()), "fiche", "fiches"))
    };
    view! { <p role="status" aria-live="polite"><b>{count}</b></p> }
}

fn list(browse: Browse) -> AnyView {
    // Of which answer, and how many of its lines: a new answer begins with what a screen holds.
    let drawn = RwSignal::new((0, AT_ONCE));
    let of = |found: &Option<Arc<Found>>| found.as_ref().map_or(0, |found| Arc::as_ptr(found) as usize);
    let limit = move || {
        let (answer, lines) = drawn.get();
        if browse.found.with(of) == answer { lines } else { AT_ONCE }
    };
    let resting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let answer = browse.found.with(of);
        if let Some(waiting) = resting.get_value() {
            waiting.clear();
        }
        let rest = move || {
            drawn.try_set((answer, STEP));
        };
        resting.set_value(set_timeout_with_handle(rest, REST).ok());
    });
    let lines = move || {
        let (Some(loaded), Some(found)) = (browse.loaded.get(), browse.found.get()) else { return Vec::new() };
        // The card open beside the list is marked in it.
        browse.chosen.track();
        let (now, from) = (browse.now.get_untracked(), browse.from());
        browse.query.with_untracked(|query| {
            let ranks = found.cards.iter().take(limit());
            ranks
                .filter_map(|rank| Some(line::line(browse, &loaded, *rank, card_at(&loaded, *rank)?, now, query, from)))
                .collect()
        })
    };
    // Nothing is offered before the fingers rest: it would come and go under them.
    let left = Memo::new(move |_| {
        let limit = limit();
        let all = browse.found.with(|found| found.as_ref().map_or(0, |found| found.cards.len()));
        if limit < STEP { 0 } else { all.saturating_sub(limit) }
    });
    let more = move |_| drawn.update(|(_, lines)| *lines += STEP);
    view! {
        <ul class="entries" role="list">{lines}</ul>
        {move || (left.get() > 0).then(|| view! {
            <div class="actions more">
                <button type="button" class="second-button wide" on:click=more>
                    {move || format!("Afficher plus, {} encore", counted(left.get(), "fiche", "fiches"))}
                </button>
            </div>
        })}
        {wider::wider(browse)}
        {foot(browse)}
    }
    .into_any()
}

/// How old the file is, and its paper.
fn foot(browse: Browse) -> AnyView {
    let fresh = move || {
        let day = browse.loaded.with(|loaded| loaded.as_ref().and_then(|loaded| loaded.directory.updated_on))?;
        Some(format!("Annuaire mis à jour le {}.", domain::french::full_day(day.0)))
    };
    let checked = move || {
        let at = browse.annuaire.checked().get()?;
        let at = at.local(crate::platform::clock::offset_minutes(at));
        Some(format!(" Vérifié à {}.", domain::french::time(at)))
    };
    let print = move || {
        let base = if browse.annuaire.is_public() { route::PUBLIC_PRINT } else { route::ANNUAIRE_PRINT };
        let query = browse.query.with(domain::annuaire::search::Query::write);
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    };
    view! {
        <footer class="list-foot">
            <p class="second">{fresh}{checked}</p>
            <a class="quiet" href=print><Icon name=Glyph::Print/>"Imprimer cette liste"</a>
        </footer>
    }
    .into_any()
}

/// A territory that has imported nobody yet.
fn nobody(public: bool) -> AnyView {
    let fills = !public && fills(use_notebook());
    view! {
        <section class="empty">
            <Icon name=Glyph::Directory/>
            <h2>"L’annuaire est encore vide"</h2>
            <p>"Il montrera qui travaille dans le territoire, avec un numéro à toucher, même sans réseau."</p>
            {if fills {
                view! {
                    <p>"Commencez par le fichier officiel de l’Annuaire Santé\u{a0}: vous verrez ce qui changerait avant de rien écrire."</p>
                    <a class="main-button" href=route::IMPORTS><Icon name=Glyph::Download/>"Importer un fichier"</a>
                }.into_any()
            } else {
                view! { <p>"La coordination le remplit depuis le fichier officiel de l’Annuaire Santé. Il arrivera ici tout seul."</p> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// A device that never received it.
fn absent() -> AnyView {
    view! {
        <section class="empty">
            <Icon name=Glyph::Directory/>
            <h2>"L’annuaire n’est pas encore sur cet appareil"</h2>
            <p>"Il arrive tout seul avec le réseau, puis reste ici, même hors connexion. Gardez cette page ouverte un instant quand le réseau sera là."</p>
        </section>
    }
    .into_any()
}
