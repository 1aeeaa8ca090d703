//! All the filters, by what they look at, in a dialog that says at once how many cards remain.

use domain::annuaire::search::{Chip, Facet};
use domain::french::counted;
use leptos::prelude::*;

use super::browse::Browse;
use super::chips;
use crate::ui::dialog::Dialog;

/// The parts of the dialog, in the order one thinks of them.
const PARTS: &[(Facet, &str)] = &[
    (Facet::Profession, "Métier"),
    (Facet::Commune, "Commune"),
    (Facet::Visits, "Va à domicile"),
    (Facet::NewPatients, "Prend de nouveaux patients"),
    (Facet::Open, "Ouvert maintenant"),
    (Facet::Competence, "Sait faire"),
    (Facet::Equipment, "Matériel"),
    (Facet::Language, "Langues"),
    (Facet::Access, "Accès"),
    (Facet::Sector, "Secteur conventionnel"),
    (Facet::Engagement, "Engagements"),
    (Facet::Structure, "Structures et services"),
    (Facet::Kind, "Sorte de fiche"),
    (Facet::Who, "Orientation"),
];
/// Parts that are open from the start: the others say how many of their filters are in force.
const OPEN: usize = 2;

#[component]
pub fn Filters(browse: Browse, open: RwSignal<bool>, everything: Memo<Vec<(Chip, usize)>>) -> impl IntoView {
    let left = move || browse.found.with(|found| found.as_ref().map_or(0, |found| found.cards.len()));
    let see = move || match left() {
        0 => "Aucune fiche\u{a0}: revenir".to_owned(),
        count => format!("Voir {}", counted(count, "fiche", "fiches")),
    };
    view! {
        <Dialog open title="Quels filtres\u{202f}?">
            {move || open.get().then(|| parts(browse, everything))}
            <div class="actions filters-foot">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>{move || see()}</button>
                <button type="button" class="quiet" on:click=move |_| browse.query.update(|query| query.filters = domain::annuaire::search::Filters::default())>
                    "Retirer tous les filtres"
                </button>
            </div>
        </Dialog>
    }
}

fn parts(browse: Browse, everything: Memo<Vec<(Chip, usize)>>) -> AnyView {
    let in_force = browse.query.with_untracked(|query| query.filters.chips().to_vec());
    let parts = PARTS
        .iter()
        .enumerate()
        .filter_map(|(rank, (facet, title))| {
            let mut chips: Vec<Chip> = everything.with_untracked(|all| {
                all.iter()
                    .filter(|(chip, count)| chip.facet == *facet && *count > 0)
                    .map(|(chip, _)| chip.clone())
                    .collect()
            });
            chips.extend(
                in_force
                    .iter()
                    .filter(|chip| chip.facet == *facet && !chips.contains(chip))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            if chips.is_empty() {
                return None;
            }
            let facet = *facet;
            let chosen = move || {
                let count =
                    browse.filters.with(|filters| filters.chips().iter().filter(|chip| chip.facet == facet).count());
                (count > 0).then(|| format!(" ({count})"))
            };
            let is_open = rank < OPEN || in_force.iter().any(|chip| chip.facet == facet);
            let chips = chips.into_iter().map(|chip| chips::one(browse, chip)).collect_view();
            Some(view! {
                <details class="filter-part" open=is_open>
                    <summary>{*title}{move || chosen()}</summary>
                    <div class="chips" role="group" aria-label=*title>{chips}</div>
                </details>
            })
        })
        .collect_view();
    parts.into_any()
}
