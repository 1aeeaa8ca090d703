//! Results against a truth that is known because it was made: each challenger is built from a fate, and what her fate counts
//! for at each horizon is written beside it, without a rule of [`super::results`].

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::challenge::{Step, challenges};
use super::made_up::{Book, after, clock, day, months};
use super::results::{Results, Verdict, results, verdict};
use super::settings::editions;
use crate::id::RecordId;
use crate::people::Purpose;

#[derive(Clone, Copy, Debug)]
enum Fate {
    /// Not a cigarette; measured at each horizon.
    Abstinent {
        co: Option<i64>,
    },
    /// So many told at J15, then so many at M3.
    Slips {
        early: i64,
        late: i64,
    },
    /// « plus de 5 » at J15, not one since.
    MoreThanFive,
    Vaping,
    Heated,
    /// Never answered.
    Lost,
    /// Reached at J30, not at M3, again at M6: so many since J30, or not told.
    Back {
        since: Option<i64>,
    },
    DeadAtM3,
    UntraceableAtM3,
    MovedHouseAtM3,
    WrongNumber,
    RefusedAtJ30,
    /// Answered at J30, then took back her consent to be called.
    Withdrawn,
    /// Hung up at J15 before telling; not a cigarette in what she told after.
    Silent,
    Undated,
    /// Answers the M6 call after its window only.
    TooLate,
    /// The same call, noted long after but dated by hand in its window.
    NotedLater,
    /// Measured at one call of each window, and told the rest at another.
    MeasuredApart,
    /// Told two tobaccos at J15, cigarettes aside.
    Several,
    /// Not a cigarette; of any other tobacco nobody asked at J15, nor ever after unless `ever`.
    Unasked {
        ever: bool,
    },
    /// Moved ten days further before its day.
    MovedBefore,
    /// Moved ten days further on its third day, without a smoke-free day.
    MovedSmoking,
    /// A smoke-free week, then smoking, then moved: said or not said when it was moved.
    MovedAfterAWeek {
        says_so: bool,
    },
    /// Moved on its third day, and nobody asked about the days between.
    MovedUnasked,
    /// Signed up on two sheets that were merged.
    Twice,
}

const NOT: [bool; 4] = [false; 4];
/// Answered, declared, validated, no smoking in seven days.
const DECLARED: [bool; 4] = [true, true, false, true];
const ANSWERED: [bool; 4] = [true, false, false, true];
const SMOKES: [bool; 4] = [true, false, false, false];

fn counted([answered, declared, validated, seven_days]: [bool; 4]) -> Verdict {
    Verdict::Counted { answered, declared, validated, seven_days }
}

impl Fate {
    /// How many days after the date of the sign-up the date that counts is.
    fn shift(self) -> i64 {
        if matches!(self, Self::MovedBefore | Self::MovedSmoking) { 10 } else { 0 }
    }

    /// What it counts for at J30, M3, M6 once the window is closed.
    fn truth(self) -> [Verdict; 3] {
        let all = |lines| [counted(lines); 3];
        let at_most_five = |total: i64| if total <= 5 { counted(DECLARED) } else { counted(ANSWERED) };
        match self {
            Self::Abstinent { co } => all([true, true, co.is_some_and(|ppm| ppm <= 9), true]),
            Self::Slips { early, late } => {
                [at_most_five(early), at_most_five(early + late), at_most_five(early + late)]
            }
            Self::MoreThanFive | Self::Silent => all(ANSWERED),
            Self::NotedLater | Self::MeasuredApart => all(DECLARED),
            Self::Several | Self::Unasked { ever: true } => all(ANSWERED),
            Self::Unasked { ever: false } => all(SMOKES),
            Self::Vaping | Self::MovedBefore | Self::MovedSmoking | Self::Twice => all(DECLARED),
            Self::Heated => [counted(DECLARED), counted(SMOKES), counted(ANSWERED)],
            Self::Lost | Self::WrongNumber | Self::RefusedAtJ30 => all(NOT),
            Self::Back { since } => [counted(DECLARED), counted(NOT), since.map_or(counted(ANSWERED), at_most_five)],
            Self::DeadAtM3 => [counted(DECLARED), Verdict::Dead, Verdict::Dead],
            Self::UntraceableAtM3 => [counted(DECLARED), Verdict::Untraceable, Verdict::Untraceable],
            Self::MovedHouseAtM3 | Self::Withdrawn => [counted(DECLARED), counted(NOT), counted(NOT)],
            Self::TooLate => [counted(DECLARED), counted(DECLARED), counted(NOT)],
            Self::Undated => [Verdict::Undated; 3],
            Self::MovedAfterAWeek { .. } => all(SMOKES),
            Self::MovedUnasked => all(ANSWERED),
        }
    }
}

struct Teller<'b> {
    book: &'b mut Book,
    person: RecordId,
    sign_up: RecordId,
    quit_on: NaiveDate,
    today: NaiveDate,
}

impl Teller<'_> {
    fn day_of(&self, step: Step) -> NaiveDate {
        match step {
            Step::J0 => after(self.quit_on, 1),
            Step::J7 => after(self.quit_on, 7),
            Step::J15 => after(self.quit_on, 15),
            Step::J30 => after(self.quit_on, 30),
            Step::M3 => months(self.quit_on, 3),
            Step::M6 => months(self.quit_on, 6),
            Step::M12 => months(self.quit_on, 12),
        }
    }

    fn call_on(&mut self, on: NaiveDate, hour: u32, step: Step, outcome: &str, more: Value) {
        if on > self.today {
            return;
        }
        let mut answers = json!({ "challenger": self.sign_up.to_string(), "step": step.code(), "outcome": outcome });
        answers.as_object_mut().expect("answers").extend(more.as_object().expect("answers").clone());
        self.book.add_at("tabac-call", Some(self.person), on, hour, answers);
    }

    fn call(&mut self, step: Step, outcome: &str, more: Value) {
        self.call_on(self.day_of(step), 10, step, outcome, more);
    }

    fn none(&mut self, steps: &[Step]) {
        for step in steps {
            self.call(*step, "reached", none());
        }
    }

    /// Three attempts.
    fn nobody(&mut self, steps: &[Step]) {
        for step in steps {
            for hour in [9, 13, 18] {
                self.call_on(self.day_of(*step), hour, *step, "not-reached", json!({}));
            }
        }
    }

    fn moved(&mut self, on: NaiveDate, quit_on: NaiveDate, smoke_free_before: Option<&str>) {
        if on > self.today {
            return;
        }
        let mut answers = json!({ "challenger": self.sign_up.to_string(), "quit_on": quit_on.to_string() });
        if let Some(code) = smoke_free_before {
            answers["smoke_free_before"] = code.into();
        }
        self.book.add("tabac-move", self.person, on, answers);
    }
}

fn none() -> Value {
    json!({ "smoked_since": "none", "smoked_7_days": "no", "other_tobacco": "none" })
}

fn told(cigarettes: i64) -> Value {
    json!({ "smoked_since": "counted", "cigarettes": cigarettes, "days_smoked": 1, "smoked_7_days": "no", "other_tobacco": "none" })
}

fn smoking(days: i64) -> Value {
    json!({ "smoked_since": "more-than-5", "days_smoked": days, "smoked_7_days": "yes", "other_tobacco": "none" })
}

const FIRST: [Step; 3] = [Step::J0, Step::J7, Step::J15];
const HORIZONS: [Step; 3] = [Step::J30, Step::M3, Step::M6];

/// Notes everything that happened to her until today.
fn live(book: &mut Book, edition: RecordId, fate: Fate, quit_on: NaiveDate, today: NaiveDate) {
    let person = book.person("06 39 98 00 01");
    let signed_on = day("2026-10-20");
    let mut answers = json!({ "edition": edition.to_string(), "age": "adult", "cigarettes": 15 });
    if !matches!(fate, Fate::Undated) {
        answers["quit_on"] = quit_on.to_string().into();
    }
    let sign_up = book.add("tabac-challenger", person, signed_on, answers);
    let agreed = book.consent(person, Purpose::CallBack, true, &[]);
    let mut teller = Teller { book, person, sign_up, quit_on, today };
    match fate {
        Fate::Abstinent { co } => {
            teller.none(&FIRST);
            for step in HORIZONS {
                let mut answers = none();
                answers["co_ppm"] = co.into();
                teller.call(step, "reached", answers);
            }
        }
        Fate::Slips { early, late } => {
            teller.none(&[Step::J0, Step::J7]);
            teller.call(Step::J15, "reached", told(early));
            teller.none(&[Step::J30]);
            teller.call(Step::M3, "reached", told(late));
            teller.none(&[Step::M6]);
        }
        Fate::MoreThanFive => {
            teller.none(&[Step::J7]);
            teller.call(Step::J15, "reached", smoking(3));
            teller.none(&HORIZONS);
        }
        Fate::Vaping => {
            for step in HORIZONS {
                let mut answers = none();
                answers["vaping"] = "yes".into();
                teller.call(step, "reached", answers);
            }
        }
        Fate::Heated => {
            teller.none(&[Step::J30]);
            let mut answers = none();
            answers["other_tobacco"] = "heated".into();
            teller.call(Step::M3, "reached", answers);
            teller.none(&[Step::M6]);
        }
        Fate::Lost => {
            teller.nobody(&FIRST);
            teller.nobody(&HORIZONS);
        }
        Fate::Back { since } => {
            teller.none(&[Step::J30]);
            teller.nobody(&[Step::M3]);
            teller.call(
                Step::M6,
                "reached",
                since.map_or(json!({ "smoked_7_days": "no", "other_tobacco": "none" }), told),
            );
        }
        Fate::DeadAtM3 => {
            teller.none(&[Step::J30]);
            teller.call(Step::M3, "dead", json!({}));
        }
        Fate::UntraceableAtM3 => {
            teller.none(&[Step::J30]);
            teller.call(Step::M3, "moved", json!({ "traceable": "no" }));
            teller.call(Step::M6, "wrong-number", json!({}));
        }
        Fate::MovedHouseAtM3 => {
            teller.none(&[Step::J30]);
            teller.call(Step::M3, "moved", json!({ "traceable": "yes" }));
            teller.nobody(&[Step::M6]);
        }
        Fate::WrongNumber => teller.call(Step::J7, "wrong-number", none()),
        Fate::RefusedAtJ30 => teller.call(Step::J30, "refused", none()),
        Fate::Withdrawn => {
            teller.none(&[Step::J30]);
            if today > after(quit_on, 40) {
                teller.book.consent(person, Purpose::CallBack, false, &[(agreed, true)]);
            }
        }
        Fate::Silent => {
            teller.call(Step::J15, "reached", json!({}));
            teller.none(&HORIZONS);
        }
        Fate::Undated => {}
        Fate::TooLate => {
            teller.none(&[Step::J30, Step::M3]);
            teller.call_on(after(months(quit_on, 6), 31), 10, Step::M6, "reached", none());
        }
        Fate::NotedLater => {
            teller.none(&[Step::J30, Step::M3]);
            let mut answers = none();
            answers["called_on"] = months(quit_on, 6).to_string().into();
            // Noted in time to be known once the window is closed.
            teller.call_on(after(months(quit_on, 6), 31), 10, Step::M6, "reached", answers);
        }
        Fate::MeasuredApart => {
            for step in HORIZONS {
                let mut measured = none();
                measured["co_ppm"] = 3.into();
                teller.call_on(after(teller.day_of(step), -1), 10, step, "reached", measured);
                teller.none(&[step]);
            }
        }
        Fate::Several => {
            let mut answers = none();
            answers["other_tobacco"] = "several".into();
            teller.call(Step::J15, "reached", answers);
            teller.none(&HORIZONS);
        }
        Fate::Unasked { ever } => {
            let unasked = || json!({ "smoked_since": "none", "smoked_7_days": "no" });
            teller.call(Step::J15, "reached", unasked());
            for step in HORIZONS {
                teller.call(step, "reached", if ever { none() } else { unasked() });
            }
        }
        Fate::MovedBefore => {
            teller.moved(after(quit_on, -5), after(quit_on, 10), None);
            teller.quit_on = after(quit_on, 10);
            teller.none(&HORIZONS);
        }
        Fate::MovedSmoking => {
            teller.call(Step::J0, "reached", smoking(1));
            teller.moved(after(quit_on, 2), after(quit_on, 10), Some("no"));
            teller.quit_on = after(quit_on, 10);
            teller.none(&HORIZONS);
        }
        Fate::MovedAfterAWeek { says_so } => {
            teller.none(&[Step::J7]);
            teller.call(Step::J15, "reached", smoking(8));
            teller.moved(after(quit_on, 20), after(quit_on, 90), Some(if says_so { "yes" } else { "no" }));
            for step in HORIZONS {
                teller.call(step, "reached", smoking(10));
            }
        }
        Fate::MovedUnasked => {
            teller.call(Step::J0, "reached", smoking(1));
            teller.moved(after(quit_on, 2), after(quit_on, 10), None);
            teller.none(&HORIZONS);
        }
        Fate::Twice => {
            let other = teller.book.person("+33 6 39 98 00 01");
            let again = json!({ "edition": edition.to_string(), "age": "adult" });
            let second = teller.book.add("tabac-challenger", other, after(signed_on, 3), again);
            teller.book.merge(other, person);
            (teller.person, teller.sign_up) = (other, second);
            teller.none(&HORIZONS);
        }
    }
    // What is being typed is not yet said.
    let typed =
        json!({ "challenger": sign_up.to_string(), "step": "m6", "outcome": "reached", "smoked_since": "none" });
    book.draft("tabac-call", Some(person), months(quit_on, 6), 12, typed);
}

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

fn every_fate() -> Vec<Fate> {
    let mut fates = vec![
        Fate::MoreThanFive,
        Fate::Vaping,
        Fate::Heated,
        Fate::Lost,
        Fate::DeadAtM3,
        Fate::UntraceableAtM3,
        Fate::MovedHouseAtM3,
        Fate::WrongNumber,
        Fate::RefusedAtJ30,
        Fate::Withdrawn,
        Fate::Silent,
        Fate::Undated,
        Fate::TooLate,
        Fate::NotedLater,
        Fate::MeasuredApart,
        Fate::Several,
        Fate::Unasked { ever: true },
        Fate::Unasked { ever: false },
        Fate::MovedBefore,
        Fate::MovedSmoking,
        Fate::MovedAfterAWeek { says_so: true },
        Fate::MovedAfterAWeek { says_so: false },
        Fate::MovedUnasked,
        Fate::Twice,
    ];
    fates.extend([None, Some(0), Some(9), Some(10), Some(30)].map(|co| Fate::Abstinent { co }));
    fates.extend([(5, 0), (5, 1), (0, 6), (6, 0), (3, 2)].map(|(early, late)| Fate::Slips { early, late }));
    fates.extend([None, Some(0), Some(5), Some(6)].map(|since| Fate::Back { since }));
    fates
}

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
