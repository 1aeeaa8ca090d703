//! Results against a truth that is known because it was made: each challenger is built from a fate, and what her fate counts
//! for at each horizon is written beside it, without a rule of [`super::results`].

mod fate;
mod life;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::json;

use self::fate::{DECLARED, Fate, counted, every_fate};
use self::life::live;
use super::challenge::{Step, challenges};
use super::made_up::{Book, after, clock, day, months};
use super::results::{Results, Verdict, results, verdict};
use super::settings::editions;

const HORIZONS: [Step; 3] = [Step::J30, Step::M3, Step::M6];

/// Whether the window is closed, by the days of the specification.
fn closed(horizon: Step, quit_on: NaiveDate, today: NaiveDate) -> bool {
    let last = match horizon {
        Step::J30 => after(quit_on, 35),
        Step::M3 => after(months(quit_on, 3), 14),
        _ => after(months(quit_on, 6), 30),
    };
    today > last
}

fn truth(fate: Fate, horizon: usize, quit_on: NaiveDate, today: NaiveDate) -> Verdict {
    let truth = fate.truth()[horizon];
    let is_closed = closed(HORIZONS[horizon], after(quit_on, fate.shift()), today);
    if truth == Verdict::Undated || is_closed { truth } else { Verdict::NotYet }
}

fn add(sum: &mut Results, verdict: Verdict) {
    let count = match verdict {
        Verdict::Undated => &mut sum.undated,
        Verdict::NotYet => &mut sum.not_yet,
        Verdict::Dead => &mut sum.dead,
        Verdict::Untraceable => &mut sum.untraceable,
        Verdict::Counted { answered, declared, validated, seven_days } => {
            sum.answered += u32::from(answered);
            sum.declared += u32::from(declared);
            sum.validated += u32::from(validated);
            sum.seven_days += u32::from(seven_days);
            &mut sum.of
        }
    };
    *count += 1;
}

const QUIT_DAYS: [&str; 4] = ["2026-11-01", "2026-11-12", "2026-11-18", "2026-12-10"];
/// Among them, the last day of a window and the day after.
const TODAYS: [&str; 12] = [
    "2026-11-20",
    "2026-12-06",
    "2026-12-07",
    "2026-12-18",
    "2027-02-15",
    "2027-02-16",
    "2027-03-15",
    "2027-05-20",
    "2027-05-31",
    "2027-06-01",
    "2027-07-15",
    "2027-12-31",
];

#[test]
fn each_fate_counts_for_what_it_is() {
    for fate in every_fate() {
        for (quit_on, today) in QUIT_DAYS.iter().flat_map(|quit_on| TODAYS.map(|today| (day(quit_on), day(today)))) {
            let mut book = Book::default();
            let edition = book.edition(json!({ "year": 2026 }));
            live(&mut book, edition, fate, quit_on, today);
            let noted = book.noted();
            let (editions, joined) = (editions(&noted), challenges(&noted, &clock(today)));
            assert_eq!(joined.len(), 1, "{fate:?}");
            for (rank, horizon) in HORIZONS.into_iter().enumerate() {
                let said = verdict(&joined[0], editions.of(Some(edition)), horizon, today);
                assert_eq!(said, truth(fate, rank, quit_on, today), "{fate:?} {horizon:?} from {quit_on} on {today}");
            }
        }
    }
}

#[test]
fn silence_about_other_tobacco_is_fine_when_the_edition_counts_none() {
    let today = day("2027-12-31");
    let mut book = Book::default();
    let none = json!({ "year": 2026, "cigarillos_count": "no", "chicha_counts": "no", "heated_counts": "no" });
    let edition = book.edition(none);
    live(&mut book, edition, Fate::Unasked { ever: false }, day("2026-11-01"), today);
    let noted = book.noted();
    let joined = challenges(&noted, &clock(today));
    for horizon in HORIZONS {
        assert_eq!(verdict(&joined[0], editions(&noted).of(Some(edition)), horizon, today), counted(DECLARED));
    }
}

#[test]
fn heated_tobacco_counts_as_the_edition_says() {
    let today = day("2027-12-31");
    let mut book = Book::default();
    let edition = book.edition(json!({ "year": 2026, "heated_counts": "no" }));
    live(&mut book, edition, Fate::Heated, day("2026-11-01"), today);
    let noted = book.noted();
    let joined = challenges(&noted, &clock(today));
    assert_eq!(verdict(&joined[0], editions(&noted).of(Some(edition)), Step::M3, today), counted(DECLARED));
}

proptest! {
    #[test]
    fn any_mix_of_fates_gives_the_truth(
        mix in proptest::collection::vec((0..every_fate().len(), 0..QUIT_DAYS.len()), 0..25),
        today in 0..TODAYS.len(),
        backwards in any::<bool>(),
    ) {
        let today = day(TODAYS[today]);
        let mut book = Book::default();
        let edition = book.edition(json!({ "year": 2026 }));
        let mix: Vec<_> = mix.into_iter().map(|(fate, quit_on)| (every_fate()[fate], day(QUIT_DAYS[quit_on]))).collect();
        for (fate, quit_on) in &mix {
            live(&mut book, edition, *fate, *quit_on, today);
        }
        let mut noted = book.noted();
        if backwards {
            noted.reverse();
        }
        let (editions, joined) = (editions(&noted), challenges(&noted, &clock(today)));
        for (rank, horizon) in HORIZONS.into_iter().enumerate() {
            let mut expected = Results::default();
            mix.iter().for_each(|(fate, quit_on)| add(&mut expected, truth(*fate, rank, *quit_on, today)));
            prop_assert_eq!(results(&joined, editions.of(Some(edition)), horizon, today), expected);
        }
    }
}
