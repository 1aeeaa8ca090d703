//! Somebody of the directory, found by any of the words one looks people up by, without a network.

use chrono::Datelike;
use domain::Value;
use domain::annuaire::search::{Context, Order, Query};
use domain::form::Question;
use domain::french::counted;
use domain::id::RecordId;
use leptos::prelude::*;

use super::changed::Erase;
use crate::annuaire::{Loaded, State, use_annuaire, words};
use crate::platform::page;
use crate::route;
use crate::ui::called::card;
use crate::ui::form::{control_id, use_sheet};
use crate::ui::line::{ActionLine, LineText};

/// Cards proposed at once: more words make them fewer.
const PROPOSED: usize = 5;

pub fn view(question: &'static Question) -> AnyView {
    let sheet = use_sheet();
    let annuaire = use_annuaire();
    let loaded = annuaire.loaded();
    let answer = sheet.value(question);
    let typed = RwSignal::new(String::new());
    let now = sheet.notebook.local(sheet.notebook.now());
    // Somebody is oriented: nobody comes first twice, and everybody finds the same order all day.
    let context = Context { now, at: None, day_seed: u64::from(now.num_days_from_ce().unsigned_abs()) };
    let found = Memo::new(move |_| {
        let text = typed.with(|typed| typed.trim().to_owned());
        let loaded = loaded.get().filter(|_| !text.is_empty())?;
        let query = Query { text, order: Order::Neutral, ..Query::default() };
        Some(loaded.index.cards(&loaded.directory, &query, &context))
    });
    let choose = move |id: RecordId| {
        typed.set(String::new());
        sheet.choose(question, id.to_string().into());
        // What was touched is gone: the keyboard goes to who was chosen.
        request_animation_frame(move || page::focus(&chosen_id(question)));
    };
    let lines = move || {
        let (found, loaded) = (found.get()?, loaded.get()?);
        let shown = found.iter().take(PROPOSED).filter_map(|rank| {
            let (id, text) = proposed(&loaded, *rank)?;
            Some(view! { <ActionLine text action=move || choose(id)/> })
        });
        Some(view! { <ul class="lines" role="list">{shown.collect_view()}</ul> })
    };
    let said = move || match (annuaire.state().get(), found.with(|found| found.as_ref().map(Vec::len))) {
        (State::Loading, _) => Some("L’annuaire se lit…".to_owned()),
        (State::Absent, _) => {
            Some("L’annuaire n’est pas encore sur cet appareil. Il vient tout seul avec le réseau.".into())
        }
        (State::Ready, Some(0)) => Some("Aucune fiche de l’annuaire ne répond à ces mots.".into()),
        (State::Ready, Some(count)) if count > PROPOSED => {
            Some(format!("{} répondent. Ajoutez un mot.", counted(count, "fiche", "fiches")))
        }
        (State::Ready, _) => None,
    };
    let control = control_id(question.id);
    view! {
        {move || answer.get().map(|chosen| chosen_card(question, &chosen))}
        <div class="field">
            <input
                id=control.clone()
                type="search"
                placeholder="Nom, métier, commune…"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=format!("{control}-e")
                bind:value=typed
            />
        </div>
        {move || lines()}
        <p class="second" role="status">{move || said()}</p>
        <Erase question/>
    }
    .into_any()
}

fn chosen_id(question: &Question) -> String {
    format!("{}-chosen", control_id(question.id))
}

/// Who was chosen, led to her card.
fn chosen_card(question: &Question, chosen: &Value) -> AnyView {
    let name = card(chosen);
    let name = match chosen.as_str().and_then(|id| id.parse().ok()) {
        Some(id) => view! { <a href=route::card(id)>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! { <p class="q-value" id=chosen_id(question) tabindex="-1">{name}</p> }.into_any()
}

/// « Dr Paul Exemple », « Médecin généraliste, Auterive »
fn proposed(loaded: &Loaded, rank: u32) -> Option<(RecordId, LineText)> {
    let directory = &*loaded.directory;
    let card = directory.cards.get(rank)?;
    let town = card.entry.sites.values().find_map(|site| site.address.as_ref());
    let second = [
        words::profession(&card.entry, &directory.lists),
        town.map(|at| words::town(at, directory)).unwrap_or_default(),
    ];
    let second = second.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let tag = card.entry.gone_since.map(|_| "n’apparaît plus au RPPS");
    Some((card.id, LineText { name: words::full_name(&card.entry), second, tag }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::annuaire::directory::Directory;
    use domain::annuaire::entry::{Address, Card, Coded, Entry, Site};
    use domain::annuaire::search::Index;

    use super::*;

    /// One card: somebody of Auterive, who may have left the register.
    fn loaded(id: RecordId, gone: bool) -> Loaded {
        let address = Address { town: "AUTERIVE".into(), ..Address::default() };
        let entry = Entry {
            name: "COMBES".into(),
            given_name: Some("LISE".into()),
            profession: Some(Coded { code: "999".into(), label: "Sage-femme".into() }),
            sites: [("a".to_owned(), Site { address: Some(address), ..Site::default() })].into(),
            gone_since: domain::day_of("2026-11-01").filter(|_| gone).map(domain::Day),
            ..Entry::default()
        };
        let directory = Directory { cards: [Card { id, entry }].into_iter().collect(), ..Directory::default() };
        Loaded { index: Arc::new(Index::new(&directory)), directory: Arc::new(directory) }
    }

    #[test]
    fn a_card_is_proposed_with_what_tells_it_from_another() {
        let id = "019ab000-0000-7000-8000-000000000001".parse().expect("an id");
        let line = |gone, rank| proposed(&loaded(id, gone), rank);
        let text = |tag| LineText { name: "Lise Combes".to_owned(), second: "Sage-femme, Auterive".to_owned(), tag };
        assert_eq!(line(false, 0), Some((id, text(None))));
        assert_eq!(line(true, 0), Some((id, text(Some("n’apparaît plus au RPPS")))));
        assert_eq!(line(false, 1), None, "the directory was replaced meanwhile");
    }
}
