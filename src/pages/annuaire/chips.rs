//! Filters one touches: each says how many cards there would be with it, before it is touched.

use domain::Glyph;
use domain::annuaire::lists::Lists;
use domain::annuaire::search::{Chip, Context, Facet, Query};
use leptos::prelude::*;

use super::browse::Browse;
use super::filters::Filters;
use crate::annuaire::Loaded;
use crate::ui::icon::Icon;

/// Those at hand without opening anything, where the territory knows it of somebody.
fn usual() -> Vec<Chip> {
    vec![
        Chip::new(Facet::Visits, ""),
        Chip::new(Facet::Open, ""),
        Chip::new(Facet::NewPatients, ""),
        Chip::new(Facet::Language, "LSF"),
    ]
}

/// Trades shown while nothing else is known of anybody.
const TRADES: usize = 3;

/// Every chip of this directory, with its count when nothing is asked.
pub fn all(browse: Browse) -> Memo<Vec<(Chip, usize)>> {
    Memo::new(move |_| {
        let context = Context { now: browse.now.get_untracked(), at: None, day_seed: 0 };
        let of = |loaded: &Loaded| loaded.index.find(&loaded.directory, &Query::default(), &context).counts;
        browse.loaded.with(|loaded| loaded.as_ref().map(of).unwrap_or_default())
    })
}

/// The row above the list.
pub fn chips(browse: Browse) -> AnyView {
    let everything = all(browse);
    let asking = RwSignal::new(false);
    let hours = Memo::new(move |_| {
        let open = Chip::new(Facet::Open, "");
        browse.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.index.knows(&open)))
    });
    let shown = Memo::new(move |_| {
        let known = everything.get();
        // At night nobody is open, and it is worth saying; where nobody told hours, it is not.
        let is_known = |chip: &Chip| match chip.facet {
            Facet::Open => hours.get(),
            _ => known.iter().any(|(one, count)| one == chip && *count > 0),
        };
        let mut shown: Vec<Chip> = usual().into_iter().filter(is_known).collect();
        if shown.len() < 2 {
            let mut trades: Vec<&(Chip, usize)> =
                known.iter().filter(|(chip, _)| chip.facet == Facet::Profession).collect();
            domain::order::sort_by_key(&mut trades, |(_, count)| std::cmp::Reverse(*count));
            shown.extend(trades.into_iter().take(TRADES).map(|(chip, _)| chip.clone()));
        }
        // What is in force is always in sight, hence always one touch from being taken away.
        let others = browse.filters.with(|filters| filters.chips().to_vec());
        let others: Vec<Chip> = others.into_iter().filter(|chip| !shown.contains(chip)).collect();
        shown.extend(others);
        shown
    });
    let others = move || {
        let count = browse.filters.with(|filters| filters.chips().len());
        if count == 0 { "Tous les filtres".to_owned() } else { format!("Tous les filtres ({count})") }
    };
    view! {
        <div class="chips" role="group" aria-label="Filtrer l’annuaire">
            {move || shown.get().into_iter().map(|chip| one(browse, chip)).collect_view()}
            <button type="button" class="chip" aria-haspopup="dialog" on:click=move |_| asking.set(true)>{move || others()}</button>
        </div>
        <Filters browse open=asking everything/>
    }
    .into_any()
}

/// One filter and its count.
pub fn one(browse: Browse, chip: Chip) -> AnyView {
    let words = browse.loaded.with_untracked(|loaded| loaded.as_ref().map(|loaded| label(&chip, loaded)));
    let (pressed, counted, touched) = (chip.clone(), chip.clone(), chip);
    let is_on = Memo::new(move |_| browse.filters.with(|filters| filters.has(&pressed)));
    let count = Memo::new(move |_| browse.count(&counted));
    view! {
        <button type="button" class="chip" aria-pressed=move || is_on.get().to_string()
            on:click=move |_| browse.toggle(touched.clone())>
            {move || is_on.get().then(|| view! { <Icon name=Glyph::Check/> })}
            {words}" "<small>{count}</small>
        </button>
    }
    .into_any()
}

/// « À domicile », « Langue des signes (LSF) »
pub fn label(chip: &Chip, loaded: &Loaded) -> String {
    let lists: &Lists = &loaded.directory.lists;
    let named = loaded.index.label(chip).map(str::to_owned);
    match (chip.facet, chip.code.as_str()) {
        (Facet::Visits, "") => "À domicile".to_owned(),
        (Facet::Open, _) => "Ouvert".to_owned(),
        (Facet::NewPatients, _) => "Nouveaux patients".to_owned(),
        (Facet::Kind, "person") => "Personnes".to_owned(),
        (Facet::Kind, "structure") => "Structures".to_owned(),
        (Facet::Kind, "service") => "Services".to_owned(),
        (Facet::Visits, code) => format!("À domicile à {}", named.as_deref().unwrap_or(code)),
        (Facet::Language, "LSF") => "LSF".to_owned(),
        (Facet::Sector, code) => match code {
            "1" | "2" | "3" => format!("Secteur\u{a0}{code}"),
            _ => format!("Secteur\u{a0}: {code}"),
        },
        (Facet::Who, _) => named.unwrap_or_else(|| who(chip, lists)),
        (_, code) => named.unwrap_or_else(|| code.to_owned()),
    }
}

/// A code that any list may know.
fn who(chip: &Chip, lists: &Lists) -> String {
    let all = [&lists.professions, &lists.competences, &lists.equipment, &lists.engagements, &lists.structures];
    let found = all.into_iter().flatten().find(|item| item.code == chip.code);
    found.map_or_else(|| chip.code.clone(), |item| item.label.clone())
}
