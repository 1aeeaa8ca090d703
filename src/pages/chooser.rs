//! Choosing one person among those this notebook holds.

use domain::id::RecordId;
use domain::people::PERSON;
use leptos::prelude::*;

use super::people::{SHOWN_AT_ONCE, Short, found, line};
use crate::notebook::use_notebook;
use crate::ui::line::ActionLine;
use crate::ui::search_box::SearchBox;

/// Everybody but `except`, and those who have not consented yet: nothing may be hung on them.
#[component]
pub fn PersonChooser(except: RecordId, chosen: RwSignal<Option<RecordId>>) -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let people = notebook.records(PERSON.id);
    let typed = RwSignal::new(String::new());
    let results = Memo::new(move |_| {
        let mut results = people.with(|people| typed.with(|typed| found(people, typed)));
        results.retain(|found| found.id != except && !found.held);
        results
    });
    let lines = move || {
        results
            .get()
            .iter()
            .take(SHOWN_AT_ONCE)
            .map(|found| {
                let id = found.id;
                view! { <ActionLine text=line(found, today) action=move || chosen.set(Some(id))/> }
            })
            .collect_view()
    };
    view! {
        <SearchBox label="Chercher un nom ou une commune" typed/>
        <ul class="lines" role="list">{move || lines()}</ul>
        <Short count=Signal::derive(move || results.with(Vec::len))/>
    }
}
