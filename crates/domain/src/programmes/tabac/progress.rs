//! What the challenger is shown: days, cigarettes and money, up to the last contact and not a day further.

use chrono::{Days, NaiveDate};

use super::challenge::{Challenge, SLIP, Said};
use super::money::bought;
use super::settings::Settings;
use crate::french::{NBSP, decimal};

/// Where a challenge is, as far as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoFar {
    /// The quit date that counts.
    pub from: NaiveDate,
    /// The last contact: nothing is known of the days after it.
    pub until: NaiveDate,
    /// Days between the two.
    pub days: i64,
    pub smoked_days: i64,
    pub smoke_free_days: i64,
    /// The state of each day from the quit date on, as many as `days`.
    pub squares: Vec<Square>,
    /// As many a day as before, on the days without one.
    pub not_smoked: i64,
    /// Cents kept: the cost of the days without smoking, minus what substitutes cost. Below zero when these cost more.
    pub cents: i64,
    /// Cents spent on substitutes; `None`: never told.
    pub substitutes_cents: Option<i64>,
    /// Price of a pack it was counted with, in cents.
    pub pack_cents: i64,
    /// The brand the edition has this price from; empty when the price is her own, or when the edition names none.
    pub pack_brand: String,
    /// Whole days without smoking in a row up to the last contact: where the timeline of [`super::health`] is read.
    pub health_days: i64,
    /// The slips that were told, oldest first.
    pub slips: Vec<Slip>,
    /// More than five cigarettes in all: « succès différé ».
    pub deferred: bool,
}

/// One day of the challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Square {
    Free,
    Smoked,
}

/// Cigarettes told at one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The day of the first one, or the day it was told.
    pub on: NaiveDate,
    /// Whether `on` is the day of the first one.
    pub dated: bool,
    pub said: Said,
}

/// Everything up to the last contact; `None` without a quit date, or before anybody answered after it.
#[must_use]
pub fn so_far(challenge: &Challenge<'_>, settings: &Settings<'_>) -> Option<SoFar> {
    let from = challenge.counted_from()?;
    let until = challenge.since()?;
    let days = (until - from).num_days();
    let mut far = SoFar {
        from,
        until,
        days,
        smoked_days: 0,
        smoke_free_days: 0,
        squares: Vec::new(),
        not_smoked: 0,
        cents: 0,
        substitutes_cents: None,
        pack_cents: 0,
        pack_brand: String::new(),
        health_days: 0,
        slips: Vec::new(),
        deferred: challenge.smoked(until).at_least > SLIP,
    };
    let mut answered = false;
    for (told, call) in challenge.contacts(from, until) {
        answered = true;
        let smoked = call.smoked_days(told);
        far.smoked_days += smoked;
        let first_on = call.answers.date("first_cigarette_on");
        far.mark(told, smoked, first_on);
        if let Some(cost) = call.answers.int("substitutes_cost") {
            far.substitutes_cents = Some(far.substitutes_cents.unwrap_or_default() + cost.max(0));
        }
        if let Some(said) = call.said().filter(|said| *said != Said::Nothing && *said != Said::Cigarettes(0)) {
            far.slips.push(Slip { on: first_on.unwrap_or(call.on), dated: first_on.is_some(), said });
        }
    }
    if !answered {
        return None;
    }
    let bought = bought(challenge, settings);
    far.smoke_free_days = days - far.smoked_days;
    far.not_smoked = (bought.cigarettes.max(0) + bought.rolled.max(0)) * far.smoke_free_days;
    far.pack_cents = bought.pack_cents;
    far.pack_brand = bought.brand.to_owned();
    let in_a_row = far.squares.iter().rev().take_while(|square| **square == Square::Free).count();
    far.health_days = i64::try_from(in_a_row).unwrap_or(i64::MAX);
    far.cents = bought.a_day().of_days(far.smoke_free_days) - far.substitutes_cents.unwrap_or_default();
    Some(far)
}

impl SoFar {
    /// The squares of the days one contact tells of. The first smoked one is where she said, when it is known; the others are
    /// the last days: the days in a row are never more than what was told.
    fn mark(&mut self, told: i64, smoked: i64, first_on: Option<NaiveDate>) {
        let begins = i64::try_from(self.squares.len()).unwrap_or_default();
        let first = first_on.map(|on| (on - self.from).num_days() - begins);
        let first = first.filter(|first| smoked > 0 && (0..=told - smoked).contains(first));
        let last = told - smoked + i64::from(first.is_some());
        let square = |day| if day >= last || Some(day) == first { Square::Smoked } else { Square::Free };
        self.squares.extend((0..told).map(square));
    }

    /// « à 13,50 € le paquet de Marlboro Red »
    #[must_use]
    pub fn price(&self) -> String {
        let brand = if self.pack_brand.is_empty() { String::new() } else { format!(" de {}", self.pack_brand) };
        format!("à {}{NBSP}€ le paquet{brand}", decimal(self.pack_cents, 2))
    }

    /// The day a square stands for.
    #[must_use]
    pub fn day(&self, square: usize) -> NaiveDate {
        self.from.checked_add_days(Days::new(square as u64)).unwrap_or(self.from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::challenge::challenges;
    use super::super::health::{Reached, timeline};
    use super::super::made_up::{Book, clock, day};
    use super::super::settings::editions;
    use super::*;

    /// Somebody who smokes twenty a day, from 9 November, and what each contact told.
    fn told(contacts: &[(&str, Value)]) -> Option<SoFar> {
        let mut book = Book::default();
        let edition = book.edition(json!({ "year": 2026, "pack_price": 1350, "pack_brand": "Marlboro Red" }));
        let person = book.person("");
        let answers = json!({ "edition": edition.to_string(), "quit_on": "2026-11-09", "cigarettes": 20 });
        book.add("tabac-challenger", person, day("2026-10-20"), answers);
        for (on, answers) in contacts {
            let mut answers = answers.clone();
            answers["outcome"] = answers.get("outcome").cloned().unwrap_or("reached".into());
            book.add("tabac-call", person, day(on), answers);
        }
        let noted = book.noted();
        let joined = challenges(&noted, &clock(day("2027-02-01")));
        so_far(&joined[0], editions(&noted).of(Some(edition)))
    }

    fn squares(far: &SoFar) -> String {
        far.squares.iter().map(|square| if *square == Square::Free { '#' } else { '.' }).collect()
    }

    #[test]
    fn the_picture_of_the_look_is_drawn() {
        let slip =
            json!({ "smoked_since": "counted", "cigarettes": 2, "days_smoked": 1, "first_cigarette_on": "2026-11-16" });
        let far = told(&[("2026-11-17", slip), ("2026-11-24", json!({ "smoked_since": "none" }))]).expect("contacts");
        assert_eq!((far.days, far.smoke_free_days, far.cents, far.not_smoked), (15, 14, 18_900, 280));
        assert_eq!(squares(&far), "#######.#######");
        assert_eq!(far.slips, [Slip { on: day("2026-11-16"), dated: true, said: Said::Cigarettes(2) }]);
        assert!(!far.deferred);
        assert_eq!((far.day(7), far.health_days), (day("2026-11-16"), 7));
    }

    #[test]
    fn nothing_is_promised_after_the_last_contact() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[("2026-11-10", json!({ "outcome": "not-reached" }))]), None);
        assert_eq!(told(&[("2026-11-08", json!({ "smoked_since": "none" }))]), None, "before the quit date");
        let far = told(&[
            ("2026-11-12", json!({ "smoked_since": "none" })),
            ("2026-12-09", json!({ "outcome": "not-reached", "smoked_since": "none" })),
        ]);
        let far = far.expect("a contact");
        assert_eq!((far.days, far.until, far.cents), (3, day("2026-11-12"), 4_050));
    }

    #[test]
    fn what_was_not_answered_saves_nothing() {
        let far = told(&[("2026-11-19", json!({}))]).expect("a contact");
        assert_eq!((far.days, far.smoke_free_days, far.cents, far.not_smoked), (10, 0, 0, 0));
        let far = told(&[("2026-11-19", json!({ "smoked_since": "more-than-5" }))]).expect("a contact");
        assert_eq!((far.smoke_free_days, far.deferred), (0, true));
        let far = told(&[("2026-11-19", json!({ "smoked_since": "counted", "cigarettes": 3 }))]).expect("a contact");
        assert_eq!(far.smoke_free_days, 7, "three cigarettes are three days at most");
        let far =
            told(&[("2026-11-19", json!({ "smoked_since": "none", "other_tobacco": "heated" }))]).expect("a contact");
        assert_eq!((far.smoke_free_days, far.deferred), (0, true));
    }

    #[test]
    fn a_day_that_is_not_known_is_shown_last() {
        let far = told(&[
            ("2026-11-14", json!({ "smoked_since": "counted", "cigarettes": 2, "days_smoked": 2 })),
            (
                "2026-11-17",
                json!({ "smoked_since": "more-than-5", "days_smoked": 1, "first_cigarette_on": "2026-11-30" }),
            ),
        ]);
        let far = far.expect("contacts");
        assert_eq!(squares(&far), "###..##.");
        assert_eq!((far.deferred, far.health_days), (true, 0), "the days in a row once it is deferred");
        assert_eq!(far.smoked_days + far.smoke_free_days, far.days);
    }

    #[test]
    fn the_days_in_a_row_are_never_the_flattering_ones() {
        let smoked = |more: Value| {
            let mut said = json!({ "smoked_since": "counted", "cigarettes": 3, "first_cigarette_on": "2026-11-12" });
            said.as_object_mut().expect("answers").extend(more.as_object().expect("answers").clone());
            told(&[("2026-11-19", said)]).expect("a contact")
        };
        let far = smoked(json!({ "days_smoked": 1 }));
        assert_eq!((squares(&far).as_str(), far.health_days), ("###.######", 6));
        let far = smoked(json!({ "days_smoked": 2 }));
        assert_eq!((squares(&far).as_str(), far.health_days), ("###.#####.", 0), "the second day is not known");
        let far = smoked(json!({ "days_smoked": 0 }));
        assert_eq!((squares(&far).as_str(), far.health_days), ("###.######", 6), "a cigarette is a day");
        let far = smoked(json!({ "days_smoked": 0, "smoked_since": "more-than-5", "first_cigarette_on": null }));
        assert_eq!((squares(&far).as_str(), far.health_days), ("#########.", 0));
        let reached: Vec<_> = timeline(smoked(json!({ "days_smoked": 1 })).health_days)
            .filter(|(_, reached)| *reached != Reached::Ahead)
            .map(|(mark, _)| mark.from_days)
            .collect();
        assert_eq!(reached, [1, 1, 1, 2, 3]);
    }

    #[test]
    fn the_brand_is_told_with_the_price_it_has() {
        let none = || [("2026-11-12", json!({ "smoked_since": "none" }))];
        let far = told(&none()).expect("a contact");
        assert_eq!(far.price().replace(NBSP, " "), "à 13,50 € le paquet de Marlboro Red");
        let mut far = far;
        far.pack_brand.clear();
        assert_eq!(far.price().replace(NBSP, " "), "à 13,50 € le paquet");
    }

    #[test]
    fn substitutes_are_taken_off() {
        let far = told(&[
            ("2026-11-12", json!({ "smoked_since": "none", "substitutes_cost": 1000 })),
            ("2026-11-14", json!({ "smoked_since": "none", "substitutes_cost": 550 })),
        ]);
        let far = far.expect("contacts");
        assert_eq!((far.substitutes_cents, far.cents), (Some(1550), 5 * 1350 - 1550));
        let far =
            told(&[("2026-11-10", json!({ "smoked_since": "none", "substitutes_cost": 5000 }))]).expect("a contact");
        assert_eq!(far.cents, 1350 - 5000, "below zero is said as it is");
    }

    #[test]
    fn more_days_than_there_were_are_all_of_them() {
        let far =
            told(&[("2026-11-12", json!({ "smoked_since": "more-than-5", "days_smoked": 40 }))]).expect("a contact");
        assert_eq!((far.days, far.smoked_days, far.smoke_free_days), (3, 3, 0));
    }
}
