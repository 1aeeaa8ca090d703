//! The directory on the screen: the list and a card beside it, for members and for everybody; its paper; its imports.

mod browse;
mod card;
mod chips;
mod facts;
mod filters;
mod imports;
mod line;
mod list;
mod opening;
mod order;
mod pane;
mod print;
mod public;
mod report;
mod search_box;
mod wider;

use domain::Glyph;
use leptos::prelude::*;

use crate::annuaire::words;
use crate::platform::page;
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::page::Page;

use browse::Browse;

pub use imports::{ImportsPage, fills};
pub use print::{PrintPage, PublicPrintPage};
pub use public::{PublicAbsent, PublicPage, PublicShell};

/// Where the focus goes: the card's name, the head of the list.
const CARD_TITLE: &str = "title";
const LIST_TITLE: &str = "annuaire-title";

#[component]
pub fn AnnuairePage() -> impl IntoView {
    let browse = Browse::begin(route::ANNUAIRE);
    let open = browse.is_open();
    let focus = if open.get_untracked() { CARD_TITLE } else { LIST_TITLE };
    let list = move || pane::pane(browse);
    view! {
        <Page title="Annuaire" list=list open=Signal::from(open) focus=focus>{detail(browse)}</Page>
    }
}

/// The card beside the list; the focus follows what opens, and comes back to its line when it closes.
fn detail(browse: Browse) -> AnyView {
    Effect::new(move |before: Option<Option<domain::id::RecordId>>| {
        let now = browse.chosen.get();
        if let Some(before) = before
            && before != now
        {
            request_animation_frame(move || match (now, before) {
                (Some(_), _) => page::focus(CARD_TITLE),
                (None, Some(left)) => page::focus(&line::id_of(left)),
                (None, None) => {}
            });
        }
        now
    });
    view! {
        <div class="detail">
            {move || match browse.chosen.get() {
                Some(id) => card::card(browse, id),
                None => view! {
                    <section class="empty">
                        <Icon name=Glyph::Directory/>
                        <h2>"Qui cherchez-vous\u{202f}?"</h2>
                        <p>"Touchez une fiche de la liste\u{a0}: elle s’ouvre ici, avec son numéro et ce qu’on sait d’elle."</p>
                    </section>
                }.into_any(),
            }}
        </div>
    }
    .into_any()
}
