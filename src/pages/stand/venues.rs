//! What a stand may be held for: the venues of the programmes, today and on the days to come.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::day_of;
use domain::form::Kind;
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::programmes::{PROGRAMMES, kind};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use sync::Shown;

use super::opens;
use crate::notebook::{Notebook, use_notebook};
use crate::route;
use crate::ui::called;

/// One of them, as it is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub record: RecordId,
    /// « Marché de Saverdun, 24 nov. »
    pub label: String,
    /// « Marché de Saverdun »: what the stand is called then.
    pub name: String,
    /// It is the day.
    pub today: bool,
}

/// Every venue of today and later, the nearest first.
pub fn venues(notebook: Notebook) -> Memo<Vec<Choice>> {
    let kinds = PROGRAMMES.iter().filter_map(|programme| programme.venue);
    let records: Vec<Signal<Vec<Arc<Shown>>>> = kinds.map(|kind| notebook.records(kind)).collect();
    Memo::new(move |_| {
        let today = notebook.today();
        let all = records.iter().flat_map(|records| records.get());
        let mut near: Vec<(Option<NaiveDate>, Choice)> = all
            .map(|shown| (day(&shown), shown))
            .filter(|(day, _)| day.is_none_or(|day| day >= today))
            .map(|(day, shown)| {
                let (label, name) = (called::name(notebook, &shown), first_word(&shown));
                (day, Choice { record: shown.id, label, name, today: day == Some(today) })
            })
            .collect();
        // One without a day comes last.
        sort_by_key(&mut near, |(day, choice)| (day.is_none(), *day, choice.record));
        near.into_iter().map(|(_, choice)| choice).collect()
    })
}

/// The one she comes from, else the one that is held today; `None` when there are several: she says which.
fn first_of(venues: &[Choice], from: Option<RecordId>) -> Option<&Choice> {
    let mut today = venues.iter().filter(|venue| venue.today);
    let named = venues.iter().find(|venue| Some(venue.record) == from);
    named.or_else(|| today.next().filter(|_| today.next().is_none()))
}

/// Where a stand is opened for this very record: a venue of today or later.
pub fn opening(notebook: Notebook, shown: &Shown) -> Option<String> {
    let held = PROGRAMMES.iter().any(|programme| programme.venue == Some(shown.kind.as_str()));
    let to_come = day(shown).is_none_or(|day| day >= notebook.today());
    (held && to_come && opens(notebook)).then(|| format!("{}#{}", route::OPEN_STAND, shown.id))
}

/// The day among the answers that name it.
fn day(shown: &Shown) -> Option<NaiveDate> {
    let kind = kind(&shown.kind)?;
    let on = kind.called.iter().find(|id| {
        kind.form().question(id).is_some_and(|question| matches!(question.kind, Kind::Date | Kind::AnyDay))
    })?;
    day_of(shown.fields.get(*on)?.value.as_str()?)
}

/// The first text among the answers that name it.
fn first_word(shown: &Shown) -> String {
    let text = kind(&shown.kind).and_then(|kind| {
        let text = kind
            .called
            .iter()
            .find(|id| kind.form().question(id).is_some_and(|question| matches!(question.kind, Kind::Text { .. })))?;
        Some(shown.fields.get(*text)?.value.as_str()?.to_owned())
    });
    text.unwrap_or_default()
}

/// « Pour quel stand ? »: nothing is asked where no programme holds one.
#[component]
pub fn Venues(chosen: RwSignal<Option<RecordId>>, name: RwSignal<String>) -> impl IntoView {
    let venues = venues(use_notebook());
    let known = move |name: &str| venues.with_untracked(|venues| venues.iter().any(|venue| venue.name == name));
    let choose = move |venue: Option<Choice>| {
        // A name that was typed stays; one that another choice gave does not.
        if name.with_untracked(|name| name.trim().is_empty() || known(name)) {
            name.set(venue.as_ref().map(|venue| venue.name.clone()).unwrap_or_default());
        }
        chosen.set(venue.map(|venue| venue.record));
    };
    // The one she comes from, else what is planned for today, is what the stand is for, until she says otherwise.
    let touched = StoredValue::new(false);
    let from = use_location().hash.with_untracked(|hash| hash.trim_start_matches('#').parse().ok());
    Effect::new(move |_| {
        let first = venues.with(|venues| first_of(venues, from).cloned());
        if !touched.get_value() && chosen.get_untracked().is_none() && first.is_some() {
            choose(first);
        }
    });
    let answer = move |venue: Option<Choice>| {
        let record = venue.as_ref().map(|venue| venue.record);
        let label = venue.as_ref().map_or_else(|| "Aucun en particulier".to_owned(), |venue| venue.label.clone());
        view! {
            <label class="answer">
                <input type="radio" name="stand-venue" autocomplete="off" prop:checked=move || chosen.get() == record
                    on:change=move |_| {
                        touched.set_value(true);
                        choose(venue.clone());
                    }/>
                <span>{label}</span>
            </label>
        }
    };
    let answers = move || {
        let venues = venues.get();
        (!venues.is_empty()).then(|| {
            let all = venues.into_iter().map(Some).chain([None]);
            view! {
                <fieldset class="field stand-venues">
                    <legend>"Pour quel stand\u{202f}?"</legend>
                    <p class="hint">"Ce qui y sera noté sera compté pour lui."</p>
                    <div class="answers">{all.map(answer).collect_view()}</div>
                </fieldset>
            }
        })
    };
    view! { {move || answers()} }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn venue(number: u128, today: bool) -> Choice {
        let name = format!("Marché {number}");
        Choice { record: RecordId(Uuid::from_u128(number)), label: name.clone(), name, today }
    }

    #[test]
    fn the_stand_she_comes_from_is_chosen_else_the_one_of_today() {
        let all = [venue(1, true), venue(2, false)];
        assert_eq!(first_of(&all, None), Some(&all[0]));
        assert_eq!(first_of(&all[1..], None), None, "none of another day is held by mistake");
        assert_eq!(first_of(&[venue(1, true), venue(2, true)], None), None, "two of them: she says which");
        assert_eq!(first_of(&[], None), None);
        assert_eq!(first_of(&all, Some(all[1].record)), Some(&all[1]));
        assert_eq!(first_of(&all[..1], Some(all[1].record)), Some(&all[0]), "it is over, or gone");
    }
}
