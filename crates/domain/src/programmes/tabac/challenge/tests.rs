//! What is joined, and which date counts.

use serde_json::json;
use uuid::Uuid;

use super::super::made_up::{Book, clock, day, id};
use super::*;

const TODAY: &str = "2026-12-24";

fn of_one(book: &Book, check: impl Fn(&Challenge<'_>)) {
    let noted = book.noted();
    let joined = challenges(&noted, &clock(day(TODAY)));
    assert_eq!(joined.len(), 1);
    check(&joined[0]);
}

/// A challenger of 1 November.
fn signed_up(book: &mut Book) -> RecordId {
    let person = book.person("");
    book.add("tabac-challenger", person, day("2026-10-20"), json!({ "quit_on": "2026-11-01" }));
    person
}

fn moved(book: &mut Book, person: RecordId, on: &str, quit_on: &str, smoke_free_before: Option<&str>) {
    let answers = json!({ "quit_on": quit_on, "smoke_free_before": smoke_free_before });
    book.add("tabac-move", person, day(on), answers);
}

#[test]
fn two_sheets_of_one_person_are_one_challenge() {
    let mut book = Book::default();
    let edition = book.edition(json!({ "year": 2026 }));
    let [first, second, third] = ["", "", ""].map(|phone| book.person(phone));
    let link = edition.to_string();
    let late = book.add(
        "tabac-challenger",
        first,
        day("2026-10-25"),
        json!({ "edition": link, "cigarettes": 30, "quit_on": "2026-11-08", "kit": "yes" }),
    );
    let early = json!({ "edition": link, "cigarettes": 20, "kit": "" });
    let early = book.draft("tabac-challenger", Some(second), day("2026-10-20"), 10, early);
    book.add("tabac-call", third, day("2026-11-08"), json!({ "challenger": late.to_string(), "outcome": "reached" }));
    // Merged in a chain, then two into each other: the smaller id is kept.
    book.merge(third, second);
    book.merge(second, first);
    book.merge(first, second);
    of_one(&book, |challenge| {
        assert_eq!((challenge.id, challenge.person), (early, first));
        assert_eq!(challenge.sign_ups, [early, late]);
        assert_eq!((challenge.sign_up.int("cigarettes"), challenge.sign_up.code("kit")), (Some(20), Some("yes")));
        assert_eq!((challenge.quit_on(), challenge.calls.len()), (Some(day("2026-11-08")), 1));
        assert!(challenge.finished, "one of them was filled to its end");
    });
}

#[test]
fn whoever_was_merged_into_somebody_unknown_is_still_herself() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    book.merge(person, id(999));
    of_one(&book, |challenge| assert_eq!(challenge.person, person));
}

#[test]
fn each_edition_is_a_challenge_of_its_own() {
    let mut book = Book::default();
    let editions = [2025, 2026].map(|year| book.edition(json!({ "year": year })));
    let person = book.person("");
    let old = book.add("tabac-challenger", person, day("2025-10-20"), json!({ "quit_on": "2025-11-01" }));
    let new = json!({ "edition": editions[1].to_string(), "quit_on": "2026-11-01" });
    let new = book.add("tabac-challenger", person, day("2026-10-20"), new);
    let late = json!({ "challenger": old.to_string(), "outcome": "reached" });
    book.add("tabac-call", person, day("2026-11-02"), late);
    book.add("tabac-call", person, day("2026-11-08"), json!({ "outcome": "reached" }));
    book.add("tabac-call", person, day("2026-05-01"), json!({ "outcome": "reached" }));
    let noted = book.noted();
    let mut joined = challenges(&noted, &clock(day(TODAY)));
    joined.sort_by_key(|challenge| challenge.signed_on);
    let told: Vec<_> = joined.iter().map(|one| (one.id, one.edition, one.calls.len())).collect();
    assert_eq!(told, [(old, Some(editions[0]), 2), (new, Some(editions[1]), 1)], "without a link, by the days");
}

#[test]
fn the_date_that_counts_is_the_last_one_before_a_day_without_smoking() {
    for (name, call, on, answer, counted) in [
        ("before its day", None, "2026-10-30", None, "2026-11-15"),
        ("on its day, nothing but smoking", None, "2026-11-01", Some("no"), "2026-11-15"),
        ("after, nothing but smoking", None, "2026-11-05", Some("no"), "2026-11-15"),
        ("after, a day without", None, "2026-11-05", Some("yes"), "2026-11-01"),
        ("after, not asked", None, "2026-11-05", None, "2026-11-01"),
        (
            "a call told of a day without",
            Some(json!({ "smoked_since": "none" })),
            "2026-11-05",
            Some("no"),
            "2026-11-01",
        ),
        (
            "a call told of two smoked days out of three",
            Some(json!({ "smoked_since": "more-than-5", "days_smoked": 2 })),
            "2026-11-05",
            Some("no"),
            "2026-11-01",
        ),
        (
            "a call told of smoking every day",
            Some(json!({ "smoked_since": "more-than-5", "days_smoked": 3 })),
            "2026-11-05",
            Some("no"),
            "2026-11-15",
        ),
        ("a call that told nothing", Some(json!({})), "2026-11-05", Some("no"), "2026-11-15"),
    ] {
        let mut book = Book::default();
        let person = signed_up(&mut book);
        if let Some(mut answers) = call {
            answers["outcome"] = "reached".into();
            book.add("tabac-call", person, day("2026-11-04"), answers);
        }
        moved(&mut book, person, on, "2026-11-15", answer);
        of_one(&book, |challenge| {
            assert_eq!(challenge.counted_from(), Some(day(counted)), "{name}");
            assert_eq!(challenge.quit_on(), Some(day("2026-11-15")), "{name}: the calls follow it");
        });
    }
}

#[test]
fn once_a_day_without_smoking_came_no_later_date_counts() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    moved(&mut book, person, "2026-11-05", "2026-11-20", Some("yes"));
    moved(&mut book, person, "2026-11-15", "2026-11-25", None);
    of_one(&book, |challenge| {
        assert_eq!((challenge.counted_from(), challenge.dates.len()), (Some(day("2026-11-01")), 3));
    });
}

/// From its day on, a date is moved with a reason or not at all.
#[test]
fn a_date_that_was_reached_stays_without_a_reason() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    for (on, reason, stands) in
        [("2026-11-05", "", "2026-11-01"), ("2026-11-06", "  ", "2026-11-01"), ("2026-11-07", "Un deuil", "2026-11-20")]
    {
        let answers = json!({ "reached": "yes", "quit_on": "2026-11-20", "reason": reason });
        book.add("tabac-move", person, day(on), answers);
        of_one(&book, |challenge| assert_eq!(challenge.quit_on(), Some(day(stands)), "{on}"));
    }
}

#[test]
fn an_interview_fixes_no_date_and_a_move_fixes_the_first() {
    let mut book = Book::default();
    let person = book.person("");
    book.add("tabac-challenger", person, day("2026-10-20"), json!({}));
    book.add("tabac-interview", person, day("2026-10-25"), json!({ "quit_on": "2026-11-03", "cigarettes": 12 }));
    of_one(&book, |challenge| {
        assert_eq!((challenge.quit_on(), challenge.state(day(TODAY))), (None, State::Undated));
        assert!(challenge.interviewed);
    });
    moved(&mut book, person, "2026-11-05", "2026-11-09", None);
    of_one(&book, |challenge| assert_eq!(challenge.counted_from(), Some(day("2026-11-09"))));
}

#[test]
fn who_follows_her_is_the_newest_pair_in_force() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    let account = |number| AccountId(Uuid::from_u128(number));
    book.pair(person, day("2026-10-28"), 8, "yes");
    book.pair(person, day("2026-10-21"), 7, "yes");
    of_one(&book, |challenge| assert_eq!(challenge.pair, [account(8)]));
    book.pair(person, day("2026-10-29"), 9, "no");
    of_one(&book, |challenge| assert_eq!(challenge.pair, [account(8)]));
    let mut ended = Book::default();
    let person = signed_up(&mut ended);
    ended.pair(person, day("2026-10-21"), 7, "no");
    of_one(&ended, |challenge| assert!(challenge.pair.is_empty()));
}

#[test]
fn her_state_is_never_a_failure() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    let state = |book: &Book, today: &str, expected: State| {
        of_one(book, |challenge| assert_eq!(challenge.state(day(today)), expected));
    };
    state(&book, "2026-10-31", State::Ahead);
    state(&book, "2026-11-01", State::Going);
    let told = |cigarettes: i64| json!({ "outcome": "reached", "smoked_since": "counted", "cigarettes": cigarettes });
    book.add("tabac-call", person, day("2026-11-08"), told(5));
    state(&book, TODAY, State::Going);
    book.add("tabac-call", person, day("2026-11-16"), told(1));
    state(&book, TODAY, State::Deferred);
    book.consent(person, Purpose::CallBack, false, &[]);
    state(&book, TODAY, State::Ended(End::Withdrawn));
    book.add("tabac-call", person, day("2026-12-01"), json!({ "outcome": "dead" }));
    state(&book, TODAY, State::Ended(End::Dead));
}

#[test]
fn whoever_was_deleted_has_no_challenge() {
    let mut book = Book::default();
    let gone = signed_up(&mut book);
    let kept = signed_up(&mut book);
    book.add("tabac-call", gone, day("2026-11-08"), json!({ "outcome": "reached" }));
    book.records.retain(|(id, ..)| *id != gone);
    of_one(&book, |challenge| assert_eq!((challenge.person, challenge.calls.len()), (kept, 0)));
}

#[test]
fn whoever_was_merged_into_somebody_deleted_is_still_herself() {
    let mut book = Book::default();
    let [first, second] = [signed_up(&mut book), signed_up(&mut book)];
    book.merge(second, first);
    book.records.retain(|(id, ..)| *id != first);
    of_one(&book, |challenge| assert_eq!(challenge.person, second));
}

#[test]
fn two_records_of_one_year_are_one_edition() {
    let mut book = Book::default();
    let editions = [(2026, "no"), (2026, "yes")].map(|(year, m12)| book.edition(json!({ "year": year, "m12": m12 })));
    let person = book.person("");
    for (on, edition) in [("2026-10-20", editions[1]), ("2026-10-21", editions[0])] {
        book.add("tabac-challenger", person, day(on), json!({ "edition": edition.to_string() }));
    }
    of_one(&book, |challenge| {
        assert_eq!((challenge.edition, challenge.sign_ups.len()), (Some(editions[0]), 2));
    });
}

#[test]
fn whoever_names_an_edition_that_is_gone_has_none_and_is_not_hidden() {
    let mut book = Book::default();
    book.edition(json!({ "year": 2026 }));
    let person = book.person("");
    for (number, on) in [(998, "2025-10-20"), (999, "2026-10-20"), (998, "2026-10-21")] {
        book.add("tabac-challenger", person, day(on), json!({ "edition": id(number).to_string() }));
    }
    let noted = book.noted();
    let joined = challenges(&noted, &clock(day(TODAY)));
    let told: Vec<_> = joined.iter().map(|one| (one.edition, one.signed_on, one.sign_ups.len())).collect();
    assert_eq!(told, [(None, day("2025-10-20"), 1), (None, day("2026-10-20"), 2)], "a year is an edition still");
}

#[test]
fn a_call_that_was_begun_is_not_one() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    book.draft("tabac-call", Some(person), day("2026-11-08"), 10, json!({ "outcome": "reached" }));
    book.add("tabac-call", person, day("2026-11-08"), json!({}));
    book.add("tabac-call", person, day("2026-11-09"), json!({ "outcome": "reached" }));
    of_one(&book, |challenge| assert_eq!((challenge.calls.len(), challenge.unfinished_calls), (1, 2)));
}

#[test]
fn an_attendance_counts_once_and_finished() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    let [first, second] = [1, 2].map(|number| RecordId(Uuid::from_u128(number)).to_string());
    book.draft("tabac-attendance", Some(person), day("2026-11-10"), 10, json!({ "session": first }));
    of_one(&book, |challenge| assert!(challenge.sessions.is_empty(), "begun, and not noted to its end"));
    for session in [&first, &first, &second] {
        book.add("tabac-attendance", person, day("2026-11-10"), json!({ "session": session }));
    }
    of_one(&book, |challenge| {
        let came: Vec<String> = challenge.sessions.iter().map(RecordId::to_string).collect();
        assert_eq!(came, [first.clone(), second.clone()]);
    });
}

#[test]
fn whoever_refuses_to_be_shared_has_no_pair() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    book.pair(person, day("2026-10-21"), 7, "yes");
    of_one(&book, |challenge| assert_eq!(challenge.pair.len(), 1, "not asked"));
    let yes = book.consent(person, Purpose::ShareNamed, true, &[]);
    of_one(&book, |challenge| assert_eq!(challenge.pair.len(), 1));
    let no = book.consent(person, Purpose::ShareNamed, false, &[(yes, true)]);
    of_one(&book, |challenge| assert!(challenge.pair.is_empty()));
    book.consent(person, Purpose::ShareNamed, true, &[(no, false)]);
    of_one(&book, |challenge| assert_eq!(challenge.pair.len(), 1, "asked again"));
}

#[test]
fn the_day_of_a_withdrawal_is_that_of_the_answer_that_stands() {
    let mut book = Book::default();
    let person = signed_up(&mut book);
    let at = |book: &Book, expected: Option<&str>| {
        of_one(book, |challenge| {
            assert_eq!(challenge.withdrawn_on, expected.map(day));
            assert_eq!(challenge.withdrawn(), expected.is_some());
        });
    };
    let yes = book.consent(person, Purpose::CallBack, true, &[]);
    at(&book, None);
    let no = book.consent(person, Purpose::CallBack, false, &[(yes, true)]);
    at(&book, Some("2026-10-20"));
    let again = book.consent(person, Purpose::CallBack, true, &[(no, false)]);
    at(&book, None);
    for on in ["2026-11-20", "2026-11-18"] {
        let no = book.consent(person, Purpose::CallBack, false, &[(again, true)]);
        book.set(no, crate::record::STARTED_AT, super::super::made_up::at(day(on), 10).0.into());
    }
    at(&book, Some("2026-11-18"));
}
