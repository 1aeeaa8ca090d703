//! A programme: what begins in it, what there is to do, its lists.

use domain::Glyph;
use domain::people::Role;
use domain::programme::{Programme, View};
use domain::programmes::{self, kind};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::absent::AbsentPage;
use super::reading::may_write;
use crate::notebook::use_notebook;
use crate::programmes::view as view_of;
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
    let account = use_notebook().account();
    let starts = kind(programme.tile.starts);
    let tile = move || {
        let starts = starts.filter(|kind| account.with(|account| may_write(account.as_ref(), kind)))?;
        Some(view! {
            <ul class="tiles" role="list">
                <li>
                    <a class="tile" href=route::start(starts.id)>
                        <Icon name=programme.glyph/><b>{programme.tile.verb}</b><span>{programme.tile.place}</span>
                    </a>
                </li>
            </ul>
        })
    };
    let line = |href: String, glyph: Glyph, title: &'static str| {
        view! {
            <li>
                <a class="line" href=href>
                    <Icon name=glyph/><span class="line-text"><b>{title}</b></span><Icon name=Glyph::Forward/>
                </a>
            </li>
        }
    };
    let views = move || {
        let roles = roles.get();
        let read = |one: &&View| !one.readers.is_empty() && may_read(one, &roles);
        let views = programme.views.iter().filter(read);
        views.map(|one| line(route::view(programme.id, one.id, None), one.glyph, one.title)).collect_view()
    };
    let lists = programme.lists.iter().map(|list| line(route::list(list.id), Glyph::Table, list.title)).collect_view();
    view! {
        <Page title=programme.name>
            <header class="title"><h1 id="title" tabindex="-1">{programme.name}</h1></header>
            <ul class="lines" role="list">{move || views()}{lists}</ul>
            {move || tile()}
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
