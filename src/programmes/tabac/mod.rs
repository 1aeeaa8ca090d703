//! The views of Moi(s) sans tabac.

mod begin;
mod book;
mod calls;
mod challenger;
mod challengers;
mod draw;
mod draw_sheet;
mod draws;
mod follow;
mod freeze;
mod pair;

use domain::id::RecordId;
use domain::programmes::tabac::PROGRAMME;
use leptos::prelude::*;

use crate::pages::figures;

/// The page that leads to the views.
const HUB: (&str, &str) = ("/programme/tabac", PROGRAMME.name);
const CHALLENGERS: &str = "/programme/tabac/challengers";

/// The view of this identifier; `None`: there is no such view.
pub fn view(id: &str, record: Option<RecordId>) -> Option<AnyView> {
    Some(match (id, record) {
        ("appels", None) => calls::view(),
        ("challengers", None) => challengers::view(),
        ("challenger", Some(record)) => challenger::view(record),
        ("tirage", None) => draw::view(),
        ("tirage", Some(record)) => draw::one(record),
        ("bilan", None) => figures::figures(PROGRAMME.id, "bilan", "Résultats et bilan", HUB),
        _ => return None,
    })
}

/// What waits in the view of this identifier; `None`: it never says.
pub fn left(id: &str) -> Option<Memo<String>> {
    (id == "challengers").then(challengers::left)
}
