//! The day: what is late, what is begun, what falls due this week. Pure, so that it can be tested to the minute.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use domain::french::{counted, join, sentence_case, short_day, time};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{CONSENT, Person, Purpose};
use domain::programme::{Noted, Plan, Planned, Span, Task, When as Moment};
use domain::programmes::PROGRAMMES;
use domain::programmes::kind;
use domain::record::Fields;
use domain::{Due, due};
use sync::Shown;

use super::reading::{Clock, consents_of, finished_at, person_of, sections_done, started_at};
use crate::notebook::Own;
use crate::route;

/// Days ahead that the day's page shows, at most: a task of a week is not announced the day it is begun.
const AHEAD: u64 = 7;

/// A seventh of the time between two, and never more than a week.
fn ahead(span: Span) -> u64 {
    let span = match span {
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
    /// What belongs to the territory: plans are made from it too.
    pub common: &'a [Arc<Shown>],
    /// Whose values two people disagree on, once for each.
    pub to_check: &'a [String],
    /// Whose the people are: somebody else's calls are not told.
    pub own: &'a Own,
    /// What waits in views of programmes: « 4 à confier », where, the address of the view.
    pub left: &'a [(String, String, String)],
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
    /// Something that waits in a view, without a day.
    Left,
    Due(NaiveDate),
}

impl When {
    /// Margin text: its strong part, then the rest.
    pub fn words(&self, today: NaiveDate) -> (String, String) {
        let rest = |words: &str| (String::new(), words.to_owned());
        match self {
            Self::Late(days) => (format!("{}\u{a0}j", -days), "de retard".to_owned()),
            Self::ToCheck => rest("à vérifier"),
            Self::Begun(at) if at.date() == today => (time(*at), String::new()),
            Self::Begun(at) => in_margin(at.date(), today),
            Self::Consent => rest("à demander"),
            Self::Left => rest("à faire"),
            Self::Due(on) if *on == today => rest("ce jour"),
            Self::Due(on) => in_margin(*on, today),
        }
    }
}

/// The margin is narrow: the year of another year is below its day.
fn in_margin(on: NaiveDate, today: NaiveDate) -> (String, String) {
    let words = short_day(on, today);
    match words.rsplit_once('\u{a0}') {
        Some((day, year)) if on.year() != today.year() => (day.to_owned(), year.to_owned()),
        _ => (words, String::new()),
    }
}

/// Late first, then what is begun, then what comes.
pub fn agenda(world: &World<'_>, today: NaiveDate, clock: Clock<'_>) -> Vec<Item> {
    let mut items: Vec<Item> =
        world.people.iter().filter(|person| person.held).map(|person| ask_consent(person)).collect();
    items.extend(to_settle(world.to_check));
    items.extend(world.left.iter().map(|(left, place, href)| Item {
        when: When::Left,
        name: left.clone(),
        what: place.clone(),
        href: href.clone(),
        phone: String::new(),
    }));
    let drafts = world.records.iter().filter(|record| finished_at(record).is_none());
    items.extend(drafts.filter_map(|draft| to_finish(draft, world, clock)));
    for task in PROGRAMMES.iter().flat_map(|programme| programme.tasks) {
        match task.when {
            Moment::After(span) => {
                let again = |person: &Arc<Shown>| to_do_again((task, span), person, world, today, clock);
                items.extend(world.people.iter().filter_map(again));
            }
            Moment::Planned(plan) => {
                let common: Vec<Fields> = world.common.iter().map(|shown| shown.values()).collect();
                let common: Vec<Noted<'_>> = noted(world.common, &common);
                // By person once: everybody's records are not read again for each of them.
                let mut hanging: BTreeMap<RecordId, Vec<Arc<Shown>>> = BTreeMap::new();
                for shown in world.records.iter().chain(world.consents) {
                    if let Some(parent) = shown.parent() {
                        hanging.entry(parent).or_default().push(shown.clone());
                    }
                }
                for person in world.people {
                    let Some(hers) = hanging.get(&person.id) else { continue };
                    items.extend(of_plan((task, plan), (person, hers), &common, world.own, today, clock));
                }
            }
        }
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
    let above = world.people.iter().find(|person| person.id == owner).map(|person| person.values()).unwrap_or_default();
    let progress =
        sections_done(draft, &above, &consents).map(|(done, all)| format!(", {done} sur {all}")).unwrap_or_default();
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
    (task, span): (&'static Task, Span),
    shown: &Shown,
    world: &World<'_>,
    today: NaiveDate,
    clock: Clock<'_>,
) -> Option<Item> {
    let due = next_due(task, shown.id, world.records, clock)?;
    if due.on > today.checked_add_days(Days::new(ahead(span)))? {
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
    (!under_way).then(|| due(task, clock(finished).date())).flatten()
}

/// What a programme plans for one person, from her record, what hangs on it, and what is common. Who does not read her answers
/// does not hold what was done either: she would be told of it as due.
pub fn planned(
    plan: Plan,
    person: &Arc<Shown>,
    hanging: &[Arc<Shown>],
    common: &[Noted<'_>],
    today: NaiveDate,
    clock: Clock<'_>,
) -> Vec<Planned> {
    if !hanging.iter().any(|shown| shown.kind == CONSENT.id) {
        return Vec::new();
    }
    let hers: Vec<Arc<Shown>> = std::iter::once(person).chain(hanging).cloned().collect();
    let fields: Vec<Fields> = hers.iter().map(|shown| shown.values()).collect();
    let mut known = noted(&hers, &fields);
    known.extend(common);
    plan(&known, &domain::programme::Clock { today, day: &|at| clock(at).date() })
}

/// Records as rules over several of them read them.
pub fn noted<'a>(records: &'a [Arc<Shown>], fields: &'a [Fields]) -> Vec<Noted<'a>> {
    records.iter().zip(fields).map(|(shown, fields)| Noted { id: shown.id, kind: &shown.kind, fields }).collect()
}

/// What of a planned task whoever does it may do today; begun already, its draft is a line of its own.
fn of_plan(
    (task, plan): (&Task, Plan),
    (person, hers): (&Arc<Shown>, &[Arc<Shown>]),
    common: &[Noted<'_>],
    own: &Own,
    today: NaiveDate,
    clock: Clock<'_>,
) -> Vec<Item> {
    if hers.iter().any(|shown| shown.kind == task.kind && finished_at(shown).is_none()) {
        return Vec::new();
    }
    let mut planned = planned(plan, person, hers, common, today, clock);
    planned.retain(|one| one.from <= today && own.does(person.id, &one.whose));
    planned.into_iter().map(|one| to_plan(one, person, today)).collect()
}

fn to_plan(planned: Planned, shown: &Shown, today: NaiveDate) -> Item {
    let person = person_of(shown);
    let late = (today - planned.on).num_days();
    let label = if late > 0 {
        format!("{}, prévu le {}", planned.label, short_day(planned.on, today))
    } else {
        planned.label.to_owned()
    };
    let what = [label, planned.detail].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let when = if late > 0 { When::Late(-late) } else { When::Due(planned.on) };
    Item { when, name: person.name(), what, href: route::person(shown.id), phone: person.phone }
}

fn owner_of(id: RecordId, people: &[Arc<Shown>]) -> Option<Person> {
    people.iter().find(|person| person.id == id).map(|shown| person_of(shown))
}

#[cfg(test)]
mod tests {
    use super::super::reading::fixture::{DAY, child, person};
    use super::*;
    use domain::Timestamp;

    fn clock(at: Timestamp) -> NaiveDateTime {
        at.local(0)
    }

    /// The first task of the registry, and how many days after the epoch it falls due for a record finished then.
    fn task() -> (&'static Task, NaiveDate) {
        let task = PROGRAMMES.iter().flat_map(|programme| programme.tasks).next().expect("a task in the registry");
        (task, due(task, clock(Timestamp(0)).date()).expect("a task after a span").on)
    }

    fn lines(people: &[Arc<Shown>], records: &[Arc<Shown>], today: NaiveDate) -> Vec<Item> {
        let own = Own::default();
        agenda(
            &World { people, consents: &[], records, common: &[], to_check: &[], own: &own, left: &[] },
            today,
            &clock,
        )
    }

    fn later(day: NaiveDate, days: i64) -> NaiveDate {
        day + chrono::TimeDelta::days(days)
    }

    #[test]
    fn what_waits_in_a_view_is_told_before_what_comes() {
        let (task, on) = task();
        let (people, records) = ([person(1, "Josette", "Roques")], [child(2, task.kind, 1, 0, Some(0))]);
        let left = [("4 personnes à confier".to_owned(), "Un programme".to_owned(), "/there".to_owned())];
        let own = Own::default();
        let told = |today| {
            let world = World {
                people: &people,
                consents: &[],
                records: &records,
                common: &[],
                to_check: &[],
                own: &own,
                left: &left,
            };
            agenda(&world, today, &clock).into_iter().map(|item| item.name).collect::<Vec<_>>()
        };
        assert_eq!(told(later(on, -3)), ["4 personnes à confier", "Josette Roques"]);
        assert_eq!(told(later(on, 3)), ["Josette Roques", "4 personnes à confier"], "what is late comes first");
    }

    #[test]
    fn a_task_shows_a_week_before_and_counts_its_delay() {
        let (task, on) = task();
        let people = [person(1, "Josette", "Roques")];
        let records = [child(2, task.kind, 1, 0, Some(0))];
        assert_eq!(lines(&people, &records, later(on, -8)), []);
        assert_eq!(lines(&people, &records, later(on, -7))[0].when, When::Due(on));
        assert_eq!(lines(&people, &records, on)[0].when.words(on), (String::new(), "ce jour".to_owned()));
        let late = &lines(&people, &records, later(on, 4))[0];
        assert_eq!(late.when.words(later(on, 4)), ("4\u{a0}j".to_owned(), "de retard".to_owned()));
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
    fn what_is_planned_is_told_with_its_day_and_its_detail() {
        let plan: Plan = |known, clock| {
            let about: Vec<&str> = known.iter().map(|noted| noted.kind).collect();
            vec![Planned {
                label: "Appel J7",
                detail: about.join("+"),
                on: clock.today,
                from: clock.today,
                until: clock.today,
                begins: Vec::new(),
                whose: Vec::new(),
            }]
        };
        let (task, on) = task();
        let people = [person(1, "Josette", "Roques")];
        let records = [child(2, task.kind, 1, 0, Some(0)), child(3, CONSENT.id, 1, 0, Some(0))];
        let common = [person(9, "", "")];
        let fields: Vec<Fields> = common.iter().map(|shown| shown.values()).collect();
        let found = planned(plan, &people[0], &records, &noted(&common, &fields), on, &clock);
        let [today] = <[Planned; 1]>::try_from(found).expect("one");
        let told = format!("person+{}+{}+person", task.kind, CONSENT.id);
        assert_eq!(today.detail, told, "hers and what is common");
        assert_eq!(planned(plan, &people[0], &records[..1], &[], on, &clock), [], "who does not read her answers");
        let late = Planned { on: later(on, -2), detail: "2\u{a0}essais".to_owned(), ..today.clone() };
        let item = to_plan(late, &people[0], on);
        assert_eq!(item.when, When::Late(-2));
        assert!(
            item.what.starts_with("Appel J7, prévu le ") && item.what.ends_with(", 2\u{a0}essais"),
            "{}",
            item.what
        );
        assert_eq!(to_plan(today, &people[0], on).when, When::Due(on));
        assert_eq!(item.href, route::person(people[0].id));
    }

    #[test]
    fn what_is_planned_and_begun_is_one_line_the_draft() {
        let plan: Plan = |_, clock| {
            vec![Planned {
                label: "Appel J7",
                detail: String::new(),
                on: clock.today,
                from: clock.today,
                until: clock.today,
                begins: Vec::new(),
                whose: Vec::new(),
            }]
        };
        let call = task().0.kind;
        let records = PROGRAMMES.iter().flat_map(|programme| programme.records);
        let mut others = records.filter(|kind| kind.parent == Some(domain::people::PERSON.id) && kind.id != call);
        let other = others.next().expect("another kind").id;
        let task = Task { id: "call", label: "Appel", kind: call, when: Moment::Planned(plan), view: None };
        let (her, me) = (person(1, "Josette", "Roques"), domain::id::AccountId(uuid::Uuid::nil()));
        let own = Own::of(me, true, vec![her.id]);
        let told = |records: &[Arc<Shown>]| {
            let lines = of_plan((&task, plan), (&her, records), &[], &own, NaiveDate::MIN, &clock);
            lines.into_iter().map(|item| item.what).collect::<Vec<_>>()
        };
        let consent = child(2, CONSENT.id, 1, 0, Some(0));
        let due = vec!["Appel J7".to_owned()];
        assert_eq!(told(std::slice::from_ref(&consent)), due);
        assert_eq!(told(&[consent.clone(), child(3, call, 1, 0, None)]), Vec::<String>::new());
        assert_eq!(told(&[consent.clone(), child(3, call, 1, 0, Some(0))]), due, "finished, it hides nothing");
        assert_eq!(told(&[consent, child(3, other, 1, 0, None)]), due, "nor does a draft of another kind");
    }

    #[test]
    fn the_year_of_another_year_is_below_its_day() {
        let on = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let words = |day| When::Due(on(day)).words(on("2026-11-23"));
        assert_eq!(words("2026-11-24"), ("24\u{a0}nov.".to_owned(), String::new()));
        assert_eq!(words("2025-10-24"), ("24\u{a0}oct.".to_owned(), "2025".to_owned()));
        let begun = When::Begun(on("2025-10-24").and_time(chrono::NaiveTime::MIN));
        assert_eq!(begun.words(on("2026-11-23")), words("2025-10-24"));
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
