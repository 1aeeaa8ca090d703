//! How long what is kept is kept, and from which day it goes. Durations are settings of the territory: those proposed here
//! come from the specification of the product, are compared to no text, and count for nothing before somebody confirms them.

mod keeping;

use chrono::{Days, Months, NaiveDate};

pub use keeping::{Ends, Held, Keeping};

use crate::programmes::KEEPING;

/// Days between the confirmation of a duration and the first erasure it causes: those who follow people see meanwhile whom
/// it would take, and whoever confirmed it may suspend it. Our own choice.
pub const NOTICE_DAYS: u64 = 30;

/// Days a person whose time is over still waits for devices that may hold what was noted of her before, at most: a device
/// that is lost must not keep her for ever. Our own choice: a summer away and the return from it.
pub const WAIT_DAYS: u64 = 90;

/// What has a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A person and all that hangs on her, from her last contact: the newest reception by the server of anything of hers. A
    /// date of care that is later than its reception is a clock that is wrong; one that is earlier adds nothing.
    Person,
    /// What a programme notes of a person, from what ends all of it. Somebody of whom nothing else is kept goes with it; of
    /// somebody who is followed otherwise it goes alone.
    Programme(&'static Keeping),
    /// A line of the audit, from the day it was noted.
    Audit,
}

impl Rule {
    /// Every rule of this build, in the order they are shown.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_programmes = KEEPING.iter().map(|keeping| Self::Programme(keeping));
        std::iter::once(Self::Person).chain(of_programmes).chain([Self::Audit])
    }

    /// How it is stored and sent.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Programme(keeping) => keeping.programme,
            Self::Audit => "audit",
        }
    }

    /// The rule of a code; `None` for any other text.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::all().find(|rule| rule.code() == code)
    }

    /// Months proposed: five years for screenings, twelve months for the audit, what each programme says (unverified).
    #[must_use]
    pub const fn proposed(self) -> u32 {
        match self {
            Self::Person => 60,
            Self::Programme(keeping) => keeping.months,
            Self::Audit => 12,
        }
    }

    /// Months that may be chosen, first and last. Less than a year would erase who is seen every six months; the audit is
    /// kept for 365 days by the database itself.
    #[must_use]
    pub const fn bounds(self) -> (u32, u32) {
        match self {
            Self::Person | Self::Programme(_) => (12, 360),
            Self::Audit => (12, 120),
        }
    }

    /// Whether it may last so long.
    #[must_use]
    pub const fn takes(self, months: u32) -> bool {
        let (least, most) = self.bounds();
        least <= months && months <= most
    }
}

/// The day from which something goes: the same day of the month so many months after `last`, or the last day of that month
/// where there is none.
#[must_use]
pub fn due_on(last: NaiveDate, months: u32) -> NaiveDate {
    // Past the end of the calendar it never goes.
    last.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The oldest day that is still kept on `today`: [`due_on`] of any day before it has come.
#[must_use]
pub fn kept_since(today: NaiveDate, months: u32) -> NaiveDate {
    let mut day = today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    // Three days at most: those at the end of a month that fall due with its last day.
    while due_on(day, months) <= today {
        let Some(next) = day.succ_opt() else { return day };
        day = next;
    }
    day
}

/// The first day on which a duration confirmed on a day erases anything.
#[must_use]
pub fn applies_on(confirmed_on: NaiveDate) -> NaiveDate {
    confirmed_on.checked_add_days(Days::new(NOTICE_DAYS)).unwrap_or(NaiveDate::MAX)
}

/// Whether somebody who fell due on a day still waits, on `today`, for a device that exchanged last on the day `seen`: what
/// it noted of her in time may not have arrived.
#[must_use]
pub fn waits(due: NaiveDate, seen: NaiveDate, today: NaiveDate) -> bool {
    seen < due && due.checked_add_days(Days::new(WAIT_DAYS)).is_some_and(|end| today < end)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::Day;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        source: String,
        last: Day,
        months: u32,
        due: Day,
    }

    #[test]
    fn the_cases_hold() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).expect("cases.json reads");
        assert!(cases.len() > 10, "the cases are there");
        for Case { name, source, last: Day(last), months, due: Day(due) } in cases {
            assert!(!source.is_empty(), "{name}: where does it come from?");
            assert_eq!(due_on(last, months), due, "{name}");
            let before = due.pred_opt().expect("a day");
            assert!(kept_since(before, months) <= last, "{name}: kept the day before");
            assert!(kept_since(due, months) > last, "{name}: gone that day");
        }
    }

    #[test]
    fn what_is_kept_on_a_day_is_what_is_not_due() {
        let mut today = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a day");
        for _ in 0..800 {
            for months in [1, 12, 18, 60] {
                let since = kept_since(today, months);
                let before = since.pred_opt().expect("a day");
                assert!(due_on(since, months) > today && due_on(before, months) <= today, "{today} {months}");
            }
            today = today.succ_opt().expect("a day");
        }
    }

    #[test]
    fn a_confirmed_duration_waits_for_its_notice() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(applies_on(day("2028-02-10")), day("2028-03-11"), "a leap year");
        assert_eq!(applies_on(NaiveDate::MAX), NaiveDate::MAX);
    }

    #[derive(Deserialize)]
    struct Waiting {
        name: String,
        source: String,
        due: Day,
        seen: Day,
        today: Day,
        waits: bool,
    }

    #[test]
    fn the_cases_of_the_wait_hold() {
        let cases: Vec<Waiting> = serde_json::from_str(include_str!("waits.json")).expect("waits.json reads");
        assert!(cases.len() > 5, "the cases are there");
        for Waiting { name, source, due: Day(due), seen: Day(seen), today: Day(today), waits: expected } in cases {
            assert!(!source.is_empty(), "{name}: where does it come from?");
            assert_eq!(waits(due, seen, today), expected, "{name}");
        }
    }

    #[test]
    fn durations_have_names_and_bounds() {
        for rule in Rule::all() {
            assert_eq!(Rule::of(rule.code()), Some(rule));
            assert!(rule.takes(rule.proposed()) && !rule.takes(0) && !rule.takes(u32::MAX));
        }
        assert!(!Rule::Audit.takes(11), "the database keeps it for 365 days");
        assert_eq!(Rule::of("teleportation"), None);
    }
}
