//! The rows of a list, as its description asks for them.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::form::{Answers, Outcome, State};
use domain::french::{sentence_case, short_day};
use domain::order::sort_by_key;
use domain::people::Person;
use domain::programme::{Cell, Keep, List, Order};
use sync::Shown;

use super::reading::{Clock, consents_of, finished_at, form_of, outcome, person_of, started_at, status};

/// One record of a list with what its columns and filters need.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub record: Arc<Shown>,
    pub person: Person,
    parent: Option<Arc<Shown>>,
    outcome: Option<Outcome>,
    status: String,
}

/// Every record of the list in its order.
pub fn rows(
    list: &List,
    records: &[Arc<Shown>],
    people: &[Arc<Shown>],
    consents: &[Arc<Shown>],
    clock: Clock<'_>,
) -> Vec<Row> {
    let mut rows: Vec<Row> = records
        .iter()
        .map(|record| {
            let parent = record.parent().and_then(|id| people.iter().find(|person| person.id == id)).cloned();
            let person = parent.as_deref().map(person_of).unwrap_or_default();
            let answered = parent.as_ref().map(|parent| consents_of(parent.id, consents)).unwrap_or_default();
            Row {
                outcome: outcome(record, person.birth_date, clock),
                status: status(record, &parent.as_ref().map(|parent| parent.values()).unwrap_or_default(), &answered),
                record: record.clone(),
                person,
                parent,
            }
        })
        .collect();
    match list.order {
        Order::NewestFirst => sort_by_key(&mut rows, |row| std::cmp::Reverse(started_at(&row.record))),
        Order::OldestFirst => sort_by_key(&mut rows, |row| started_at(&row.record)),
        Order::Name => sort_by_key(&mut rows, |row| row.person.sort_key()),
    }
    rows
}

/// Whether a filter keeps this row. A draft may already hold an abnormal finding: it is kept too.
pub fn keeps(keep: Keep, row: &Row) -> bool {
    match keep {
        Keep::Drafts => finished_at(&row.record).is_none(),
        Keep::Finished => finished_at(&row.record).is_some(),
        Keep::Abnormal(id) => row.outcome.as_ref().is_some_and(|outcome| {
            outcome.findings.iter().any(|finding| finding.id == id && finding.state == State::Abnormal)
        }),
        Keep::Is(question, code) => Answers(&row.record.values()).is(question, code),
    }
}

/// The text of one cell; empty when nothing is known.
pub fn cell(value: Cell, row: &Row, today: NaiveDate, clock: Clock<'_>) -> String {
    match value {
        Cell::Parent => row.person.name(),
        Cell::ParentField(field) => row.parent.as_deref().map(|parent| answer(parent, field)).unwrap_or_default(),
        Cell::Started => short_day(clock(started_at(&row.record)).date(), today),
        Cell::Status => sentence_case(&row.status),
        Cell::Answer(question) => answer(&row.record, question),
        Cell::Headline => row.outcome.as_ref().map(|outcome| outcome.headline.clone()).unwrap_or_default(),
    }
}

fn answer(shown: &Shown, question: &str) -> String {
    let value = shown.fields.get(question).map(|field| &field.value);
    form_of(shown)
        .and_then(|form| form.question(question))
        .zip(value)
        .and_then(|(question, value)| question.read_back(value))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::programmes::PROGRAMMES;

    use super::super::reading::fixture::{DAY, child, person};
    use super::*;

    fn clock(at: Timestamp) -> chrono::NaiveDateTime {
        at.local(0)
    }

    fn list() -> &'static List {
        PROGRAMMES.iter().flat_map(|programme| programme.lists).next().expect("a list in the registry")
    }

    fn sample() -> Vec<Row> {
        let people = [person(1, "Odette", "Salvan"), person(2, "Josette", "Roques")];
        let records = [child(3, list().kind, 1, DAY, None), child(4, list().kind, 2, 0, Some(DAY))];
        rows(list(), &records, &people, &[], &clock)
    }

    #[test]
    fn a_row_is_named_after_its_person() {
        let rows = sample();
        let names: Vec<String> = rows.iter().map(|row| cell(Cell::Parent, row, NaiveDate::MIN, &clock)).collect();
        assert_eq!(names, ["Odette Salvan", "Josette Roques"]);
        assert_eq!(cell(Cell::ParentField("family_name"), &rows[0], NaiveDate::MIN, &clock), "Salvan");
        assert_eq!(cell(Cell::Started, &rows[0], NaiveDate::MIN, &clock), "2\u{a0}janv.\u{a0}1970");
        assert_eq!(cell(Cell::Status, &rows[1], NaiveDate::MIN, &clock), "Terminé");
    }

    #[test]
    fn drafts_and_finished_are_told_apart() {
        let rows = sample();
        assert_eq!(rows.iter().map(|row| keeps(Keep::Drafts, row)).collect::<Vec<_>>(), [true, false]);
        assert_eq!(rows.iter().map(|row| keeps(Keep::Finished, row)).collect::<Vec<_>>(), [false, true]);
        assert!(!rows.iter().any(|row| keeps(Keep::Is("no_such_question", "yes"), row)));
    }

    #[test]
    fn a_record_without_its_person_is_still_listed() {
        let records = [child(3, list().kind, 9, 0, None)];
        let rows = rows(list(), &records, &[], &[], &clock);
        assert_eq!(rows.len(), 1);
        assert_eq!(cell(Cell::ParentField("commune"), &rows[0], NaiveDate::MIN, &clock), "");
    }
}
