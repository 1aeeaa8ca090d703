//! Everything that is noted of somebody whose fate is known.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::super::challenge::Step;
use super::super::made_up::{Book, after, day, months};
use super::HORIZONS;
use super::fate::Fate;
use crate::id::RecordId;
use crate::people::Purpose;

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

/// Notes everything that happened to her until today.
pub fn live(book: &mut Book, edition: RecordId, fate: Fate, quit_on: NaiveDate, today: NaiveDate) {
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
