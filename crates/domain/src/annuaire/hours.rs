//! Opening hours: whether a place is open now, when it opens next, and how its week is told.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Weekday};

use super::entry::Hours;
use crate::french::{NBSP, WEEKDAYS, clock, day, time, weekday};
use crate::time::{Day, Timestamp};

/// Days looked through for the next opening, and told when they differ: the closing of a summer.
const HORIZON: i64 = 45;
/// Hours that follow one another for so long have no end worth telling.
const ALWAYS: TimeDelta = TimeDelta::days(7);
const MIDNIGHT: u32 = 24 * 60;

/// What the door says, in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// The first minute it is closed.
    OpenUntil(NaiveDateTime),
    /// Day and night, for a week at least.
    AlwaysOpen,
    OpensAt(NaiveDateTime),
    /// And no opening is known for the coming weeks.
    Closed,
}

impl Hours {
    /// `now` is the local time of the place. On the night the clocks go back the hour that comes twice is read twice
    /// alike; on the night they go forward, what opens in the hour that is skipped opens at its end.
    #[must_use]
    pub fn at(&self, now: NaiveDateTime) -> Openness {
        let Some(mut until) = self.closes(now) else { return self.next_opening(now) };
        // A slot that begins when another ends goes on with it, on the next day too.
        while let Some(later) = self.closes(until) {
            if later - now >= ALWAYS {
                return Openness::AlwaysOpen;
            }
            until = later;
        }
        Openness::OpenUntil(until)
    }

    /// The short question, for thousands of places.
    #[must_use]
    pub fn is_open(&self, now: NaiveDateTime) -> bool {
        self.closes(now).is_some()
    }

    /// The hours of one day: « 8 h – 12 h, 14 h – 19 h 30 », « fermé ».
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> String {
        told(self.slots(date))
    }

    /// The week, then the days of the coming weeks that differ: « lundi au vendredi : 8 h – 12 h, 14 h – 19 h 30 ». Empty
    /// when the place told nothing.
    #[must_use]
    pub fn lines(&self, today: NaiveDate) -> Vec<String> {
        let mut lines = Vec::new();
        let mut first = 0;
        while first < 7 && self.week.iter().any(|slots| !slots.is_empty()) {
            let alike = self.week[first..].iter().take_while(|slots| **slots == self.week[first]).count();
            let (from, to) = (WEEKDAYS[first], WEEKDAYS[first + alike - 1]);
            let days = match alike {
                1 => from.to_owned(),
                2 => format!("{from} et {to}"),
                7 => "tous les jours".to_owned(),
                _ => format!("{from} au {to}"),
            };
            lines.push(format!("{days}{NBSP}: {}", told(&self.week[first])));
            first += alike;
        }
        if self.holidays {
            lines.push(format!("jours fériés{NBSP}: comme les autres jours"));
        }
        for (on, slots) in self.except.range(Day(today)..).take_while(|(on, _)| (on.0 - today).num_days() <= HORIZON) {
            lines.push(format!("{}{NBSP}: {}", day(on.0, today), told(slots)));
        }
        lines
    }

    /// Slots that begin on this day.
    fn slots(&self, date: NaiveDate) -> &[(u16, u16)] {
        if let Some(slots) = self.except.get(&Day(date)) {
            return slots;
        }
        let slots = &self.week[date.weekday().num_days_from_monday() as usize];
        if slots.is_empty() || self.holidays || !is_holiday(date) { slots } else { &[] }
    }

    /// The end of the slot of this day or of the day before in which this minute is. In minutes, because dates are slow
    /// and thousands of places are asked at each key.
    fn closes(&self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        let today = at.date();
        let minute = at.hour() * 60 + at.minute();
        let mut until = None;
        for (date, elapsed) in [(Some(today), 0), (today.pred_opt(), MIDNIGHT)] {
            let Some(date) = date else { continue };
            for (from, to) in self.slots(date) {
                if (u32::from(*from)..u32::from(*to)).contains(&(minute + elapsed)) {
                    until = until.max(Some(u32::from(*to) - elapsed));
                }
            }
        }
        instant(today, until?)
    }

    fn next_opening(&self, now: NaiveDateTime) -> Openness {
        for ahead in 0..=HORIZON {
            let Some(date) = now.date().checked_add_signed(TimeDelta::days(ahead)) else { break };
            let openings = self.slots(date).iter().filter(|(from, to)| from < to);
            let first = openings.filter_map(|(from, _)| instant(date, (*from).into())).filter(|from| *from > now).min();
            if let Some(first) = first {
                return Openness::OpensAt(first);
            }
        }
        Openness::Closed
    }
}

impl Openness {
    /// For the card: « Ouvert jusqu’à 19 h 30 », « Ouvre à 14 h », « Ouvre demain à 8 h », « Fermé ».
    #[must_use]
    pub fn words(self, now: NaiveDateTime) -> String {
        let today = now.date();
        match self {
            Self::AlwaysOpen => format!("Ouvert 24{NBSP}h sur 24"),
            Self::Closed => "Fermé".to_owned(),
            Self::OpensAt(at) => match (at.date() - today).num_days() {
                0 => format!("Ouvre à {}", time(at)),
                1 => format!("Ouvre demain à {}", time(at)),
                2..=6 => format!("Ouvre {} à {}", weekday(at.date()), time(at)),
                _ => format!("Ouvre le {} à {}", day(at.date(), today), time(at)),
            },
            Self::OpenUntil(at) => {
                let midnight = at.time() == NaiveTime::MIN;
                // Midnight ends a day more than it begins the next one.
                let last = at.date().checked_sub_days(Days::new(midnight.into())).unwrap_or(at.date());
                let time = if midnight { "minuit".to_owned() } else { time(at) };
                match (last - today).num_days() {
                    // In the night « 2 h » can be no other.
                    days if days < 1 || at - now <= TimeDelta::hours(12) => format!("Ouvert jusqu’à {time}"),
                    1 => format!("Ouvert jusqu’à demain {time}"),
                    _ => format!("Ouvert jusqu’à {} {time}", weekday(last)),
                }
            }
        }
    }
}

fn instant(date: NaiveDate, minutes: u32) -> Option<NaiveDateTime> {
    date.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(minutes.into()))
}

fn told(slots: &[(u16, u16)]) -> String {
    let mut text = String::new();
    for (from, to) in slots {
        if !text.is_empty() {
            text.push_str(", ");
        }
        let (from, to) = (u32::from(*from), u32::from(*to));
        let end = if to == MIDNIGHT { "minuit".to_owned() } else { clock(to % MIDNIGHT) };
        if (from, to) == (0, MIDNIGHT) {
            text.push_str("24\u{a0}h sur 24");
        } else {
            text.push_str(&format!("{}{NBSP}–{NBSP}{end}", clock(from)));
        }
    }
    if text.is_empty() { "fermé".to_owned() } else { text }
}

/// Whether this day is a public holiday in the whole of France (code du travail, article L3133-1). Those of Alsace and
/// Moselle alone (Good Friday, 26 December) are not: no territory says yet whether it is of them.
#[must_use]
pub fn is_holiday(date: NaiveDate) -> bool {
    match (date.month(), date.day()) {
        (1 | 5 | 11, 1) | (5, 8) | (7, 14) | (8, 15) | (11, 11) | (12, 25) => true,
        // Easter Monday, Ascension, Whit Monday: the rule of Easter is for the few days that can be one of them.
        (3..=6, _) if matches!(date.weekday(), Weekday::Mon | Weekday::Thu) => {
            matches!((date - easter(date.year())).num_days(), 1 | 39 | 50)
        }
        _ => false,
    }
}

/// The eleven of a year, in their order.
#[must_use]
pub fn holidays(year: i32) -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    first.iter_days().take_while(|day| day.year() == year).filter(|day| is_holiday(*day)).collect()
}

/// Easter Sunday of the Gregorian calendar (Meeus, « Astronomical Algorithms », chapter 8).
fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let n = h + l - 7 * m;
    let month = (n + 90) / 25;
    let day = (n + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).unwrap_or_default()
}

/// Minutes east of UTC in mainland France (directive 2000/84/EC): summer time from the last Sunday of March to the last
/// Sunday of October, both at 01:00 UTC.
#[must_use]
pub fn paris_offset(at: Timestamp) -> i32 {
    let utc = at.local(0);
    let changed = |month| last_sunday(utc.year(), month).and_hms_opt(1, 0, 0).is_some_and(|change| change <= utc);
    if changed(3) && !changed(10) { 120 } else { 60 }
}

/// Of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap_or_default();
    last.checked_sub_days(Days::new(last.weekday().num_days_from_sunday().into())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::french::ill_set;
    use crate::time::day_of;

    fn date(text: &str) -> NaiveDate {
        day_of(text).expect("a date")
    }

    /// `2026-11-24 9:30`
    fn moment(text: &str) -> NaiveDateTime {
        let (day, clock) = text.split_once(' ').expect("a day and a time");
        let (hour, minute) = clock.split_once(':').expect("a time");
        date(day).and_hms_opt(hour.parse().expect("h"), minute.parse().expect("min"), 0).expect("a time")
    }

    /// Monday to Friday 8–12, 14–19:30; Saturday 9–12; closed on Sunday and on public holidays.
    fn practice() -> Hours {
        let day = vec![(480, 720), (840, 1170)];
        let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![(540, 720)], vec![]];
        Hours { week, ..Hours::default() }
    }

    /// « Ouvre à 14 h », plain spaces.
    fn words(hours: &Hours, now: &str) -> String {
        let now = moment(now);
        let openness = hours.at(now);
        assert_eq!(hours.is_open(now), matches!(openness, Openness::OpenUntil(_) | Openness::AlwaysOpen), "{now}");
        let words = openness.words(now);
        assert_eq!(ill_set(&words), None);
        words.replace('\u{a0}', " ")
    }

    #[test]
    fn the_card_says_what_the_door_says() {
        let hours = practice();
        for (now, told) in [
            ("2026-11-24 7:59", "Ouvre à 8 h"),
            ("2026-11-24 8:00", "Ouvert jusqu’à 12 h"),
            ("2026-11-24 11:59", "Ouvert jusqu’à 12 h"),
            ("2026-11-24 12:00", "Ouvre à 14 h"),
            ("2026-11-24 14:00", "Ouvert jusqu’à 19 h 30"),
            ("2026-11-24 19:30", "Ouvre demain à 8 h"),
            ("2026-11-27 19:30", "Ouvre demain à 9 h"),
            ("2026-11-28 12:00", "Ouvre lundi à 8 h"),
            ("2026-11-29 12:00", "Ouvre demain à 8 h"),
            // Christmas is a Friday.
            ("2026-12-24 20:00", "Ouvre samedi à 9 h"),
            ("2026-12-25 10:00", "Ouvre demain à 9 h"),
        ] {
            assert_eq!(words(&hours, now), told, "{now}");
        }
        assert_eq!(words(&Hours::default(), "2026-11-24 10:00"), "Fermé");
    }

    #[test]
    fn a_slot_crosses_midnight() {
        // Friday and Saturday 20–26.
        let mut hours = Hours::default();
        hours.week[4] = vec![(1200, 1560)];
        hours.week[5] = vec![(1200, 1560)];
        for (now, told) in [
            ("2026-11-27 19:59", "Ouvre à 20 h"),
            ("2026-11-27 20:00", "Ouvert jusqu’à 2 h"),
            ("2026-11-28 1:59", "Ouvert jusqu’à 2 h"),
            ("2026-11-28 2:00", "Ouvre à 20 h"),
            // Of the Saturday, on a Sunday that has no slot.
            ("2026-11-29 0:00", "Ouvert jusqu’à 2 h"),
            ("2026-11-29 2:00", "Ouvre vendredi à 20 h"),
        ] {
            assert_eq!(words(&hours, now), told, "{now}");
        }
        // The night before a holiday belongs to the day it began on: 1 May 2026 is a Friday.
        hours.week[3] = vec![(1200, 1560)];
        assert_eq!(words(&hours, "2026-05-01 1:00"), "Ouvert jusqu’à 2 h");
        assert_eq!(words(&hours, "2026-05-01 20:30"), "Ouvre demain à 20 h");
    }

    #[test]
    fn slots_that_touch_are_one() {
        let mut hours = Hours { holidays: true, ..Hours::default() };
        hours.week = std::array::from_fn(|_| vec![(0, 1440)]);
        assert_eq!(hours.at(moment("2026-11-24 3:00")), Openness::AlwaysOpen);
        assert_eq!(words(&hours, "2026-12-25 3:00"), "Ouvert 24 h sur 24");
        hours.except = BTreeMap::from([(Day(date("2026-11-27")), vec![])]);
        assert_eq!(words(&hours, "2026-11-24 3:00"), "Ouvert jusqu’à jeudi minuit");
        assert_eq!(words(&hours, "2026-11-25 3:00"), "Ouvert jusqu’à demain minuit");
        assert_eq!(words(&hours, "2026-11-26 3:00"), "Ouvert jusqu’à minuit");
        assert_eq!(words(&hours, "2026-11-27 3:00"), "Ouvre demain à 0 h");
        hours.week = std::array::from_fn(|_| vec![(480, 1500), (300, 480)]);
        hours.except = BTreeMap::new();
        assert_eq!(words(&hours, "2026-11-24 6:00"), "Ouvert jusqu’à demain 1 h");
        assert_eq!(words(&hours, "2026-11-24 3:00"), "Ouvre à 5 h");
    }

    #[test]
    fn a_day_that_differs_replaces_its_day_and_a_holiday() {
        let mut hours = practice();
        hours.except = BTreeMap::from([(Day(date("2026-11-24")), vec![]), (Day(date("2026-12-25")), vec![(600, 660)])]);
        assert_eq!(words(&hours, "2026-11-24 9:00"), "Ouvre demain à 8 h");
        assert_eq!(words(&hours, "2026-12-25 10:30"), "Ouvert jusqu’à 11 h");
        let closed = |days: u64| (0..days).map(|ahead| (Day(date("2026-08-03") + Days::new(ahead)), vec![]));
        hours.except = closed(28).collect();
        assert_eq!(words(&hours, "2026-08-03 9:00"), "Ouvre le lundi 31 août à 8 h");
        hours.except = closed(60).collect();
        assert_eq!(words(&hours, "2026-08-03 9:00"), "Fermé");
        hours = Hours { holidays: true, ..practice() };
        assert_eq!(words(&hours, "2026-12-25 10:00"), "Ouvert jusqu’à 12 h");
    }

    #[test]
    fn no_slot_written_wrong_opens_anything() {
        let mut hours = Hours { week: std::array::from_fn(|_| vec![(600, 600), (700, 650)]), ..Hours::default() };
        assert_eq!(hours.at(moment("2026-11-24 10:00")), Openness::Closed);
        hours.week = std::array::from_fn(|_| vec![(u16::MIN, u16::MAX)]);
        assert_eq!(hours.at(NaiveDateTime::MAX), Openness::Closed, "no time after the last one");
        hours.holidays = true;
        assert_eq!(hours.at(NaiveDateTime::MIN), Openness::AlwaysOpen);
    }

    #[test]
    fn the_week_is_told_in_few_lines() {
        let mut hours = practice();
        let told = |hours: &Hours| hours.lines(date("2026-12-20")).join("\n").replace('\u{a0}', " ");
        assert_eq!(
            told(&hours),
            "lundi au vendredi : 8 h – 12 h, 14 h – 19 h 30\nsamedi : 9 h – 12 h\ndimanche : fermé"
        );
        assert_eq!(hours.on(date("2026-11-24")).replace('\u{a0}', " "), "8 h – 12 h, 14 h – 19 h 30");
        assert_eq!(hours.on(date("2026-12-25")), "fermé");
        hours.week = std::array::from_fn(|_| vec![(0, 1440)]);
        hours.week[6] = vec![(1200, 1590)];
        hours.week[5] = vec![(480, 1440)];
        hours.holidays = true;
        hours.except = BTreeMap::from([
            (Day(date("2026-12-19")), vec![]),
            (Day(date("2026-12-24")), vec![(540, 720)]),
            (Day(date("2027-01-02")), vec![]),
            (Day(date("2027-08-02")), vec![]),
        ]);
        assert_eq!(
            told(&hours),
            "lundi au vendredi : 24 h sur 24\nsamedi : 8 h – minuit\ndimanche : 20 h – 2 h 30\n\
             jours fériés : comme les autres jours\njeudi 24 décembre : 9 h – 12 h\nsamedi 2 janvier 2027 : fermé"
        );
        hours = Hours::default();
        assert_eq!(told(&hours), "");
        hours.week = std::array::from_fn(|_| vec![(480, 720)]);
        assert_eq!(told(&hours), "tous les jours : 8 h – 12 h");
        hours.week[0] = vec![];
        hours.week[1] = vec![];
        assert_eq!(told(&hours), "lundi et mardi : fermé\nmercredi au dimanche : 8 h – 12 h");
        assert_eq!(hours.lines(date("2026-12-20")).iter().find_map(|line| ill_set(line)), None);
    }

    #[test]
    fn holidays_are_those_of_the_law() {
        // The calendars of two years; the rule of Gauss gives the same Easters for all the years from 1900 to 2400.
        let calendars = [
            "2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25",
            "2027-01-01 2027-03-29 2027-05-01 2027-05-06 2027-05-08 2027-05-17 2027-07-14 2027-08-15 2027-11-01 2027-11-11 2027-12-25",
        ];
        for year in calendars {
            let days: Vec<NaiveDate> = year.split(' ').map(date).collect();
            assert_eq!(holidays(days[0].year()), days);
        }
        // Easter: the earliest and the latest there are, and the years where a simpler rule is wrong.
        for sunday in [
            "1818-03-22",
            "2008-03-23",
            "2038-04-25",
            "1943-04-25",
            "1954-04-18",
            "1981-04-19",
            "2000-04-23",
            "2049-04-18",
        ] {
            assert_eq!(easter(date(sunday).year()), date(sunday));
        }
        assert!(!is_holiday(date("2026-12-26")), "of Alsace and Moselle alone");
        // Once or twice in a century Ascension is 1 May or 8 May, and there are ten.
        assert!((1900..2100).all(|year| matches!(holidays(year).len(), 10 | 11)));
    }

    #[test]
    fn clocks_change_at_one_in_the_morning_of_greenwich() {
        let at = |text: &str| Timestamp(moment(text).and_utc().timestamp_millis());
        for (utc, offset) in [
            ("2026-01-01 0:00", 60),
            ("2026-03-29 0:59", 60),
            ("2026-03-29 1:00", 120),
            ("2026-07-14 12:00", 120),
            ("2026-10-25 0:59", 120),
            ("2026-10-25 1:00", 60),
            ("2027-03-28 1:00", 120),
            ("2027-10-31 0:59", 120),
            ("2027-10-31 1:00", 60),
        ] {
            assert_eq!(paris_offset(at(utc)), offset, "{utc}");
        }
        for wild in [i64::MIN, i64::MAX, -62_135_596_800_000] {
            assert!(matches!(paris_offset(Timestamp(wild)), 60 | 120));
        }
    }

    #[test]
    fn the_two_nights_the_clocks_change_are_read_by_the_clock_on_the_wall() {
        // A pharmacy on duty, Saturday 20 h to Sunday 3 h.
        let mut hours = Hours::default();
        hours.week[5] = vec![(1200, 1620)];
        let at = |utc: &str| {
            let instant = Timestamp(moment(utc).and_utc().timestamp_millis());
            let now = instant.local(paris_offset(instant));
            hours.at(now).words(now).replace('\u{a0}', " ")
        };
        // 29 March 2026: 1:59 is followed by 3:00.
        assert_eq!(at("2026-03-29 0:59"), "Ouvert jusqu’à 3 h");
        assert_eq!(at("2026-03-29 1:00"), "Ouvre samedi à 20 h");
        // 25 October 2026: 2:59 is followed by 2:00, and it is open for one hour more.
        assert_eq!(at("2026-10-25 0:59"), "Ouvert jusqu’à 3 h");
        assert_eq!(at("2026-10-25 1:00"), "Ouvert jusqu’à 3 h");
        assert_eq!(at("2026-10-25 1:59"), "Ouvert jusqu’à 3 h");
        assert_eq!(at("2026-10-25 2:00"), "Ouvre samedi à 20 h");
    }
}
