//! Days and hours.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::NBSP;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

const SHORT_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

/// From Monday on.
pub const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// « 24 nov. 2026 », the year always.
#[must_use]
pub fn full_day(date: NaiveDate) -> String {
    format!("{}{NBSP}{}{NBSP}{}", rank(date), SHORT_MONTHS[date.month0() as usize], date.year())
}

/// « 24 nov. », with the year when it is not this one.
#[must_use]
pub fn short_day(date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() {
        format!("{}{NBSP}{}", rank(date), SHORT_MONTHS[date.month0() as usize])
    } else {
        full_day(date)
    }
}

/// « mardi 24 novembre », with the year when it is not this one.
#[must_use]
pub fn day(date: NaiveDate, today: NaiveDate) -> String {
    let mut text = format!("{} {}{NBSP}{}", weekday(date), rank(date), MONTHS[date.month0() as usize]);
    if date.year() != today.year() {
        text.push(NBSP);
        text.push_str(&date.year().to_string());
    }
    text
}

/// « mai », with the year when it is not this one.
#[must_use]
pub fn month(date: NaiveDate, today: NaiveDate) -> String {
    let name = MONTHS[date.month0() as usize];
    if date.year() == today.year() { name.into() } else { format!("{name}{NBSP}{}", date.year()) }
}

/// « mardi »
#[must_use]
pub fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS[date.weekday().num_days_from_monday() as usize]
}

/// « 9 h 51 », « 13 h » on the hour.
#[must_use]
pub fn time(at: NaiveDateTime) -> String {
    clock(at.hour() * 60 + at.minute())
}

/// The same, from minutes since midnight.
#[must_use]
pub fn clock(minutes: u32) -> String {
    let hour = minutes / 60;
    match minutes % 60 {
        0 => format!("{hour}{NBSP}h"),
        minute => format!("{hour}{NBSP}h{NBSP}{minute:02}"),
    }
}

fn rank(date: NaiveDate) -> String {
    match date.day() {
        1 => "1ᵉʳ".into(),
        day => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn days_are_set_in_french() {
        let today = on("2026-11-24");
        assert_eq!(full_day(today), "24\u{a0}nov.\u{a0}2026");
        assert_eq!(short_day(today, today), "24\u{a0}nov.");
        assert_eq!(short_day(on("2027-05-24"), today), "24\u{a0}mai\u{a0}2027");
        assert_eq!(day(today, today), "mardi 24\u{a0}novembre");
        assert_eq!(day(on("2027-01-01"), today), "vendredi 1ᵉʳ\u{a0}janvier\u{a0}2027");
        assert_eq!(month(on("2026-05-12"), today), "mai");
        assert_eq!(month(on("2025-08-12"), today), "août\u{a0}2025");
    }

    #[test]
    fn hours_are_set_in_french() {
        let at = |hour, minute| on("2026-11-24").and_hms_opt(hour, minute, 59).expect("an hour");
        assert_eq!(time(at(9, 51)), "9\u{a0}h\u{a0}51");
        assert_eq!(time(at(14, 5)), "14\u{a0}h\u{a0}05");
        assert_eq!(time(at(13, 0)), "13\u{a0}h");
        assert_eq!(time(at(0, 0)), "0\u{a0}h");
    }
}
