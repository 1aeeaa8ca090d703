//! How a record is named among its like: « 2026 », « Marché de Saverdun, 24 nov. 2026 ».

use domain::french::{sentence_case, short_day};
use domain::people::{PERSON, Person};
use domain::{Value, programmes};
use leptos::prelude::*;
use sync::Shown;

use super::typeset::typeset;
use crate::notebook::Notebook;

/// What the answers that name its kind say; when there is none, the day it was begun. Followed inside a memo or a view.
pub fn name(notebook: Notebook, shown: &Shown) -> String {
    if shown.kind == PERSON.id {
        return Person::of(&shown.values()).name();
    }
    named(shown).unwrap_or_else(|| {
        let one = sentence_case(programmes::kind(&shown.kind).map_or("saisie", |kind| kind.one));
        format!("{one} du {}", short_day(notebook.local(shown.created_at).date(), notebook.today()))
    })
}

/// The record that a link names.
pub fn called(notebook: Notebook, link: &Value) -> String {
    let there = link.as_str().and_then(|id| id.parse().ok()).and_then(|id| notebook.record(id).get());
    there.map_or_else(|| "Une fiche qui n’est pas sur cet appareil".to_owned(), |shown| name(notebook, &shown))
}

fn named(shown: &Shown) -> Option<String> {
    let kind = programmes::kind(&shown.kind)?;
    let form = kind.form_of(&shown.form_version)?;
    let answer = |field: &&str| form.question(field)?.read_back(&shown.fields.get(*field)?.value);
    let told: Vec<String> = kind.called.iter().filter_map(answer).filter(|text| !text.is_empty()).collect();
    (!told.is_empty()).then(|| typeset(&told.join(", ")))
}
