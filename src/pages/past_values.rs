//! What the same question was answered before, to tell which of several values is likely.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::form::{field_label, is_measure};
use domain::french::full_day;
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::programmes::kind;
use domain::record::Value;
use leptos::prelude::*;
use sync::Shown;

use super::reading::{finished_at, form_of, started_at};
use super::told;
use crate::notebook::use_notebook;
use crate::ui::line_chart::{Point, line_chart};
use crate::ui::typeset::typeset;

/// So many former values at most: what is older says little of today.
const LAST: usize = 4;

/// The answers to the same question in finished records of the same person and kind, oldest first.
pub fn past(shown: &Shown, siblings: &[Arc<Shown>], field: &str) -> Vec<(domain::Timestamp, Value)> {
    let mut past: Vec<_> = siblings
        .iter()
        .filter(|other| other.id != shown.id && finished_at(other).is_some() && started_at(other) < started_at(shown))
        .filter_map(|other| Some((started_at(other), other.fields.get(field)?.value.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    sort_by_key(&mut past, |(at, _)| *at);
    let old = past.len().saturating_sub(LAST);
    past.split_off(old)
}

/// `rivals`: who wrote each value in dispute.
#[component]
pub fn PastValues(record: RecordId, field: String, rivals: Vec<(String, Value)>) -> impl IntoView {
    let notebook = use_notebook();
    let shown = notebook.record(record).get_untracked()?;
    let kind = kind(&shown.kind)?;
    let siblings = notebook.children(shown.parent()?, kind.id).get_untracked();
    let form = form_of(&shown);
    let past = past(&shown, &siblings, &field);
    if past.is_empty() {
        return None;
    }
    let day = |at| -> NaiveDate { notebook.local(at).date() };
    let tell = |value: &Value| told::value(form, &field, value, &|_| None, &|at| notebook.local(at));
    let lines = past
        .iter()
        .map(|(at, value)| view! { <div><dt>{full_day(day(*at))}</dt><dd>{tell(value)}</dd></div> })
        .collect_view();
    let chart = is_measure(form, &field).then(|| {
        let point = |at, value: &Value, label| Some(Point { on: day(at), value: value.as_i64()?, label });
        let former: Vec<Point> = past.iter().filter_map(|(at, value)| point(*at, value, tell(value))).collect();
        let now = started_at(&shown);
        let rivals: Vec<Point> = rivals
            .iter()
            .filter_map(|(name, value)| point(now, value, format!("{}, {}", tell(value), initial(name))))
            .collect();
        let words = format!("Avant\u{a0}: {}. En présence\u{a0}: {}.", listed(&former), listed(&rivals));
        line_chart(&former, &rivals, &words, notebook.today())
    });
    let title = format!("{}, avant", typeset(field_label(form, &field)));
    Some(view! {
        <section class="past">
            <h3>{title}</h3>
            {chart}
            <dl class="facts">{lines}</dl>
        </section>
    })
}

/// « C. Vidal »
fn initial(name: &str) -> String {
    match (name.chars().next(), name.split_once(' ')) {
        (Some(first), Some((_, family))) => format!("{first}.\u{a0}{family}"),
        _ => name.to_owned(),
    }
}

fn listed(points: &[Point]) -> String {
    points.iter().map(|point| point.label.as_str()).collect::<Vec<_>>().join("\u{202f}; ")
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::record::{FINISHED_AT, PARENT};

    use super::super::reading::fixture::{DAY, id, record};
    use super::super::reading::kinds_of_person;
    use super::*;

    #[test]
    fn an_author_is_named_in_short() {
        assert_eq!(initial("Claire Vidal"), "C.\u{a0}Vidal");
        assert_eq!(initial("Administration"), "Administration");
    }

    #[test]
    fn former_answers_come_oldest_first_without_drafts_nor_later_ones() {
        let kind = kinds_of_person().next().expect("a kind").id;
        let one = |number: u128, at: i64, finished: bool, value: Value| {
            let mut fields = vec![(PARENT, Value::from(id(1).to_string())), ("weight", value)];
            if finished {
                fields.push((FINISHED_AT, Value::from(at)));
            }
            record(number, kind, at, &fields)
        };
        let now = one(9, 9 * DAY, false, 684.into());
        let siblings = [
            one(2, 5 * DAY, true, 691.into()),
            one(3, DAY, true, 702.into()),
            one(4, 6 * DAY, false, 1.into()),
            one(5, 7 * DAY, true, Value::Null),
            one(6, 12 * DAY, true, 2.into()),
            now.clone(),
        ];
        let expected = vec![(Timestamp(DAY), Value::from(702)), (Timestamp(5 * DAY), Value::from(691))];
        assert_eq!(past(&now, &siblings, "weight"), expected);
    }
}
