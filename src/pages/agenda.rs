//! The day: what is late, what is begun, what falls due this week. Pure, so that it can be tested to the minute.

use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime};
use domain::french::{counted, join, sentence_case, short_day, time};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{Person, Purpose};
use domain::programme::{Span, Task};
use domain::programmes::PROGRAMMES;
use domain::programmes::kind;
use domain::{Due, due};
use sync::Shown;

use super::reading::{Clock, consents_of, finished_at, person_of, sections_done, started_at};
use crate::route;

/// Days ahead that the day's page shows, at most: a task of a week is not announced the day it is begun.
const AHEAD: u64 = 7;

/// A seventh of the time between two, and never more than a week.
fn ahead(task: &Task) -> u64 {
    let span = match task.after {
        Span::Days(days) => u64::from(days),
        Span::Months(months) => u64::from(months) * 30,
    };
    (span / 7).min(AHEAD)
}

/// What the agenda is made from.
pub struct World<'a> {
    pub people: &'a [Arc<Shown>],
    pub consents: &'a [Arc<Shown>],
    /// Records of every programme, drafts included.
    pub records: &'a [Arc<Shown>],
    /// Whose values two people disagree on, once for each.
    pub to_check: &'a [String],
}

/// One line of the agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub when: When,
    pub name: String,
    pub what: String,
    pub href: String,
    pub phone: String,
}

/// What the margin says; also the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Days of delay, negated so that the longest comes first.
    Late(i64),
    /// Two people disagree.
    ToCheck,
    /// A form begun and not finished.
    Begun(NaiveDateTime),
    /// A person whose consent is still to be asked.
    Consent,
    Due(NaiveDate),
}

impl When {
    /// Margin text: its strong part, then the rest.
    pub fn words(&self, today: NaiveDate) -> (String, &'static str) {
        match self {
            Self::Late(days) => (format!("{}\u{a0}j", -days), "de retard"),
            Self::ToCheck => (String::new(), "à vérifier"),
            Self::Begun(at) if at.date() == today => (time(*at), ""),
            Self::Begun(at) => (short_day(at.date(), today), ""),
            Self::Consent => (String::new(), "à demander"),
            Self::Due(on) if *on == today => (String::new(), "ce jour"),
            Self::Due(on) => (short_day(*on, today), ""),
        }
    }
}

/// Late first, then what is begun, then what comes.
pub fn agenda(world: &World<'_>, today: NaiveDate, clock: Clock<'_>) -> Vec<Item> {
    let mut items: Vec<Item> =
        world.people.iter().filter(|person| person.held).map(|person| ask_consent(person)).collect();
    items.extend(to_settle(world.to_check));
    let drafts = world.records.iter().filter(|record| finished_at(record).is_none());
    items.extend(drafts.filter_map(|draft| to_finish(draft, world, clock)));
    for task in PROGRAMMES.iter().flat_map(|programme| programme.tasks) {
        items.extend(world.people.iter().filter_map(|person| to_do_again(task, person, world, today, clock)));
    }
    sort_by_key(&mut items, |item| (item.when.clone(), item.name.clone()));
    items
}

fn ask_consent(shown: &Shown) -> Item {
    let person = person_of(shown);
    Item {
        when: When::Consent,
        name: person.name(),
        what: "Accord à demander, rien ne part d’ici".into(),
        href: route::entry(shown.id),
        phone: String::new(),
    }
}

/// One line for all of them: they are settled on one page.
fn to_settle(names: &[String]) -> Option<Item> {
    let mut people = names.to_vec();
    people.dedup();
    (!names.is_empty()).then(|| Item {
        when: When::ToCheck,
        name: join(&people),
        what: counted(names.len(), "valeur à choisir, notée deux fois", "valeurs à choisir, notées deux fois"),
        href: route::TO_CHECK.to_owned(),
        phone: String::new(),
    })
}

fn to_finish(draft: &Shown, world: &World<'_>, clock: Clock<'_>) -> Option<Item> {
    let owner = draft.parent()?;
    let consents: Vec<(Purpose, bool)> = consents_of(owner, world.consents);
    let one = sentence_case(kind(&draft.kind)?.one);
    let progress = sections_done(draft, &consents).map(|(done, all)| format!(", {done} sur {all}")).unwrap_or_default();
    Some(Item {
        when: When::Begun(clock(started_at(draft))),
        name: owner_of(owner, world.people)?.name(),
        what: format!("{one} à finir{progress}"),
        href: route::entry(draft.id),
        phone: String::new(),
    })
}

/// `None` when it is not due this week, or already begun again.
fn to_do_again(
    task: &'static Task,
    shown: &Shown,
    world: &World<'_>,
    today: NaiveDate,
    clock: Clock<'_>,
) -> Option<Item> {
    let due = next_due(task, shown.id, world.records, clock)?;
    if due.on > today.checked_add_days(Days::new(ahead(task)))? {
        return None;
    }
    let person = person_of(shown);
    let (when, what) = match due.late_by(today) {
        Some(days) => (When::Late(-days), format!("{}, échéance le {}", task.label, short_day(due.on, today))),
        None => (When::Due(due.on), task.label.to_owned()),
    };
    Some(Item { when, name: person.name(), what, href: route::person(shown.id), phone: person.phone })
}

/// When a task falls due for a person; `None` when nothing was ever finished, or when a newer record is under way.
pub fn next_due(task: &'static Task, person: RecordId, records: &[Arc<Shown>], clock: Clock<'_>) -> Option<Due> {
    let hers = || records.iter().filter(|record| record.kind == task.kind && record.parent() == Some(person));
    let finished = hers().filter_map(|record| finished_at(record)).max()?;
    let under_way = hers().any(|record| finished_at(record).is_none() && started_at(record) > finished);
    (!under_way).then(|| due(task, clock(finished).date()))
}

fn owner_of(id: RecordId, people: &[Arc<Shown>]) -> Option<Person> {
    people.iter().find(|person| person.id == id).map(|shown| person_of(shown))
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::programme::Span;

    use super::super::reading::fixture::{DAY, child, person};
    use super::*;

    fn clock(at: Timestamp) -> NaiveDateTime {
        at.local(0)
    }

    /// The first task of the registry, and how many days after the epoch it falls due for a record finished then.
    fn task() -> (&'static Task, NaiveDate) {
        let task = PROGRAMMES.iter().flat_map(|programme| programme.tasks).next().expect("a task in the registry");
        assert!(matches!(task.after, Span::Months(_) | Span::Days(_)));
        (task, due(task, clock(Timestamp(0)).date()).on)
    }

    fn lines(people: &[Arc<Shown>], records: &[Arc<Shown>], today: NaiveDate) -> Vec<Item> {
        agenda(&World { people, consents: &[], records, to_check: &[] }, today, &clock)
    }

    fn later(day: NaiveDate, days: i64) -> NaiveDate {
        day + chrono::TimeDelta::days(days)
    }

    #[test]
    fn a_task_shows_a_week_before_and_counts_its_delay() {
        let (task, on) = task();
        let people = [person(1, "Josette", "Roques")];
        let records = [child(2, task.kind, 1, 0, Some(0))];
        assert_eq!(lines(&people, &records, later(on, -8)), []);
        assert_eq!(lines(&people, &records, later(on, -7))[0].when, When::Due(on));
        assert_eq!(lines(&people, &records, on)[0].when.words(on), (String::new(), "ce jour"));
        let late = &lines(&people, &records, later(on, 4))[0];
        assert_eq!(late.when.words(later(on, 4)), ("4\u{a0}j".to_owned(), "de retard"));
        assert!(late.what.starts_with(task.label));
    }

    #[test]
    fn a_draft_takes_the_place_of_its_task() {
        let (task, on) = task();
        let people = [person(1, "Josette", "Roques")];
        let records = [child(2, task.kind, 1, 0, Some(0)), child(3, task.kind, 1, DAY, None)];
        let lines = lines(&people, &records, later(on, 30));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].href, route::entry(records[1].id));
    }

    #[test]
    fn only_the_newest_finished_record_counts() {
        let (task, on) = task();
        let people = [person(1, "Josette", "Roques")];
        let records = [child(2, task.kind, 1, 0, Some(0)), child(3, task.kind, 1, 40 * DAY, Some(40 * DAY))];
        assert_eq!(lines(&people, &records, on), []);
    }

    #[test]
    fn late_comes_first_the_longest_delay_before() {
        let mut all = [When::Due(NaiveDate::MIN), When::Consent, When::Late(-2), When::ToCheck, When::Late(-9)];
        all.sort();
        assert_eq!(all[..3], [When::Late(-9), When::Late(-2), When::ToCheck]);
    }

    #[test]
    fn all_that_is_to_settle_is_one_line() {
        let names = ["Mme Salvan", "Mme Salvan", "M. Delpech"].map(str::to_owned);
        let item = to_settle(&names).expect("a line");
        assert_eq!((item.name.as_str(), item.href.as_str()), ("Mme Salvan et M. Delpech", route::TO_CHECK));
        assert!(item.what.starts_with("3\u{a0}valeurs"));
        assert_eq!(to_settle(&[]), None);
    }

    #[test]
    fn a_held_person_waits_for_her_consent() {
        let mut held = (*person(1, "Odette", "Salvan")).clone();
        held.held = true;
        let lines = lines(&[Arc::new(held)], &[], NaiveDate::MIN);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].when, When::Consent);
    }
}
