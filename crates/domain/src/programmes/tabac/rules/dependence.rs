//! The test of Fagerström (six items, 0 to 10) and the HSI, its items 1 and 4 (0 to 6).

use super::{points, reading};
use crate::form::Answers;

type Scale = &'static [(&'static str, u32)];

const FIRST_CIGARETTE: Scale = &[("within-5", 3), ("6-30", 2), ("31-60", 1), ("after-60", 0)];
const PER_DAY: Scale = &[("10-or-less", 0), ("11-20", 1), ("21-30", 2), ("31-more", 3)];
const YES: Scale = &[("yes", 1), ("no", 0)];

/// In the order of the instrument.
const ITEMS: [(&str, Scale); 6] = [
    ("first_cigarette", FIRST_CIGARETTE),
    ("abstain_hard", YES),
    ("hardest", &[("first", 1), ("other", 0)]),
    ("per_day", PER_DAY),
    ("more_morning", YES),
    ("when_ill", YES),
];

const FAGERSTROM: &[(u32, &str)] = &[
    (0, "pas de dépendance"),
    (3, "dépendance faible"),
    (5, "dépendance moyenne"),
    (7, "dépendance forte ou très forte"),
];

const HSI: &[(u32, &str)] = &[(0, "pas de dépendance"), (2, "dépendance modérée"), (4, "dépendance forte")];

/// A score and its words, or the items without which there is none.
pub type Score = Result<(u32, &'static str), Vec<&'static str>>;

pub fn fagerstrom(answers: &Answers<'_>) -> Score {
    sum(answers, &ITEMS, FAGERSTROM)
}

/// Of the interview: the two items as they were chosen there.
pub fn hsi(answers: &Answers<'_>) -> Score {
    sum(answers, &[ITEMS[0], ITEMS[3]], HSI)
}

/// Of the sign-up, where the cigarettes are a number.
pub fn hsi_of(answers: &Answers<'_>, cigarettes: Option<i64>) -> Score {
    let a_day = cigarettes.map(|cigarettes| match cigarettes {
        ..=10 => 0,
        11..=20 => 1,
        21..=30 => 2,
        _ => 3,
    });
    let first = points(answers, "first_cigarette", FIRST_CIGARETTE);
    if let (Some(a_day), Some(first)) = (a_day, first) {
        return Ok((a_day + first, reading(HSI, a_day + first)));
    }
    let items = [("cigarettes", a_day.is_some()), ("first_cigarette", first.is_some())];
    Err(items.iter().filter(|(_, answered)| !answered).map(|(id, _)| *id).collect())
}

/// The sum of every item, or those that hold none of their answers.
pub fn sum(answers: &Answers<'_>, items: &[(&'static str, Scale)], readings: &[(u32, &'static str)]) -> Score {
    let mut score = 0;
    let mut missing = Vec::new();
    for (id, scale) in items {
        match points(answers, id, scale) {
            Some(points) => score += points,
            None => missing.push(*id),
        }
    }
    if missing.is_empty() { Ok((score, reading(readings, score))) } else { Err(missing) }
}
