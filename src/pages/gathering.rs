//! A record that belongs to the territory, and the people who have to do with it: a session, and who came.

use std::sync::Arc;

use domain::Glyph;
use domain::form::Kind;
use domain::french::sentence_case;
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{PERSON, Person};
use domain::programme::{List, RecordKind};
use domain::programmes::{PROGRAMMES, kind};
use leptos::prelude::*;
use sync::Shown;

use super::answers::AllAnswers;
use super::reading::{may_write, person_of, tag};
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::called::name;
use crate::ui::icon::Icon;
use crate::ui::line::{LineText, LinkLine};
use crate::ui::page::Page;

/// What says of a person that she has to do with a record of this kind: its list, the kind that says so, and the question
/// that names the record.
fn gathers(of: &str) -> Option<(&'static List, &'static RecordKind, &'static str)> {
    let list = PROGRAMMES.iter().flat_map(|programme| programme.lists).find(|list| list.kind == of)?;
    let gathers = kind(list.gathers.as_ref()?.kind)?;
    let links = gathers.form().questions().find(|(_, one)| matches!(one.kind, Kind::Link(to) if to == of))?;
    Some((list, gathers, links.1.id))
}

/// Whether the page of such a record says more than its form.
pub fn is_gathered(kind: &RecordKind) -> bool {
    gathers(kind.id).is_some()
}

#[component]
pub fn Gathering(record: RecordId, kind: &'static RecordKind) -> impl IntoView {
    let notebook = use_notebook();
    let Some((list, gathers, named)) = gathers(kind.id) else { return ().into_any() };
    let (shown, account) = (notebook.record(record), notebook.account());
    let (all, people) = (notebook.records(gathers.id), notebook.records(PERSON.id));
    let here = Memo::new(move |_| all.with(|all| people.with(|people| here(all, people, named, record))));
    let may = move |kind: &'static RecordKind| account.with(|account| may_write(account.as_ref(), kind));
    let lines = move || {
        let line = |(person, of, tag): (RecordId, Person, Option<&'static str>)| {
            view! { <LinkLine href=route::person(person) text=LineText { name: of.name(), second: of.commune, tag }/> }
        };
        let here = here.get();
        if here.is_empty() {
            return view! { <p>"Rien n’est encore noté pour les personnes de votre carnet."</p> }.into_any();
        }
        view! {
            <ul class="lines" role="list">{here.into_iter().map(line).collect_view()}</ul>
            <p class="second">"Vous voyez ici les personnes de votre carnet."</p>
        }
        .into_any()
    };
    let (one, many) = (sentence_case(gathers.one), list.gathers.as_ref().map_or("", |gathers| gathers.many));
    view! {
        <Page title=kind.form().title>
            <header class="title">
                <a class="back" href=route::list(list.id)><Icon name=Glyph::Back/>{list.title}</a>
                <h1 id="title" tabindex="-1">{move || shown.with(|shown| shown.as_ref().map(|shown| name(notebook, shown)))}</h1>
            </header>
            <h2>{move || told(here.with(Vec::len), &one, many)}</h2>
            {lines}
            <div class="actions">
                {move || may(gathers).then(|| view! {
                    <a class="main-button" href=route::start_for(gathers.id, named, record)><Icon name=Glyph::Plus/>{gathers.start}</a>
                })}
                {move || may(kind).then(|| view! {
                    <a class="second-button" href=route::entry(record)><Icon name=Glyph::Edit/>{format!("Corriger {}", kind.the)}</a>
                })}
                <a class="second-button" href=route::history(record)><Icon name=Glyph::Clock/>"Historique"</a>
            </div>
            <AllAnswers record kind person=record/>
        </Page>
    }
    .into_any()
}

/// « Présences : 12 »
fn told(count: usize, one: &str, many: &str) -> String {
    format!("{}\u{a0}: {count}", if count < 2 { one } else { many })
}

/// Everybody of whom one of these says so, once, by name; what is to be noticed is of the newest that says it.
fn here(
    all: &[Arc<Shown>],
    people: &[Arc<Shown>],
    named: &str,
    record: RecordId,
) -> Vec<(RecordId, Person, Option<&'static str>)> {
    let record = record.to_string();
    let mut here: Vec<(RecordId, Person, Option<&'static str>)> = Vec::new();
    for shown in all.iter().filter(|shown| shown.fields.get(named).is_some_and(|field| field.value == record.as_str()))
    {
        let whose = people.iter().find(|person| Some(person.id) == shown.parent());
        if let Some(person) = whose.filter(|person| here.iter().all(|(id, ..)| *id != person.id)) {
            here.push((person.id, person_of(person), tag(shown)));
        }
    }
    sort_by_key(&mut here, |(_, person, _)| person.sort_key());
    here
}

#[cfg(test)]
mod tests {
    use domain::record::{FINISHED_AT, PARENT, Value};

    use super::super::reading::fixture::{id, person, record};
    use super::*;

    #[test]
    fn how_many_came_is_told_as_french_counts() {
        let told = [0, 1, 2].map(|count| told(count, "Présence", "Présences"));
        assert_eq!(told, ["Présence\u{a0}: 0", "Présence\u{a0}: 1", "Présences\u{a0}: 2"]);
    }

    #[test]
    fn who_came_is_told_once_by_name_and_nobody_of_another_record() {
        let lists = PROGRAMMES.iter().flat_map(|programme| programme.lists);
        let (_, kind, named) = lists.into_iter().find_map(|list| gathers(list.kind)).expect("one that gathers people");
        let says = |number, of: u128, to: u128, finished: bool| {
            let mut fields: Vec<(&str, Value)> =
                vec![(PARENT, id(of).to_string().into()), (named, id(to).to_string().into())];
            fields.extend(finished.then_some((FINISHED_AT, 0.into())));
            record(number, kind.id, 0, &fields)
        };
        let people = [person(1, "Odette", "Salvan"), person(2, "Josette", "Roques")];
        let all = [
            says(10, 1, 9, true),
            says(11, 2, 9, false),
            says(12, 1, 9, true),
            says(13, 2, 8, true),
            says(14, 3, 9, true),
        ];
        let found = here(&all, &people, named, id(9));
        let told: Vec<_> = found.iter().map(|(id, person, tag)| (*id, person.name(), *tag)).collect();
        assert_eq!(
            told,
            [(id(2), "Josette Roques".to_owned(), Some("à finir")), (id(1), "Odette Salvan".to_owned(), None)]
        );
    }
}
