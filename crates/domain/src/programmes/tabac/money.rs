//! What a day of smoking costs, and what a time without smoking keeps.

use super::challenge::Challenge;
use super::settings::{PACK, Settings};

/// The cost of a day, as an exact fraction of cents: prices are rounded once, at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyCost {
    pub cents: i64,
    pub over: i64,
}

/// What is smoked in a day and what it is bought at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bought<'a> {
    /// Cigarettes from a pack, a day.
    pub cigarettes: i64,
    /// Of a pack of twenty.
    pub pack_cents: i64,
    /// Of the pack the edition has this price from; empty when she told her own.
    pub brand: &'a str,
    /// Cigarettes rolled, a day.
    pub rolled: i64,
    pub pouch_cents: i64,
    /// Tobacco in a pouch and in one cigarette, in the same unit.
    pub pouch_grams: i64,
    pub roll_grams: i64,
}

impl Bought<'_> {
    /// What a day costs. Rolled cigarettes cost nothing that is known when the pouch is not.
    #[must_use]
    pub fn a_day(&self) -> DailyCost {
        let packs = self.cigarettes.max(0) * self.pack_cents.max(0);
        let known = self.pouch_grams > 0 && self.roll_grams > 0 && self.pouch_cents > 0;
        if !known {
            return DailyCost { cents: packs, over: PACK };
        }
        let pouches = self.rolled.max(0) * self.roll_grams * self.pouch_cents;
        DailyCost { cents: packs * self.pouch_grams + pouches * PACK, over: PACK * self.pouch_grams }
    }
}

impl DailyCost {
    /// What so many days cost, in cents, half a cent rounded up.
    #[must_use]
    pub fn of_days(self, days: i64) -> i64 {
        let cents = i128::from(self.cents) * i128::from(days.max(0));
        let over = i128::from(self.over.max(1));
        i64::try_from((2 * cents + over) / (2 * over)).unwrap_or(i64::MAX)
    }
}

/// What somebody smokes in a day, and at what price: as the interview tells it, else the sign-up and the edition.
#[must_use]
pub fn bought<'a>(challenge: &Challenge<'_>, settings: &Settings<'a>) -> Bought<'a> {
    let interview = |name| challenge.interview.as_ref().and_then(|told| told.int(name));
    let own_price = interview("pack_price");
    Bought {
        cigarettes: interview("cigarettes").or(challenge.sign_up.int("cigarettes")).unwrap_or_default(),
        pack_cents: own_price.unwrap_or(settings.pack_cents),
        brand: if own_price.is_some() { "" } else { settings.pack_brand },
        rolled: interview("rolled").unwrap_or_default(),
        pouch_cents: interview("pouch_price").unwrap_or_default(),
        pouch_grams: interview("pouch_grams").unwrap_or_default() * HUNDREDTHS,
        roll_grams: interview("roll_grams").unwrap_or_default(),
    }
}

/// A pouch is weighed in grams, a cigarette in hundredths of a gram.
const HUNDREDTHS: i64 = 100;

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        name: String,
        source: String,
        cigarettes: i64,
        pack: i64,
        #[serde(default)]
        rolled: i64,
        #[serde(default)]
        pouch: i64,
        /// In grams.
        #[serde(default)]
        pouch_grams: i64,
        /// In hundredths of a gram.
        #[serde(default)]
        roll_grams: i64,
        days: i64,
        cents: i64,
    }

    #[test]
    fn the_cases_hold() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("money.json")).expect("money.json reads");
        assert!(cases.len() > 10, "the cases are there");
        for case in cases {
            assert!(!case.source.is_empty(), "{}: where does it come from?", case.name);
            let bought = Bought {
                cigarettes: case.cigarettes,
                pack_cents: case.pack,
                brand: "",
                rolled: case.rolled,
                pouch_cents: case.pouch,
                pouch_grams: case.pouch_grams * HUNDREDTHS,
                roll_grams: case.roll_grams,
            };
            assert_eq!(bought.a_day().of_days(case.days), case.cents, "{}", case.name);
        }
    }

    #[test]
    fn nothing_typed_overflows() {
        let most = Bought {
            cigarettes: 100,
            pack_cents: 10_000,
            brand: "",
            rolled: 100,
            pouch_cents: 10_000,
            pouch_grams: 500 * HUNDREDTHS,
            roll_grams: 300,
        };
        assert!(most.a_day().of_days(40_000) > 0);
        assert_eq!(most.a_day().of_days(-3), 0);
    }
}
