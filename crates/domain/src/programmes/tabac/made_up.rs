//! Records made up for tests: one line a record, at a day and an hour.

use chrono::{Days, NaiveDate};
use serde_json::Value;
use uuid::Uuid;

use crate::id::RecordId;
use crate::people::Purpose;
use crate::people::consent::{self, GivenBy};
use crate::programme::{Clock, Noted};
use crate::record::{FINISHED_AT, MERGED_INTO, PARENT, STARTED_AT};
use crate::{Fields, Timestamp};

pub fn day(text: &str) -> NaiveDate {
    crate::day_of(text).expect("a day")
}

pub fn after(day: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        day.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        day.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.expect("a day")
}

/// The same day so many months later, counted by hand: `day` is at most the 28th.
pub fn months(day: NaiveDate, months: u32) -> NaiveDate {
    use chrono::Datelike;
    let rank = day.month0() + months;
    let year = day.year() + i32::try_from(rank / 12).expect("few years");
    NaiveDate::from_ymd_opt(year, rank % 12 + 1, day.day()).expect("a day of every month")
}

/// What is read as by somebody in Greenwich.
pub fn clock(today: NaiveDate) -> Clock<'static> {
    Clock { today, day: &|at| at.local(0).date() }
}

pub fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

pub fn at(day: NaiveDate, hour: u32) -> Timestamp {
    Timestamp(day.and_hms_opt(hour, 0, 0).expect("an hour").and_utc().timestamp_millis())
}

/// Everything that was noted.
#[derive(Default)]
pub struct Book {
    pub records: Vec<(RecordId, &'static str, Fields)>,
}

impl Book {
    /// A record begun at an hour of a day, and not finished.
    pub fn draft(
        &mut self,
        kind: &'static str,
        parent: Option<RecordId>,
        on: NaiveDate,
        hour: u32,
        answers: Value,
    ) -> RecordId {
        let new = id(self.records.len() as u128 + 1);
        let mut fields: Fields = serde_json::from_value(answers).expect("answers");
        fields.insert(STARTED_AT.into(), at(on, hour).0.into());
        if let Some(parent) = parent {
            fields.insert(PARENT.into(), parent.to_string().into());
        }
        self.records.push((new, kind, fields));
        new
    }

    /// The same, finished at once.
    pub fn add(&mut self, kind: &'static str, parent: RecordId, on: NaiveDate, answers: Value) -> RecordId {
        self.add_at(kind, Some(parent), on, 10, answers)
    }

    pub fn add_at(
        &mut self,
        kind: &'static str,
        parent: Option<RecordId>,
        on: NaiveDate,
        hour: u32,
        answers: Value,
    ) -> RecordId {
        let new = self.draft(kind, parent, on, hour, answers);
        self.set(new, FINISHED_AT, at(on, hour).0.into());
        new
    }

    pub fn edition(&mut self, answers: Value) -> RecordId {
        self.add_at("tabac-edition", None, day("2026-10-01"), 9, answers)
    }

    pub fn person(&mut self, phone: &str) -> RecordId {
        self.add_at("person", None, day("2026-10-01"), 9, serde_json::json!({ "phone": phone }))
    }

    pub fn consent(&mut self, person: RecordId, purpose: Purpose, yes: bool, knew: &[(RecordId, bool)]) -> RecordId {
        let fields = consent::fields(purpose, yes, GivenBy::Person).into_iter();
        let fields = fields.chain(consent::after(knew).map(|ids| (crate::record::AFTER, ids)));
        let answers = fields.map(|(name, value)| (name.to_owned(), value)).collect();
        self.add("consent", person, day("2026-10-20"), Value::Object(answers))
    }

    pub fn pair(&mut self, person: RecordId, on: NaiveDate, account: u128, in_force: &str) -> RecordId {
        let account = Uuid::from_u128(account).to_string();
        self.add("tabac-pair", person, on, serde_json::json!({ "account": account, "in_force": in_force }))
    }

    pub fn merge(&mut self, from: RecordId, into: RecordId) {
        self.set(from, MERGED_INTO, into.to_string().into());
    }

    pub fn set(&mut self, record: RecordId, name: &str, value: Value) {
        let found = self.records.iter_mut().find(|(id, ..)| *id == record);
        found.expect("a record").2.insert(name.into(), value);
    }

    pub fn noted(&self) -> Vec<Noted<'_>> {
        self.records.iter().map(|(id, kind, fields)| Noted { id: *id, kind, fields }).collect()
    }
}
