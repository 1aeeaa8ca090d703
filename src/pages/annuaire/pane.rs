//! The list: what is asked above, who answers below, drawn only as far as it is looked at.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;

use super::browse::Browse;
use super::list::{Drawn, STEP};
use super::{LIST_TITLE, chips, fills, list, order, search_box, wider};
use crate::annuaire::State;
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;

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
                {public.then(|| view! { <p class="second">{move || territory()}</p> })}
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
    view! { <p role="status" aria-live="polite"><b>{move || count()}</b></p> }
}

fn list(browse: Browse) -> AnyView {
    let drawn = Drawn::begin(browse);
    // Nothing is offered before the fingers rest: it would come and go under them.
    let left = Memo::new(move |_| {
        let limit = drawn.limit.get();
        let all = browse.found.with(|found| found.as_ref().map_or(0, |found| found.cards.len()));
        if limit < STEP { 0 } else { all.saturating_sub(limit) }
    });
    let more = move |_| drawn.limit.update(|lines| *lines += STEP);
    view! {
        {list::list(drawn)}
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
        // As what is said around the list: the address of the paper is not what she looks at while she types.
        browse.found.track();
        let query = browse.query.with_untracked(domain::annuaire::search::Query::write);
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    };
    view! {
        <footer class="list-foot">
            <p class="second">{move || fresh()}{move || checked()}</p>
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
