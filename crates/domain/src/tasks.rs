//! What is to be done again, and when.

use chrono::{Days, Months, NaiveDate};

use crate::programme::{Span, Task, When};

/// A task that falls due on a day.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub task: &'static Task,
    pub on: NaiveDate,
}

/// When a task falls due, given the local day the newest record of its kind was finished. A newer record does it:
/// give the newest one only. Six months after 31 August is the last day of February. `None`: it is planned otherwise.
#[must_use]
pub fn due(task: &'static Task, finished_on: NaiveDate) -> Option<Due> {
    let When::After(span) = task.when else { return None };
    let on = match span {
        Span::Days(days) => finished_on.checked_add_days(Days::new(days.into())),
        Span::Months(months) => finished_on.checked_add_months(Months::new(months)),
    };
    // Past the end of the calendar (a device clock gone mad) it is never due.
    Some(Due { task, on: on.unwrap_or(NaiveDate::MAX) })
}

impl Due {
    /// Days of delay, `None` until the day after it fell due.
    #[must_use]
    pub fn late_by(&self, today: NaiveDate) -> Option<i64> {
        Some((today - self.on).num_days()).filter(|days| *days > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SIX_MONTHS: Task =
        Task { id: "again", label: "Encore", kind: "thing", when: When::After(Span::Months(6)), view: None };
    static FORTNIGHT: Task =
        Task { id: "soon", label: "Bientôt", kind: "thing", when: When::After(Span::Days(15)), view: None };

    fn on_of(due: Option<Due>) -> NaiveDate {
        due.expect("a task after a span").on
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_month_has_the_days_it_has() {
        assert_eq!(on_of(due(&SIX_MONTHS, on("2026-11-24"))), on("2027-05-24"));
        assert_eq!(on_of(due(&SIX_MONTHS, on("2026-08-31"))), on("2027-02-28"));
        assert_eq!(on_of(due(&SIX_MONTHS, on("2027-08-31"))), on("2028-02-29"));
        assert_eq!(on_of(due(&FORTNIGHT, on("2026-12-24"))), on("2027-01-08"));
        assert_eq!(on_of(due(&SIX_MONTHS, NaiveDate::MAX)), NaiveDate::MAX);
    }

    #[test]
    fn the_day_itself_is_not_late() {
        let due = due(&SIX_MONTHS, on("2026-05-20")).expect("a task after a span");
        assert_eq!(due.late_by(on("2026-11-19")), None);
        assert_eq!(due.late_by(on("2026-11-20")), None);
        assert_eq!(due.late_by(on("2026-11-24")), Some(4));
    }
}
