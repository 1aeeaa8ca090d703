//! The records of one kind, as a programme's list describes them.

use domain::Glyph;
use domain::french::counted;
use domain::people::{CONSENT, PERSON};
use domain::programme::{Cell, List, Programme};
use domain::programmes::{PROGRAMMES, kind};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::absent::AbsentPage;
use super::gathering::is_gathered;
use super::reading::{finished_at, is_begun_from_a_list, may_write, tag};
use super::rows::{Row, cell, keeps, rows};
use crate::notebook::{Notebook, use_notebook};
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::line::{LineText, LinkLine};
use crate::ui::live::live;
use crate::ui::page::Page;
use crate::ui::uncertain::mark;

#[component]
pub fn ListPage() -> impl IntoView {
    let params = use_params_map();
    let wanted = Memo::new(move |_| params.with(|params| params.get("list")));
    live(move || {
        let found = PROGRAMMES.iter().find_map(|programme| {
            Some((*programme, programme.lists.iter().find(|list| wanted.get().as_deref() == Some(list.id))?))
        });
        match found {
            Some((programme, list)) => view! { <Records programme list/> }.into_any(),
            None => AbsentPage().into_any(),
        }
    })
}

#[component]
fn Records(programme: &'static Programme, list: &'static List) -> impl IntoView {
    let notebook = use_notebook();
    let (records, people) = (notebook.records(list.kind), notebook.records(PERSON.id));
    let consents = notebook.records(CONSENT.id);
    let all = Memo::new(move |_| {
        let (records, people, consents) = (records.read(), people.read(), consents.read());
        rows(list, &records, &people, &consents, &|at| notebook.local(at))
    });
    // A memo: a record that arrives must not draw the chips anew under the fingers.
    let nothing = Memo::new(move |_| all.with(Vec::is_empty));
    // The rank of the chip that is pressed.
    let filter = RwSignal::new(None::<usize>);
    let kept = Memo::new(move |_| {
        let keep = filter.get().and_then(|rank| list.filters.get(rank)).map(|filter| filter.keep);
        let mut rows = all.get();
        rows.retain(|row| keep.is_none_or(|keep| keeps(keep, row)));
        rows
    });
    let account = notebook.account();
    let starts = kind(list.kind).filter(|kind| is_begun_from_a_list(kind));
    let start = move || {
        starts.filter(|kind| account.with(|account| may_write(account.as_ref(), kind))).map(
            |kind| view! { <a class="main-button" href=route::start(kind.id)><Icon name=Glyph::Plus/>{kind.start}</a> },
        )
    };
    let body = move || {
        if nothing.get() {
            return view! {
                <section class="empty">
                    <Icon name=programme.glyph/>
                    <h2>"Rien pour l’instant"</h2>
                    <p>{list.empty}</p>
                    {move || start()}
                </section>
            }
            .into_any();
        }
        view! {
            <Chips list all=all filter/>
            {move || if kept.with(Vec::is_empty) {
                view! { <p>"Aucune ligne avec ce filtre. Touchez-le à nouveau pour tout revoir."</p> }.into_any()
            } else {
                let rows = kept.get();
                view! {
                    <Table list notebook rows=rows.clone()/>
                    <Lines list notebook rows/>
                }.into_any()
            }}
            <div class="actions bottom">{move || start()}</div>
        }
        .into_any()
    };
    view! {
        <Page title=list.title>
            <header class="title">
                {(!programme.views.is_empty()).then(|| view! {
                    <a class="back" href=route::programme(programme.id)><Icon name=Glyph::Back/>{programme.name}</a>
                })}
                <h1 id="title" tabindex="-1">{list.title}</h1>
                <p class="second" role="status">{move || counted(kept.with(Vec::len), "ligne", "lignes")}</p>
            </header>
            {move || body()}
        </Page>
    }
}

/// One chip per filter, its count shown before it is touched; touching it again takes it off.
#[component]
fn Chips(list: &'static List, all: Memo<Vec<Row>>, filter: RwSignal<Option<usize>>) -> impl IntoView {
    let chips = list
        .filters
        .iter()
        .enumerate()
        .map(|(rank, described)| {
            let count = move || all.with(|rows| rows.iter().filter(|row| keeps(described.keep, row)).count());
            let pressed = move || filter.get() == Some(rank);
            view! {
                <button type="button" class="chip" aria-pressed=move || pressed().to_string()
                    on:click=move |_| filter.update(|now| *now = (*now != Some(rank)).then_some(rank))>
                    {described.title}" "<small>{move || count()}</small>
                </button>
            }
        })
        .collect_view();
    view! { <div class="chips" role="group" aria-label="Filtrer la liste">{chips}</div> }
}

/// On a desktop: every column.
#[component]
fn Table(list: &'static List, notebook: Notebook, rows: Vec<Row>) -> impl IntoView {
    let today = notebook.today();
    let head = list.columns.iter().map(|column| view! { <th scope="col">{column.title}</th> }).collect_view();
    let body = rows
        .into_iter()
        .map(|row| {
            let href = address(&row);
            let cells = list
                .columns
                .iter()
                .enumerate()
                .map(|(rank, column)| {
                    let text = cell(column.value, &row, today, &|at| notebook.local(at));
                    if rank == 0 {
                        let mark = mark(!row.record.conflicts.is_empty());
                        view! { <th scope="row"><a href=href.clone()>{text}</a>{mark}</th> }.into_any()
                    } else {
                        view! { <td>{text}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="table wide-only" tabindex="0" role="region" aria-label=list.title>
            <table>
                <caption class="visually-hidden">{list.title}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

/// On a phone or a tablet: the first column in roman, the others below it.
#[component]
fn Lines(list: &'static List, notebook: Notebook, rows: Vec<Row>) -> impl IntoView {
    let today = notebook.today();
    let lines = rows
        .into_iter()
        .map(|row| {
            let draft = finished_at(&row.record).is_none();
            let text = |column: &domain::programme::Column| cell(column.value, &row, today, &|at| notebook.local(at));
            let mut columns = list.columns.iter();
            let name = columns.next().map(text).unwrap_or_default();
            // A draft already carries its tag; its headline would speak of answers that are still to come.
            let rest: Vec<String> = columns
                .filter(|column| !(draft && matches!(column.value, Cell::Headline)))
                .map(text)
                .filter(|text| !text.is_empty())
                .collect();
            let text = LineText { name, second: rest.join(", "), tag: tag(&row.record) };
            view! { <LinkLine href=address(&row) text/> }
        })
        .collect_view();
    view! { <ul class="lines narrow-only" role="list">{lines}</ul> }
}

fn address(row: &Row) -> String {
    // What hangs on no person has no result: its form says all of it.
    let read = kind(&row.record.kind).is_some_and(|kind| kind.parent == Some(PERSON.id) || is_gathered(kind));
    if read && finished_at(&row.record).is_some() { route::sheet(row.record.id) } else { route::entry(row.record.id) }
}
