//! « Arrêter la liste »: who may win is frozen, each pair under letters of its own, before a witness says anything.

use chrono::{Datelike, NaiveDate};
use domain::figures::{Cell, Document, Table};
use domain::french::counted;
use domain::id::{AccountId, RecordId};
use domain::programmes::tabac::DRAW;
use domain::programmes::tabac::draw::{self, Pair};
use domain::programmes::tabac::settings::editions;
use domain::{Day, Glyph};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::book::Book;
use super::draw::{address, hash, told};
use super::draws::{Told, told_early};
use crate::pages::figures::{Reading, choices, table};
use crate::platform::random;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::dialog::Dialog;

/// Who may win, counted by the server, and the button that freezes them.
pub fn prepare(book: Book, reading: Reading, document: Document) -> AnyView {
    let navigate = use_navigate();
    let attempt = Attempt::new();
    let asking = RwSignal::new(false);
    let edition = document.choices.iter().find(|choice| choice.chosen).map(|choice| choice.record);
    let eligible: Vec<(RecordId, AccountId)> = document.tables.iter().flat_map(rows).collect();
    let count = eligible.len();
    let today = book.notebook.today();
    let (doubt, prizes, before) = untrack(|| {
        let (doubt, prizes) = book.read(|whole| {
            let editions = editions(&whole.records);
            let settings = editions.of(edition);
            let early = settings.draw_on.filter(|on| *on > today).map(told_early);
            (told_past(settings.year, today).or(early), settings.draw_prizes)
        });
        (doubt, prizes, told(book).into_iter().filter(|one| one.edition == edition).collect::<Vec<_>>())
    });
    let prizes = RwSignal::new(prizes.max(1));
    let freeze = move |_| {
        let (eligible, navigate) = (eligible.clone(), navigate.clone());
        attempt.leave(async move {
            let pairs = named(&eligible);
            let digest = draw::letters(&hash(&draw::frozen(&pairs)).await?);
            let mut begins = vec![
                ("frozen_on", Day(today).to_string().into()),
                ("pairs", draw::write(&pairs).into()),
                ("digest", digest.into()),
                ("prizes", prizes.get_untracked().into()),
            ];
            begins.extend(edition.map(|edition| ("edition", edition.to_string().into())));
            let id = book.notebook.create_with(&DRAW, None, begins).await?;
            book.notebook.settle();
            navigate(&address(id), NavigateOptions::default());
            Ok(())
        });
    };
    let notes = document.notes.into_iter().map(|note| view! { <p class="figures-note">{note}</p> }).collect_view();
    let others = document.tables.into_iter().filter(|table| table.id != "eligible");
    view! {
        {choices(reading, document.choices)}
        {doubt.clone().map(|message| view! { <Band tone=Tone::Notice glyph=Glyph::Calendar message/> })}
        <h2>{match count {
            0 => "Aucun binôme ne participe encore".to_owned(),
            _ => counted(count, "binôme participe", "binômes participent"),
        }}</h2>
        {notes}
        {others.map(|one| table(book.notebook, one)).collect_view()}
        <div class="draw-form">
            <div class="field">
                <label for="prizes">"Nombre de lots"</label>
                <input id="prizes" type="number" inputmode="numeric" min="1" max="99" autocomplete="off" prop:value=move || prizes.get()
                    on:input=move |event| prizes.set(event_target_value(&event).parse().unwrap_or(1).clamp(1, 99))/>
            </div>
            <TroubleBand id="freeze-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" aria-haspopup="dialog" disabled=count == 0 on:click=move |_| asking.set(true)>"Arrêter la liste"</button>
            </div>
        </div>
        <Dialog open=asking title="Arrêter la liste\u{202f}?">
            <p>{format!("{} y seront. Elle ne pourra plus changer.", counted(count, "binôme", "binômes"))}</p>
            {doubt.map(|words| view! { <p>{words}</p> })}
            {told_before(&before).map(|words| view! { <p>{words}</p> })}
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Attendre"</button>
                <button type="button" class="second-button" disabled=attempt.busy on:click=freeze>"Arrêter la liste"</button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// A draw of an edition whose year is over is a mistake as often as not.
fn told_past(year: i64, today: NaiveDate) -> Option<String> {
    let past = year > 0 && year < i64::from(today.year());
    past.then(|| format!("L’édition {year} est celle d’une année passée. Vérifiez que c’est bien elle que vous tirez."))
}

/// What was frozen for this edition already.
fn told_before(before: &[Told]) -> Option<String> {
    let left = before.iter().filter(|one| one.left).count();
    let all = counted(before.len(), "liste est déjà arrêtée", "listes sont déjà arrêtées");
    let never = match left {
        0 => String::new(),
        _ if left == before.len() => ", jamais tirée".to_owned() + if left > 1 { "s" } else { "" },
        _ => format!(", dont {}", counted(left, "jamais tirée", "jamais tirées")),
    };
    (!before.is_empty()).then(|| format!("{all} pour cette édition{never}. La feuille le dira."))
}

/// The person and the professional of each pair that may win.
fn rows(table: &Table) -> Vec<(RecordId, AccountId)> {
    let pair = |row: &Vec<Cell>| match row.as_slice() {
        [_, Cell::Record(person), Cell::Account(account)] => Some((*person, *account)),
        _ => None,
    };
    if table.id == "eligible" { table.rows.iter().filter_map(pair).collect() } else { Vec::new() }
}

/// Each with letters of its own.
fn named(eligible: &[(RecordId, AccountId)]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (person, account) in eligible {
        let id = loop {
            let id = draw::pair_id(random::bytes());
            if pairs.iter().all(|pair| pair.id != id) {
                break id;
            }
        };
        pairs.push(Pair { id, person: *person, account: *account });
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_of_a_former_year_is_doubted() {
        let told = |year, today: &str| told_past(year, today.parse().expect("a day"));
        assert!(told(2025, "2026-11-24").is_some_and(|words| words.starts_with("L’édition 2025")));
        assert_eq!([told(2026, "2026-12-16"), told(2027, "2026-12-16"), told(0, "2026-12-16")], [None, None, None]);
    }

    #[test]
    fn lists_frozen_before_are_counted_with_those_that_were_left() {
        let told = |left: &[bool]| {
            let one = |left: &bool| Told {
                id: RecordId(uuid::Uuid::nil()),
                edition: None,
                title: String::new(),
                state: String::new(),
                left: *left,
                early: None,
            };
            told_before(&left.iter().map(one).collect::<Vec<_>>())
        };
        let words = |middle: &str| Some(format!("{middle}. La feuille le dira.").replace('_', "\u{a0}"));
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[false]), words("1_liste est déjà arrêtée pour cette édition"));
        assert_eq!(told(&[true]), words("1_liste est déjà arrêtée pour cette édition, jamais tirée"));
        assert_eq!(told(&[true, true]), words("2_listes sont déjà arrêtées pour cette édition, jamais tirées"));
        assert_eq!(told(&[true, false]), words("2_listes sont déjà arrêtées pour cette édition, dont 1_jamais tirée"));
    }
}
