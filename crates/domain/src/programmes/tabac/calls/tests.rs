//! Windows, attempts, what comes next, the list of a day.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::challenge::challenges;
use super::super::made_up::{Book, after, clock, day};
use super::super::settings::editions;
use super::*;
use crate::Day;
use crate::id::RecordId;
use crate::people::Purpose;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    quit_on: Day,
    step: String,
    on: Day,
    from: Day,
    until: Day,
}

#[test]
fn the_windows_hold() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../windows.json")).expect("windows.json reads");
    assert!(cases.len() > 7, "the cases are there");
    for case in cases {
        assert!(!case.source.is_empty(), "{}: where does it come from?", case.name);
        let step = Step::of(&case.step).expect("a step");
        let days = window(step, case.quit_on.0, &Settings::of(None));
        assert_eq!(days, (case.on.0, case.from.0, case.until.0), "{}", case.name);
    }
}

const QUIT_ON: &str = "2026-11-12";

/// One challenger from 12 November, and what is noted of her.
struct Told {
    book: Book,
    person: RecordId,
    edition: RecordId,
}

impl Told {
    fn new() -> Self {
        let mut book = Book::default();
        let edition = book.edition(json!({ "year": 2026 }));
        let person = book.person("06 39 98 00 01");
        book.add(
            "tabac-challenger",
            person,
            day("2026-10-20"),
            json!({ "edition": edition.to_string(), "quit_on": QUIT_ON, "age": "adult" }),
        );
        Self { book, person, edition }
    }

    fn call(&mut self, on: &str, hour: u32, step: &str, outcome: &str, mut more: Value) -> RecordId {
        more["step"] = step.into();
        more["outcome"] = outcome.into();
        self.book.add_at("tabac-call", Some(self.person), day(on), hour, more)
    }

    /// The label and the day of the next call.
    fn next(&self, today: &str) -> Option<(&'static str, String)> {
        let noted = self.book.noted();
        let joined = challenges(&noted, &clock(day(today)));
        let editions = editions(&noted);
        let next = next(&joined[0], editions.of(Some(self.edition)), day(today));
        next.map(|planned| (planned.label, planned.on.to_string()))
    }

    fn line(&self, today: &str) -> Option<(Group, String, String)> {
        let noted = self.book.noted();
        let joined = challenges(&noted, &clock(day(today)));
        let lines = list(&joined, &editions(&noted), day(today));
        lines
            .into_iter()
            .next()
            .map(|line| (line.group, line.when.replace('\u{a0}', " "), line.last.replace('\u{a0}', " ")))
    }
}

fn call(label: &'static str, on: &str) -> Option<(&'static str, String)> {
    Some((label, on.to_owned()))
}

#[test]
fn steps_follow_one_another() {
    let mut told = Told::new();
    assert_eq!(told.next("2026-11-01"), call("Appel J0", "2026-11-12"));
    assert_eq!(told.next("2026-11-13"), call("Appel J0", "2026-11-12"));
    assert_eq!(told.next("2026-11-14"), call("Appel J7", "2026-11-19"), "J0 went by without an attempt");
    told.call("2026-11-19", 10, "j7", "reached", json!({}));
    assert_eq!(told.next("2026-11-19"), call("Appel J15", "2026-11-27"));
    assert_eq!(told.next("2027-07-01"), None, "the last window is over");
    told.call("2027-05-12", 10, "m6", "reached", json!({}));
    assert_eq!(told.next("2027-05-12"), None);
}

#[test]
fn three_attempts_at_different_hours_close_a_step() {
    let mut told = Told::new();
    told.call("2026-11-18", 9, "j7", "not-reached", json!({}));
    told.call("2026-11-18", 9, "j7", "not-reached", json!({}));
    told.call("2026-11-18", 13, "j7", "not-reached", json!({}));
    assert_eq!(told.next("2026-11-19"), call("Appel J7", "2026-11-19"), "two of them were one");
    assert_eq!(
        told.line("2026-11-20"),
        Some((Group::Late, "J7, prévu le 19 nov.".into(), "2 essais sans réponse".into()))
    );
    assert_eq!(told.next("2026-11-24"), call("Appel J7", "2026-11-19"), "tried in vain, it is tried a little longer");
    assert_eq!(told.next("2026-11-27"), call("Appel J15", "2026-11-27"));
    told.call("2026-11-20", 18, "j7", "not-reached", json!({}));
    assert_eq!(told.next("2026-11-20"), call("Appel J15", "2026-11-27"));
}

#[test]
fn attempts_of_two_days_are_two_whenever_they_were_noted() {
    let tried = |calls: &[(&str, &str, i64)]| {
        let mut told = Told::new();
        for (called_on, noted_on, at) in calls {
            let call = told.call(noted_on, 9, "j7", "not-reached", json!({ "called_on": called_on }));
            if *at != 0 {
                told.book.set(call, crate::record::FINISHED_AT, (*at).into());
            }
        }
        let noted = told.book.noted();
        let joined = challenges(&noted, &clock(day("2026-11-20")));
        stages(&joined[0], &Settings::of(None), day("2026-11-20"))[1].tries
    };
    let (first, second, third) = ("2026-11-18", "2026-11-19", "2026-11-20");
    assert_eq!(tried(&[(first, third, 0), (second, third, 0)]), 2, "both noted from a sheet of paper, at one moment");
    assert_eq!(tried(&[(first, third, 0), (second, third, 0), (second, third, 0)]), 2, "one day, one moment: one");
    assert_eq!(tried(&[(first, third, 0), (first, third, 0)]), 1);
    assert_eq!(tried(&[(first, first, i64::MIN), (first, first, i64::MAX)]), 2, "absurd clocks");
    assert_eq!(tried(&[(first, first, i64::MAX), (second, second, i64::MIN)]), 2);
}

#[test]
fn a_step_tried_in_vain_stays_on_the_list_of_that_day() {
    let mut told = Told::new();
    told.call("2026-11-19", 9, "j7", "not-reached", json!({}));
    let tried = |group, when: &str, last: &str| Some((group, when.to_owned(), last.to_owned()));
    assert_eq!(told.line("2026-11-19"), tried(Group::Today, "J7, prévu le 19 nov.", "1 essai sans réponse"));
    told.call("2026-11-19", 13, "j7", "not-reached", json!({}));
    told.call("2026-11-19", 18, "j7", "not-reached", json!({}));
    assert_eq!(told.line("2026-11-19"), tried(Group::Done, "J7, non joint(e)", "3 essais sans réponse"));
}

#[test]
fn whoever_may_not_be_called_is_not() {
    for (outcome, more) in [
        ("refused", json!({})),
        ("wrong-number", json!({})),
        ("dead", json!({})),
        ("moved", json!({ "traceable": "no" })),
    ] {
        let mut told = Told::new();
        told.call("2026-11-12", 10, "j0", outcome, more);
        assert_eq!(told.next("2026-11-13"), None, "{outcome}");
        told.call("2026-11-19", 10, "j7", "reached", json!({}));
        assert_eq!(told.next("2026-11-19"), call("Appel J15", "2026-11-27"), "{outcome}, then answered");
    }
    let mut told = Told::new();
    told.call("2026-11-12", 10, "j0", "moved", json!({ "traceable": "yes" }));
    assert_eq!(told.next("2026-11-14"), call("Appel J7", "2026-11-19"));
    told.book.consent(told.person, Purpose::CallBack, false, &[]);
    assert_eq!(told.next("2026-11-14"), None, "her consent to be called is withdrawn");
}

#[test]
fn a_call_agreed_with_her_is_on_that_day() {
    let mut told = Told::new();
    told.call("2026-11-19", 10, "j7", "reached", json!({ "next_on": "2026-11-28" }));
    assert_eq!(told.next("2026-11-19"), call("Appel J15", "2026-11-28"), "in the window of the next step");
    let mut told = Told::new();
    told.call("2026-11-19", 10, "j7", "reached", json!({ "next_on": "2026-11-21" }));
    assert_eq!(told.next("2026-11-19"), call("Appel J7", "2026-11-21"), "between two steps");
    told.call("2026-11-21", 10, "j7", "reached", json!({}));
    assert_eq!(told.next("2026-11-21"), call("Appel J15", "2026-11-27"));
}

#[test]
fn calls_follow_the_last_date_and_keep_the_horizons_that_count() {
    let mut told = Told::new();
    told.call("2026-11-19", 10, "j7", "reached", json!({ "smoked_since": "none" }));
    told.book.add(
        "tabac-move",
        told.person,
        day("2026-11-21"),
        json!({ "quit_on": "2027-01-20", "reached": "yes", "smoke_free_before": "yes", "reason": "Un déménagement" }),
    );
    assert_eq!(told.next("2026-11-22"), call("Appel J30", "2026-12-12"), "the date that counts is 12 November");
    told.call("2026-12-12", 10, "j30", "reached", json!({}));
    assert_eq!(told.next("2026-12-12"), call("Appel J0", "2027-01-20"));
    assert_eq!(told.next("2027-01-22"), call("Appel J7", "2027-01-27"));
    told.call("2027-01-27", 10, "j7", "reached", json!({}));
    told.call("2027-02-04", 10, "j15", "reached", json!({}));
    assert_eq!(told.next("2027-02-04"), call("Appel J30", "2027-02-19"), "M3 of 12 November is told by that call");
}

#[test]
fn a_call_for_the_date_that_counts_is_not_one_for_the_later_date() {
    let mut told = Told::new();
    told.book.set(told.edition, "m12", "yes".into());
    told.call("2026-11-19", 10, "j7", "reached", json!({ "smoked_since": "none" }));
    let moved = json!({ "quit_on": "2027-02-01", "reached": "yes", "smoke_free_before": "yes", "reason": "Un deuil" });
    told.book.add("tabac-move", told.person, day("2026-11-21"), moved);
    assert_eq!(told.next("2027-10-01"), call("Appel M12", "2027-11-12"));
    told.call("2027-11-12", 10, "m12", "reached", json!({}));
    assert_eq!(told.next("2027-11-12"), call("Appel M12", "2028-02-01"));
}

#[test]
fn a_move_before_its_day_moves_every_call() {
    let mut told = Told::new();
    let moved = json!({ "quit_on": "2026-11-20", "reached": "no" });
    told.book.add("tabac-move", told.person, day("2026-11-05"), moved);
    assert_eq!(told.next("2026-11-12"), call("Appel J0", "2026-11-20"));
    assert_eq!(told.next("2026-11-25"), call("Appel J7", "2026-11-27"));
}

#[test]
fn the_list_of_the_day_says_where_each_call_is() {
    let mut told = Told::new();
    assert_eq!(told.line("2026-11-11"), None);
    assert_eq!(told.line("2026-11-12"), Some((Group::Today, "J0, premier jour".into(), String::new())));
    let said = json!({ "smoked_since": "counted", "cigarettes": 2 });
    told.call("2026-11-13", 9, "j0", "reached", said);
    assert_eq!(told.line("2026-11-13"), Some((Group::Done, "J0, fait".into(), "2 cigarettes, dit à J0".into())));
    assert_eq!(told.line("2026-11-14"), None);
    let waiting = |group, when: &str| Some((group, when.to_owned(), "2 cigarettes, dit à J0".to_owned()));
    assert_eq!(told.line("2026-11-17"), waiting(Group::Early, "J7, prévu le 19 nov."));
    assert_eq!(told.line("2026-11-19"), waiting(Group::Today, "J7, prévu le 19 nov."));
    assert_eq!(told.line("2026-11-22"), waiting(Group::Late, "J7, prévu le 19 nov."));
}

#[test]
fn the_latest_comes_first_and_what_is_done_last() {
    let mut book = Book::default();
    let today = day("2026-11-24");
    let mut sign_up = |quit_on: i64| {
        let person = book.person("");
        let quit_on = after(today, quit_on).to_string();
        (person, book.add("tabac-challenger", person, day("2026-10-20"), json!({ "quit_on": quit_on })))
    };
    let [today_j0, late, done, later, early] = [0, -9, -7, -16, -6].map(&mut sign_up);
    let said = json!({ "step": "j7", "outcome": "reached" });
    book.add("tabac-call", done.0, today, said);
    let noted = book.noted();
    let joined = challenges(&noted, &clock(today));
    let lines = list(&joined, &editions(&noted), today);
    let order: Vec<_> = lines.iter().map(|line| (line.challenge.id, line.group)).collect();
    let (waiting, last) = order.split_at(3);
    assert_eq!(waiting, [(late.1, Group::Late), (later.1, Group::Late), (today_j0.1, Group::Today)]);
    assert_eq!(last, [(early.1, Group::Early), (done.1, Group::Done)]);
    assert_eq!(lines[4].done.expect("a call of today").next_on, Some(after(today, 8)));
    assert_eq!(lines[2].since, Some(today));
}
