//! The orders, and what changes with the hour; both are remembered from one keystroke to the next.

use std::sync::Arc;

use chrono::{NaiveDate, Timelike};

use super::bits::Bits;
use super::filters::Facet;
use super::find::Context;
use super::index::Index;
use super::query::{Order, Start};
use super::sort::Sort;
use super::typed::Typed;
use crate::annuaire::directory::Directory;
use crate::annuaire::geo;

/// What was computed for the last question, and may serve for the next.
#[derive(Debug, Default)]
pub(super) struct Memo {
    minute: Option<(NaiveDate, u32)>,
    /// The last text, and the cards that answer it.
    pub(super) typed: Option<(String, Arc<Typed>)>,
    /// Open at that minute.
    open: Bits,
    /// Whose word on new patients holds on that day.
    new_patients: Bits,
    arranged: Option<Arranged>,
    /// All the cards in that order.
    order: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Arranged {
    From((f64, f64)),
    Seeded(u64),
}

impl Memo {
    pub(super) fn refresh(&mut self, index: &Index, directory: &Directory, order: &Order, context: &Context) {
        let minute = Some((context.now.date(), context.now.hour() * 60 + context.now.minute()));
        if self.minute != minute {
            self.minute = minute;
            self.typed = None;
            self.open = index.nobody();
            for (place, hours) in &index.hours {
                if hours.iter().any(|hours| hours.is_open(context.now)) {
                    self.open.set(*place);
                }
            }
            self.new_patients = index.nobody();
            for (place, until) in &index.welcoming {
                if until.is_none_or(|until| context.now.date() <= until.0) {
                    self.new_patients.set(*place);
                }
            }
        }
        let wanted = match order {
            Order::Name => None,
            Order::Neutral => Some(Arranged::Seeded(context.day_seed)),
            Order::Distance(start) => start.point(directory, context).map(Arranged::From),
        };
        if self.arranged != wanted {
            self.order = wanted.map_or_else(Vec::new, |wanted| index.arrange(directory, wanted));
            self.arranged = wanted;
        }
    }

    /// The cards of a group, at the minute of the last question.
    pub(super) fn members<'a>(&'a self, index: &'a Index, group: u32) -> &'a Bits {
        let group = &index.groups[group as usize];
        match group.chip.facet {
            Facet::Open => &self.open,
            Facet::NewPatients => &self.new_patients,
            _ => &group.bits,
        }
    }

    /// The cards of a set in the order of the last question.
    pub(super) fn each(&self, cards: &Bits, mut see: impl FnMut(u32)) {
        if self.arranged.is_none() {
            return cards.each(see);
        }
        self.order.iter().filter(|card| cards.has(**card)).for_each(|card| see(*card));
    }
}

impl Start {
    /// Where it is, if somebody said so.
    #[must_use]
    pub fn point(&self, directory: &Directory, context: &Context) -> Option<(f64, f64)> {
        match self {
            Self::Me => context.at,
            Self::Commune(insee) => directory.communes.iter().find(|commune| commune.insee == *insee)?.at,
        }
    }
}

impl Index {
    /// From there to the nearest site of a card of the directory, in metres as the crow flies; a site without
    /// coordinates is where its commune is. `None`: nobody knows where the card is.
    #[must_use]
    pub fn metres(&self, card: u32, from: (f64, f64)) -> Option<f64> {
        let end = *self.point_ends.get(card as usize)?;
        let start = card.checked_sub(1).map_or(0, |before| self.point_ends[before as usize]);
        let points = &self.points[start as usize..end as usize];
        let metres = |point: &(f32, f32)| geo::distance(from, (f64::from(point.0), f64::from(point.1)));
        points.iter().map(metres).reduce(f64::min)
    }

    /// All the cards in an order; those that are equal in the alphabetical one.
    fn arrange(&self, directory: &Directory, wanted: Arranged) -> Vec<u32> {
        let key = |rank: &u32| match wanted {
            // What is nowhere comes last.
            Arranged::From(from) => self.metres(*rank, from).map_or(u64::MAX, |metres| metres as u64),
            Arranged::Seeded(seed) => {
                let id = directory.cards.id(*rank).map_or(0, |id| id.0.as_u128());
                drawn(seed, id)
            }
        };
        let mut sort = Sort::new(self.ranks.iter().map(key).collect());
        while !sort.pass(&|_, _| false) {}
        sort.ids()
    }
}

/// The number a card draws that day. It depends on nothing else than the card and the day: who is added or filtered out
/// moves nobody else (SplitMix64, by Steele, Lea and Flood).
fn drawn(seed: u64, id: u128) -> u64 {
    let mix = |number: u64| {
        let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ number >> 31
    };
    mix(mix(mix(seed) ^ (id >> 64) as u64) ^ id as u64)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{AUTERIVE, FOIX, MIREMONT, context, directory, find, named, names, person};
    use super::super::{Context, Index, Query};

    #[test]
    fn names_are_in_the_french_order() {
        let directory = directory(vec![
            person("ÉLUARD", "Zoé"),
            person("petit", "Zoé"),
            person("PETITJEAN", "Anne"),
            person("Petit", "Éric"),
            person("EZAN", "Luc"),
            person("D'ALBI", "Luc"),
            person("DUPONT", "Luc"),
        ]);
        assert_eq!(names(&directory, ""), ["D'ALBI", "DUPONT", "ÉLUARD", "EZAN", "Petit", "petit", "PETITJEAN"]);
    }

    #[test]
    fn the_nearest_site_counts_and_what_is_nowhere_comes_last() {
        let directory = directory(vec![
            person("AUNE", "Luc").at(FOIX),
            person("BONO", "Luc").at(MIREMONT),
            person("COL", "Luc").at(AUTERIVE).point(43.40, 1.47),
            person("DAX", "Luc").at(MIREMONT).at(AUTERIVE),
            person("ELY", "Luc"),
            person("FAU", "Luc").at(FOIX).point(42.96, 1.61),
        ]);
        assert_eq!(names(&directory, "tri=31033"), ["DAX", "BONO", "COL", "FAU", "AUNE", "ELY"]);
        let index = Index::new(&directory);
        let context = Context { at: Some((42.96, 1.61)), ..context() };
        let found = index.find(&directory, &Query::read("tri=moi"), &context);
        assert_eq!(named(&directory, &found), ["FAU", "DAX", "BONO", "COL", "AUNE", "ELY"]);
        // Without a place to measure from, the alphabet.
        assert_eq!(names(&directory, "tri=moi"), names(&directory, ""));
        assert_eq!(names(&directory, "tri=09122"), names(&directory, ""));
        // Half a degree of latitude.
        let metres = index.metres(2, (43.90, 1.47)).expect("a place");
        assert!((metres - 55_597.0).abs() < 60.0, "{metres}");
        assert_eq!((index.metres(4, (43.0, 1.0)), index.metres(9, (43.0, 1.0))), (None, None));
    }

    #[test]
    fn what_is_typed_comes_first_then_the_order() {
        let directory = directory(vec![
            person("MARTINET", "Luc").at(AUTERIVE),
            person("MARTIN", "Luc").at(MIREMONT),
            person("MARTIN", "Zoé").at(AUTERIVE),
        ]);
        assert_eq!(find(&directory, "q=martin&tri=31033").cards, [2, 1, 0]);
        assert_eq!(find(&directory, "q=martin").cards, [1, 2, 0]);
    }

    #[test]
    fn chance_is_the_same_all_day_and_another_the_next() {
        let people = |count: usize| directory((0..count).map(|rank| person(&format!("N{rank:03}"), "Luc")).collect());
        let directory = people(100);
        let index = Index::new(&directory);
        let drawn = |address: &str, day_seed| {
            index.find(&directory, &Query::read(address), &Context { day_seed, ..context() }).cards
        };
        let today = drawn("tri=hasard", 1);
        assert_ne!(today, drawn("tri=hasard", 2));
        assert_ne!(today, drawn("", 1));
        assert_eq!(today, drawn("tri=hasard", 1));
        let some: Vec<u32> = today.iter().copied().filter(|rank| *rank < 10).collect();
        assert_eq!(drawn("q=n00&tri=hasard", 1), some, "a filter moves nobody");
        let fewer = people(60);
        let others = Index::new(&fewer).find(&fewer, &Query::read("tri=hasard"), &Context { day_seed: 1, ..context() });
        let same: Vec<u32> = today.iter().copied().filter(|rank| *rank < 60).collect();
        assert_eq!(others.cards, same, "who comes or goes moves nobody else");
    }

    #[test]
    fn everybody_comes_first_as_often() {
        const DAYS: u32 = 6_000;
        let directory = directory((0..6).map(|rank| person(&format!("N{rank}"), "Luc")).collect());
        let index = Index::new(&directory);
        let mut times = [[0_u32; 6]; 6];
        for day in 0..DAYS {
            let context = Context { day_seed: 20_260_101 + u64::from(day), ..context() };
            let found = index.find(&directory, &Query::read("tri=hasard"), &context);
            for (place, rank) in found.cards.iter().enumerate() {
                times[place][*rank as usize] += 1;
            }
        }
        // Chi-square of each place against equal chances: 5 degrees of freedom, 25.7 is passed once in 10,000.
        for place in times {
            let expected = f64::from(DAYS) / 6.0;
            let distance: f64 = place.iter().map(|seen| (f64::from(*seen) - expected).powi(2) / expected).sum();
            assert!(distance < 25.7, "{place:?}");
        }
    }
}
