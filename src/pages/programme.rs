//! A programme: what begins in it, what there is to do, its lists.

use domain::Glyph;
use domain::people::Role;
use domain::programme::{Programme, View};
use domain::programmes::{self, kind};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::absent::AbsentPage;
use super::reading::may_write;
use super::stand;
use crate::notebook::use_notebook;
use crate::programmes::{left, view as view_of};
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::page::Page;

/// The programme an address names, and the view below it.
#[component]
pub fn ProgrammePage() -> impl IntoView {
    let params = use_params_map();
    let account = use_notebook().account();
    let named = Memo::new(move |_| ["programme", "view", "record"].map(|name| params.with(|params| params.get(name))));
    let roles = Memo::new(move |_| account.get().map(|account| account.roles).unwrap_or_default());
    live(move || {
        let [programme, view, record] = named.get();
        let Some(programme) = programme.and_then(|id| programmes::programme(&id)) else {
            return AbsentPage().into_any();
        };
        let Some(view) = view else { return view! { <Hub programme roles/> }.into_any() };
        let open = programme.views.iter().find(|one| one.id == view).is_some_and(|one| may_read(one, &roles.get()));
        let record = match record.map(|text| text.parse()) {
            Some(Err(_)) => return AbsentPage().into_any(),
            Some(Ok(record)) => Some(record),
            None => None,
        };
        let drawn = open.then(|| view_of(programme.id, &view, record)).flatten();
        drawn.unwrap_or_else(|| AbsentPage().into_any())
    })
}

/// A view that names no reader is led to from a record: whoever holds the record reads it.
pub(super) fn may_read(view: &View, roles: &[Role]) -> bool {
    view.readers.is_empty() || roles.iter().any(|role| view.readers.contains(role))
}

#[component]
fn Hub(programme: &'static Programme, roles: Memo<Vec<Role>>) -> impl IntoView {
    let notebook = use_notebook();
    let account = notebook.account();
    let starts = kind(programme.tile.starts);
    let tile = |href: String, glyph: Glyph, verb: &'static str, place: &'static str| {
        view! { <li><a class="tile" href=href><Icon name=glyph/><b>{verb}</b><span>{place}</span></a></li> }
    };
    let begins = move || {
        let starts = starts.filter(|kind| account.with(|account| may_write(account.as_ref(), kind)));
        let first =
            starts.map(|kind| tile(route::start(kind.id), programme.glyph, programme.tile.verb, programme.tile.place));
        let held = (programme.venue.is_some() && stand::opens(notebook))
            .then(|| tile(route::OPEN_STAND.to_owned(), Glyph::Pin, "Ouvrir", "un stand"));
        (first.is_some() || held.is_some()).then(|| view! { <ul class="tiles" role="list">{first}{held}</ul> })
    };
    let line = |href: String, glyph: Glyph, title: &'static str, left: Option<Memo<String>>| {
        let left = move || left.map(|left| left.get()).filter(|left| !left.is_empty());
        view! {
            <li>
                <a class="line" href=href>
                    <Icon name=glyph/>
                    <span class="line-text"><b>{title}</b>{move || left().map(|left| view! { <span>{left}</span> })}</span>
                    <Icon name=Glyph::Forward/>
                </a>
            </li>
        }
    };
    let views = move || {
        let roles = roles.get();
        let read = |one: &&View| !one.readers.is_empty() && may_read(one, &roles);
        let views = programme.views.iter().filter(read);
        let line = |one: &View| {
            line(route::view(programme.id, one.id, None), one.glyph, one.title, left(programme.id, one.id))
        };
        views.map(line).collect_view()
    };
    let lists =
        programme.lists.iter().map(|list| line(route::list(list.id), Glyph::Table, list.title, None)).collect_view();
    view! {
        <Page title=programme.name>
            <header class="title"><h1 id="title" tabindex="-1">{programme.name}</h1></header>
            {move || begins()}
            <ul class="lines" role="list">{move || views()}{lists}</ul>
        </Page>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_read_by_its_readers_and_one_of_a_record_by_whoever_holds_it() {
        let view = |readers| View { id: "a", title: "", glyph: Glyph::Chart, readers };
        assert!(may_read(&view(&[Role::Coordinator]), &[Role::Professional, Role::Coordinator]));
        assert!(!may_read(&view(&[Role::Coordinator]), &[Role::Professional]));
        assert!(may_read(&view(&[]), &[Role::Professional]));
    }
}
