//! Figures that the server counted: on the screen, on paper, in a spreadsheet. Each part is written with its whole.

use domain::Glyph;
use domain::figures::{Cell, Choice, Document, HIDDEN, LEAST, Table};
use domain::french::{NBSP, decimal, full_day, sentence_case};
use domain::id::RecordId;
use leptos::prelude::*;

use super::reading::person_of;
use crate::notebook::{CSV, EXCEL, Notebook, use_notebook};
use crate::platform::page;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

/// Columns of a table beyond which it is set smaller.
const BROAD: usize = 6;

/// Some figures of a programme, as a page reads them.
#[derive(Clone, Copy)]
pub struct Reading {
    notebook: Notebook,
    programme: &'static str,
    id: &'static str,
    pub document: RwSignal<Option<Document>>,
    pub attempt: Attempt,
}

impl Reading {
    /// Asks for them at once.
    pub fn new(programme: &'static str, id: &'static str, of: Option<RecordId>) -> Self {
        let notebook = use_notebook();
        let reading = Self { notebook, programme, id, document: RwSignal::new(None), attempt: Attempt::new() };
        reading.ask(of);
        reading
    }

    /// Asks for them again, of another record or of the same one.
    pub fn ask(self, of: Option<RecordId>) {
        self.attempt.read(async move {
            let document = self.notebook.figures(self.programme, self.id, of).await?;
            self.document.try_set(Some(document));
            Ok(())
        });
    }

    /// The record they are of.
    fn of(self) -> Option<RecordId> {
        let of = |document: &Document| document.choices.iter().find(|choice| choice.chosen).map(|choice| choice.record);
        self.document.with_untracked(|document| document.as_ref().and_then(of))
    }
}

/// A page of figures; `back`: address and name of the page above.
pub fn figures(
    programme: &'static str,
    id: &'static str,
    title: &'static str,
    back: (&'static str, &'static str),
) -> AnyView {
    let reading = Reading::new(programme, id, None);
    let notebook = reading.notebook;
    let files = Attempt::new();
    let hand_over = move |shape: (&'static str, &'static str)| {
        let (Some(programme), Some(document)) =
            (domain::programmes::programme(programme), reading.document.get_untracked())
        else {
            return;
        };
        files.run(async move { notebook.figures_file(programme, id, &document, shape).await });
    };
    let territory = notebook.account().with_untracked(|account| account.as_ref().map(|one| one.territory_name.clone()));
    view! {
        <Page title=title>
            <p class="print-only second">{territory}", le "{full_day(notebook.today())}</p>
            <Below back title><p class="second">{move || reading.document.with(|document| document.as_ref().map(|one| one.title.clone()))}</p></Below>
            {unread(reading, "Ces chiffres se comptent sur le serveur, avec le réseau. Rien n’est perdu. Réessayez quand il sera là.")}
            {move || reading.document.get().map(|document| view! {
                {choices(reading, document.choices)}
                <div class="actions screen-only">
                    <button type="button" class="second-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer"</button>
                    <button type="button" class="second-button" disabled=files.busy on:click=move |_| hand_over(EXCEL)><Icon name=Glyph::Download/>"Excel"</button>
                    <button type="button" class="second-button" disabled=files.busy on:click=move |_| hand_over(CSV)><Icon name=Glyph::Table/>"CSV"</button>
                </div>
                <TroubleBand id="file-trouble" trouble=files.trouble/>
                {document.notes.into_iter().map(|note| view! { <p class="figures-note">{note}</p> }).collect_view()}
                {document.tables.into_iter().map(|one| table(notebook, one)).collect_view()}
            })}
        </Page>
    }
    .into_any()
}

/// While they are not here: that they are counted, or why they are not.
pub fn unread(reading: Reading, message: &'static str) -> AnyView {
    let again = move |_| reading.ask(reading.of());
    view! {
        <div role="status">
            {move || (reading.attempt.busy.get() && reading.document.with(Option::is_none)).then_some("Comptage…")}
        </div>
        {move || reading.attempt.trouble.with(Option::is_some).then(|| view! {
            <Band tone=Tone::Notice glyph=Glyph::Clock message>
                <button type="button" class="second-button" on:click=again>"Réessayer"</button>
            </Band>
        })}
    }
    .into_any()
}

/// What they may be asked of instead.
pub fn choices(reading: Reading, choices: Vec<Choice>) -> AnyView {
    if choices.len() < 2 {
        return ().into_any();
    }
    let chip = |choice: Choice| {
        let Choice { record, label, chosen } = choice;
        let ask = move |_| reading.ask(Some(record));
        view! { <button type="button" class="chip" aria-pressed=chosen.to_string() on:click=ask>{label}</button> }
    };
    let chips = choices.into_iter().map(chip).collect_view();
    view! { <div class="chips screen-only" role="group" aria-label="Choisir ce qui est compté">{chips}</div> }
        .into_any()
}

/// One table, each row read by itself on a telephone.
pub fn table(notebook: Notebook, table: Table) -> AnyView {
    let Table { id, title, note, head, rows } = table;
    let figure = |rank: usize| rows.iter().any(|row| row.get(rank).is_some_and(is_figure));
    let heads = head.iter().enumerate().map(|(rank, text)| {
        view! { <th scope="col" class:n=figure(rank)>{text.clone()}</th> }
    });
    let heads = heads.collect_view();
    let columns = head.len();
    let hidden = rows.iter().flatten().any(|cell| *cell == Cell::Hidden);
    let empty = rows.is_empty();
    let body = rows.into_iter().map(|row| {
        let cells = row.into_iter().enumerate().map(|(rank, one)| {
            let head = head.get(rank).cloned().unwrap_or_default();
            let figure = is_figure(&one);
            let inside = cell(notebook, one);
            if rank == 0 {
                view! { <th scope="row">{inside}</th> }.into_any()
            } else {
                view! { <td class:n=figure data-head=head>{inside}</td> }.into_any()
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let body = body.collect_view();
    let (region, caption) = (title.clone(), title.clone());
    view! {
        <section class="figures" class:broad={columns > BROAD} id=format!("tableau-{id}")>
            <h2>{title}</h2>
            {(!note.is_empty()).then(|| view! { <p class="second">{note}</p> })}
            {empty.then(|| view! { <p>"Rien à compter ici pour l’instant."</p> })}
            <div class="table" hidden=empty tabindex="0" role="region" aria-label=region>
                <table>
                    <caption class="visually-hidden">{caption}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {hidden.then(|| view! {
                <p class="second">{format!("{}{NBSP}: le groupe compte moins de {LEAST}{NBSP}personnes, ou permettrait d’en retrouver un aussi petit.", sentence_case(HIDDEN))}</p>
            })}
        </section>
    }
    .into_any()
}

const fn is_figure(cell: &Cell) -> bool {
    matches!(cell, Cell::Count(_) | Cell::Part { .. } | Cell::Hidden)
}

/// One cell; of a part, the rate, what it is out of, and a bar.
fn cell(notebook: Notebook, cell: Cell) -> AnyView {
    let tenths = cell.tenths();
    match cell {
        Cell::Text(text) => text.into_any(),
        Cell::Count(count) => decimal(count, 0).into_any(),
        // Out of nobody there is no rate, and no bar that would read as none of them.
        Cell::Part { of: 0, .. } => view! { <span class="nowrap">"0 / 0"</span> }.into_any(),
        Cell::Part { count, of } => {
            let rate = tenths.map(|tenths| format!("{}{NBSP}%", decimal(i64::from(tenths), 1)));
            let width = tenths.unwrap_or_default().to_string();
            view! {
                <span class="part">
                    <span><b>{rate}</b>" "<span class="nowrap">{format!("{count} / {of}")}</span></span>
                    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="whole" width="1000" height="10"/><rect width=width height="10"/>
                    </svg>
                </span>
            }
            .into_any()
        }
        Cell::Hidden => view! { <span class="second">{HIDDEN}</span> }.into_any(),
        Cell::Record(id) => {
            // Whose the record is, for who holds it.
            let held = notebook.record(id);
            let name = move || {
                let shown = held.get()?;
                let person = shown.parent().map_or(Some(shown), |parent| notebook.record(parent).get())?;
                Some(person_of(&person).name())
            };
            (move || name().unwrap_or_else(|| "Fiche qui n’est pas sur cet appareil".to_owned())).into_any()
        }
        Cell::Account(id) => id.to_string().into_any(),
    }
}
