//! What a record of the programme begins with: nobody is asked what is already known.

use chrono::{Datelike, NaiveDate};

use super::{CHALLENGER, CO_FIELDS, EDITION, MOVE, SESSION, STAND, co_bounds};
use crate::form::Answers;
use crate::id::RecordId;
use crate::programme::{Begun, Noted};
use crate::record::{MERGED_INTO, STARTED_AT};
use crate::{Day, Fields, Value};

type Seeds = Vec<(&'static str, Value)>;

/// The year, November, and the price of Marlboro Red on 1 January 2026. A year that has its edition is not proposed again:
/// two of them would part what belongs together.
pub fn edition(begun: &Begun<'_>) -> Seeds {
    let there = begun.known.iter().filter(|noted| noted.kind == EDITION.id);
    let newest = there.filter_map(|noted| i32::try_from(Answers(noted.fields).int("year")?).ok()).max();
    let year = newest.map_or(begun.today.year(), |newest| begun.today.year().max(newest.saturating_add(1)));
    let in_november = |day| NaiveDate::from_ymd_opt(year, 11, day).map(|day| Value::from(Day(day).to_string()));
    let days = [("starts", in_november(1)), ("ends", in_november(30))];
    let days = days.into_iter().filter_map(|(id, day)| Some((id, day?)));
    [("year", Value::from(year)), ("pack_price", Value::from(1350))].into_iter().chain(days).collect()
}

/// A new stand is one of today. A stand that is opened for one gives what its sign-ups need to know, which is no more than
/// ids, a day and the bounds of the edition.
pub fn stand(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_edition(begun);
    if begun.venue.is_some() {
        seeds.extend(newest(begun, STAND.id, |_| true).map(|stand| ("stand", id(stand.id))));
        seeds.extend(starts(begun).map(|day| ("edition_starts", day)));
        seeds.extend(bounds(current_edition(begun).map(|edition| Answers(edition.fields))));
    } else {
        seeds.push(("on", today(begun)));
    }
    seeds
}

/// A new session is one of today.
pub fn session(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_edition(begun);
    seeds.push(("on", today(begun)));
    seeds
}

/// Who signs up somewhere says nothing of where. The date is proposed, as long as it is not past.
pub fn challenger(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_edition(begun);
    let venue = begun.venue.map(Answers);
    seeds.extend(venue.and_then(|venue| venue.code("stand")).map(|stand| ("stand", stand.into())));
    let origin = if begun.by_herself { Some("qr") } else { venue.map(|_| "stand") };
    seeds.extend(origin.map(|origin| ("origin", origin.into())));
    let starts = match venue {
        Some(venue) => venue.code("edition_starts").map(Value::from),
        None => starts(begun),
    };
    let to_come = |day: &Value| day.as_str().and_then(crate::day_of).is_some_and(|day| day >= begun.today);
    seeds.extend(starts.filter(to_come).map(|day| ("quit_on", day)));
    seeds.extend(bounds(venue.or_else(|| current_edition(begun).map(|edition| Answers(edition.fields)))));
    seeds
}

/// The sign-up, and what she already answered there to the very questions of the interview.
pub fn interview(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_challenger(begun);
    if let Some(sign_up) = sign_up(begun) {
        let answers = Answers(sign_up.fields);
        seeds.extend(answers.code("first_cigarette").map(|code| ("first_cigarette", code.into())));
        seeds.extend(answers.int("cigarettes").map(|cigarettes| ("cigarettes", cigarettes.into())));
    }
    seeds.extend(bounds_of_challenge(begun));
    seeds
}

/// The sign-up, and today: a call noted later, from the printed list, is given its own day.
pub fn call(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_challenger(begun);
    seeds.push(("called_on", today(begun)));
    seeds.extend(bounds_of_challenge(begun));
    seeds
}

/// The newest sign-up of the person.
pub fn of_challenger(begun: &Begun<'_>) -> Seeds {
    sign_up(begun).map(|sign_up| ("challenger", id(sign_up.id))).into_iter().collect()
}

/// Whether the date that is left is already there: from its day on, a move wants a reason.
pub fn quit_date(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_challenger(begun);
    let dated = begun.known.iter().filter(|noted| [CHALLENGER.id, MOVE.id].contains(&noted.kind));
    let dates = dated.filter_map(|noted| Some((started(noted), Answers(noted.fields).date("quit_on")?)));
    // Without a date there is none to wait for.
    let reached = dates.max_by_key(|(started, _)| *started).is_some_and(|(_, former)| former <= begun.today);
    seeds.push(("reached", if reached { "yes" } else { "no" }.into()));
    seeds
}

/// The sign-up, and the session of today: its attendance is noted one person after the other.
pub fn attendance(begun: &Begun<'_>) -> Seeds {
    let mut seeds = of_challenger(begun);
    let held = |session: &Noted<'_>| Answers(session.fields).date("on") == Some(begun.today);
    seeds.extend(newest(begun, SESSION.id, held).map(|session| ("session", id(session.id))));
    seeds
}

pub fn draw(begun: &Begun<'_>) -> Seeds {
    of_edition(begun)
}

/// The edition of the venue, else the current one.
fn of_edition(begun: &Begun<'_>) -> Seeds {
    let told = begun.venue.and_then(|venue| Answers(venue).code("edition")).map(Value::from);
    let edition = told.or_else(|| current_edition(begun).map(|edition| id(edition.id)));
    edition.map(|edition| ("edition", edition)).into_iter().collect()
}

/// The last ppm of each band of CO, as they are now: a record is read with those it was begun with.
fn bounds(settings: Option<Answers<'_>>) -> Seeds {
    let settings = co_bounds(&settings.unwrap_or(Answers(&NOTHING)));
    CO_FIELDS.into_iter().zip(settings).map(|(field, last)| (field, Value::from(last))).collect()
}

static NOTHING: Fields = Fields::new();

/// Those of the edition that she signed up for.
fn bounds_of_challenge(begun: &Begun<'_>) -> Seeds {
    let named = sign_up(begun).and_then(|sign_up| Answers(sign_up.fields).code("edition")?.parse().ok());
    let hers = named
        .and_then(|named: RecordId| begun.known.iter().find(|noted| noted.kind == EDITION.id && noted.id == named));
    bounds(hers.or_else(|| current_edition(begun)).map(|edition| Answers(edition.fields)))
}

/// The first day of the current edition.
fn starts(begun: &Begun<'_>) -> Option<Value> {
    current_edition(begun).and_then(|edition| Answers(edition.fields).code("starts").map(Value::from))
}

/// The one that ends today or later, the earliest of them; else the newest. Next year's may be prepared in advance, and last
/// year's be entered late.
fn current_edition<'a>(begun: &Begun<'a>) -> Option<&'a Noted<'a>> {
    let editions = || begun.known.iter().filter(|noted| noted.kind == EDITION.id);
    let ends = |edition: &Noted<'_>| Answers(edition.fields).date("ends").filter(|ends| *ends >= begun.today);
    let coming = editions()
        .filter_map(|edition| Some((ends(edition)?, edition.id, edition)))
        .min_by_key(|(ends, id, _)| (*ends, *id));
    let newest = || editions().max_by_key(|edition| (Answers(edition.fields).int("year"), edition.id));
    coming.map(|(.., edition)| edition).or_else(newest)
}

fn sign_up<'a>(begun: &Begun<'a>) -> Option<&'a Noted<'a>> {
    newest(begun, CHALLENGER.id, |sign_up| !Answers(sign_up.fields).has(MERGED_INTO))
}

fn newest<'a>(begun: &Begun<'a>, kind: &str, keep: impl Fn(&Noted<'_>) -> bool) -> Option<&'a Noted<'a>> {
    begun.known.iter().filter(|noted| noted.kind == kind && keep(noted)).max_by_key(|noted| (started(noted), noted.id))
}

fn started(noted: &Noted<'_>) -> Option<i64> {
    Answers(noted.fields).int(STARTED_AT)
}

fn today(begun: &Begun<'_>) -> Value {
    Day(begun.today).to_string().into()
}

fn id(id: RecordId) -> Value {
    id.to_string().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::programme::RecordKind;
    use crate::programmes::tabac::{ATTENDANCE, CALL, INTERVIEW, PAIR, PROGRAMME};

    fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
        fields.map(|(id, value)| (id.to_owned(), value)).into()
    }

    fn noted(number: u128, kind: &'static str, fields: &'static Fields) -> Noted<'static> {
        Noted { id: RecordId(Uuid::from_u128(number)), kind, fields }
    }

    fn known<const N: usize>(kind: &'static str, number: u128, of: [(&str, Value); N]) -> Noted<'static> {
        noted(number, kind, Box::leak(Box::new(fields(of))))
    }

    fn id_of(number: u128) -> Value {
        id(RecordId(Uuid::from_u128(number)))
    }

    /// What it begins with, the bands of CO aside.
    fn begun(kind: &RecordKind, today: &str, known: &[Noted<'_>], venue: Option<&Fields>, by_herself: bool) -> Fields {
        let mut seeds = all_of(kind, today, known, venue, by_herself);
        seeds.retain(|id, _| !CO_FIELDS.contains(&id.as_str()));
        seeds
    }

    fn all_of(kind: &RecordKind, today: &str, known: &[Noted<'_>], venue: Option<&Fields>, by_herself: bool) -> Fields {
        let today = today.parse().expect("a day");
        let seeds = kind.prefill.expect("begins with something")(&Begun { today, known, venue, by_herself });
        seeds.into_iter().map(|(id, value)| (id.to_owned(), value)).collect()
    }

    fn edition_of(number: u128, year: i32) -> Noted<'static> {
        let day = |day: u32| json!(format!("{year}-11-{day:02}"));
        known("tabac-edition", number, [("year", json!(year)), ("starts", day(1)), ("ends", day(30))])
    }

    fn editions() -> [Noted<'static>; 2] {
        [edition_of(9, 2025), edition_of(1, 2026)]
    }

    #[test]
    fn a_new_stand_is_one_of_today() {
        let at_first = begun(&STAND, "2026-10-20", &editions(), None, false);
        assert_eq!(at_first, fields([("edition", id_of(1)), ("on", json!("2026-10-20"))]));
        assert_eq!(begun(&STAND, "2026-10-20", &[], None, false), fields([("on", json!("2026-10-20"))]));
    }

    #[test]
    fn the_edition_of_a_record_is_the_one_that_goes_on() {
        let mut all = editions().to_vec();
        all.push(edition_of(3, 2027));
        let edition = |today| begun(&SESSION, today, &all, None, false).get("edition").cloned();
        assert_eq!(edition("2025-11-30"), Some(id_of(9)), "its last day");
        assert_eq!(edition("2025-12-01"), Some(id_of(1)));
        assert_eq!(edition("2026-11-20"), Some(id_of(1)), "next year’s is prepared, and waits");
        assert_eq!(edition("2027-12-01"), Some(id_of(3)), "none to come: the newest");
        all.reverse();
        assert_eq!(begun(&SESSION, "2026-11-20", &all, None, false).get("edition"), Some(&id_of(1)));
    }

    #[test]
    fn a_call_is_of_today_until_it_is_told_otherwise() {
        let seeds = begun(&CALL, "2026-11-20", &sign_ups(), None, false);
        assert_eq!(seeds, fields([("challenger", id_of(3)), ("called_on", json!("2026-11-20"))]));
    }

    #[test]
    fn a_stand_held_for_one_gives_ids_and_a_day_to_its_sign_ups() {
        let of = [("edition", id_of(9)), ("place", json!("Marché")), ("on", json!("2025-10-20"))];
        let stand = known("tabac-stand", 4, of);
        let opened = begun(&STAND, "2025-10-20", &[stand, editions()[0]], Some(stand.fields), false);
        let seeds = fields([("edition", id_of(9)), ("stand", id_of(4)), ("edition_starts", json!("2025-11-01"))]);
        assert_eq!(opened, seeds);

        let mut expected = fields([
            ("edition", id_of(9)),
            ("stand", id_of(4)),
            ("origin", json!("stand")),
            ("quit_on", json!("2025-11-01")),
        ]);
        assert_eq!(begun(&CHALLENGER, "2025-11-01", &[], Some(&seeds), false), expected, "the day itself is not past");
        expected.insert("origin".into(), "qr".into());
        assert_eq!(begun(&CHALLENGER, "2025-10-20", &[], Some(&seeds), true), expected);
        expected.remove("quit_on");
        assert_eq!(begun(&CHALLENGER, "2025-11-02", &[], Some(&seeds), true), expected, "a past date is not proposed");
    }

    fn with_bands(number: u128, year: i32, first: i64, second: i64) -> Noted<'static> {
        let mut fields = edition_of(number, year).fields.clone();
        fields.extend([("co_first".to_owned(), json!(first)), ("co_second".to_owned(), json!(second))]);
        noted(number, "tabac-edition", Box::leak(Box::new(fields)))
    }

    fn bands(seeds: &Fields) -> Vec<i64> {
        CO_FIELDS.iter().filter_map(|field| seeds.get(*field)?.as_i64()).collect()
    }

    #[test]
    fn a_measure_keeps_the_bands_of_its_edition() {
        let editions = [with_bands(9, 2025, 4, 8), with_bands(1, 2026, 6, 11)];
        let of = |kind, today, known: &[Noted<'_>]| bands(&all_of(kind, today, known, None, false));
        assert_eq!(of(&CHALLENGER, "2026-10-20", &editions), [6, 11, 20], "the third is the choice of the house");
        assert_eq!(of(&CHALLENGER, "2026-10-20", &[]), [5, 9, 20]);
        // At a stand, which holds no edition, as its own device knew it.
        let stand = known("tabac-stand", 4, [("edition", id_of(9)), ("on", json!("2025-10-20"))]);
        let seeds = all_of(&STAND, "2025-10-20", &[stand, editions[0]], Some(stand.fields), false);
        assert_eq!(bands(&seeds), [4, 8, 20]);
        assert_eq!(bands(&all_of(&CHALLENGER, "2025-10-20", &[], Some(&seeds), true)), [4, 8, 20]);
        assert_eq!(
            bands(&all_of(&STAND, "2025-10-20", &editions, None, false)),
            [0; 0],
            "a stand measures nothing itself"
        );
        // A year later, what hangs on a sign-up follows the edition that it names.
        for kind in [&INTERVIEW, &CALL] {
            let mut known: Vec<Noted<'_>> = editions.to_vec();
            assert_eq!(of(kind, "2026-11-20", &known), [6, 11, 20], "{}", kind.id);
            known.push(noted(3, "tabac-challenger", Box::leak(Box::new(fields([("edition", id_of(9))])))));
            assert_eq!(of(kind, "2026-11-20", &known), [4, 8, 20], "{}", kind.id);
        }
    }

    #[test]
    fn elsewhere_a_sign_up_says_where_by_itself() {
        let seeds = begun(&CHALLENGER, "2026-10-20", &editions(), None, false);
        assert_eq!(seeds, fields([("edition", id_of(1)), ("quit_on", json!("2026-11-01"))]));
    }

    fn sign_ups() -> Vec<Noted<'static>> {
        let answers = |started: i64| {
            [("started_at", json!(started)), ("first_cigarette", json!("6-30")), ("cigarettes", json!(started))]
        };
        let gone = [("started_at", json!(30)), ("merged_into", id_of(3))];
        vec![
            known("tabac-challenger", 3, answers(20)),
            known("tabac-challenger", 8, answers(10)),
            known("tabac-challenger", 5, gone),
        ]
    }

    #[test]
    fn what_hangs_on_a_sign_up_finds_the_newest() {
        for kind in [&INTERVIEW, &CALL, &MOVE, &PAIR, &ATTENDANCE] {
            let seeds = begun(kind, "2026-11-20", &sign_ups(), None, false);
            assert_eq!(seeds.get("challenger"), Some(&id_of(3)), "{}", kind.id);
            assert!(!begun(kind, "2026-11-20", &[], None, false).contains_key("challenger"), "{}", kind.id);
        }
        let asked_again = begun(&INTERVIEW, "2026-11-20", &sign_ups(), None, false);
        let same = [("challenger", id_of(3)), ("first_cigarette", json!("6-30")), ("cigarettes", json!(20))];
        assert_eq!(asked_again, fields(same));
    }

    #[test]
    fn a_date_wants_a_reason_from_its_day_on() {
        let mut dated = vec![
            known("tabac-challenger", 3, [("started_at", json!(10)), ("quit_on", json!("2026-11-01"))]),
            known("tabac-move", 4, [("started_at", json!(20)), ("quit_on", json!("2026-11-12"))]),
        ];
        let reached = |known: &[Noted<'_>], today| begun(&MOVE, today, known, None, false).get("reached").cloned();
        assert_eq!(reached(&dated, "2026-11-11"), Some(json!("no")));
        assert_eq!(reached(&dated, "2026-11-12"), Some(json!("yes")));
        dated.reverse();
        assert_eq!(reached(&dated, "2026-11-11"), Some(json!("no")), "whatever the order they come in");
        assert_eq!(reached(&[], "2026-11-11"), Some(json!("no")), "there was none");
    }

    #[test]
    fn an_attendance_is_of_the_session_of_today() {
        let held = [
            known("tabac-session", 6, [("on", json!("2026-11-19"))]),
            known("tabac-session", 7, [("on", json!("2026-11-20"))]),
        ];
        let session = |today| begun(&ATTENDANCE, today, &held, None, false).get("session").cloned();
        assert_eq!(session("2026-11-20"), Some(id_of(7)));
        assert_eq!(session("2026-11-21"), None);
    }

    #[test]
    fn an_edition_is_this_november() {
        let seeds = begun(&EDITION, "2026-09-14", &[], None, false);
        assert_eq!(
            seeds,
            fields([
                ("year", json!(2026)),
                ("starts", json!("2026-11-01")),
                ("ends", json!("2026-11-30")),
                ("pack_price", json!(1350)),
            ])
        );
    }

    /// What a record begins with must be what its form takes.
    #[test]
    fn every_form_takes_what_it_begins_with() {
        let mut all = sign_ups();
        all.extend(editions());
        all.push(known("tabac-session", 7, [("on", json!("2026-10-20"))]));
        all.push(known("tabac-move", 4, [("started_at", json!(40)), ("quit_on", json!("2026-11-12"))]));
        let today: NaiveDate = "2026-10-20".parse().expect("a day");
        for kind in PROGRAMME.records.iter().filter(|kind| kind.prefill.is_some()) {
            for (id, value) in all_of(kind, "2026-10-20", &all, None, false) {
                let question = kind.form().question(&id).unwrap_or_else(|| panic!("{} asks no {id}", kind.id));
                assert_eq!(question.check(&value, today), Ok(()), "{}: {id}", kind.id);
            }
        }
    }
}
