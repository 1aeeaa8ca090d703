//! The one box: a name, a trade, a place, what somebody can do, in any order.

use domain::Glyph;
use leptos::prelude::*;

use super::browse::Browse;
use crate::platform::page;
use crate::ui::icon::Icon;

const BOX: &str = "annuaire-box";
const LABEL: &str = "Chercher un nom, un métier, une commune";

pub fn search_box(browse: Browse) -> AnyView {
    let query = browse.query;
    let typed = move || query.with(|query| query.text.clone());
    let empty = Memo::new(move |_| query.with(|query| query.text.is_empty()));
    let clear = move |_| {
        query.update(|query| query.text.clear());
        page::focus(BOX);
    };
    view! {
        <form class="search" role="search" autocomplete="off" on:submit=move |event| event.prevent_default()>
            <Icon name=Glyph::Search/>
            <input id=BOX type="search" aria-label=LABEL placeholder="Nom, métier, commune…" autocomplete="off" autocapitalize="none"
                spellcheck="false" enterkeyhint="search" prop:value=typed
                on:input=move |event| query.update(|query| query.text = event_target_value(&event))/>
            {move || (!empty.get()).then(|| view! {
                <button type="button" class="round bare" aria-label="Effacer la recherche" on:click=clear><Icon name=Glyph::Cross/></button>
            })}
        </form>
    }
    .into_any()
}
