//! Answering a query.

use std::sync::{Arc, PoisonError};

use chrono::NaiveDateTime;

use super::bits::Bits;
use super::filters::{Chip, Facet, Filters};
use super::index::Index;
use super::order::Memo;
use super::query::Query;
use super::typed::Typed;
use super::wider::Wider;
use crate::annuaire::directory::Directory;

/// What the answer depends on beside the directory and the query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Context {
    /// The territory's local time.
    pub now: NaiveDateTime,
    /// Where the device is, if the person said so: latitude and longitude, degrees.
    pub at: Option<(f64, f64)>,
    /// The same for everybody of the territory during one day.
    pub day_seed: u64,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Ranks in `directory.cards`, in order: what is nearest to what is typed, then the order asked for.
    pub cards: Vec<u32>,
    /// For each chip, how many cards there are with it on top of the present ones; as many as now for a chip in force.
    pub counts: Vec<(Chip, usize)>,
    /// What to give up for more cards, when there are none or few.
    pub wider: Option<Wider>,
}

/// What the chips of a query ask, one condition after the other.
pub(super) struct Asked {
    pub(super) conditions: Vec<Condition>,
    /// The cards that answer the text and every condition.
    pub(super) cards: Bits,
    /// Those that answer the text and every condition but one.
    pub(super) nearly: Bits,
}

pub(super) struct Condition {
    pub(super) facet: Facet,
    pub(super) chips: Vec<Chip>,
    cards: Bits,
}

impl Asked {
    /// The cards there would be more without this condition.
    pub(super) fn more(&self, condition: &Condition) -> Bits {
        let mut more = self.nearly.clone();
        more.less(&condition.cards);
        more
    }
}

impl Index {
    /// The cards that answer the query, and what is said around them. `directory` is the one the index was built for.
    #[must_use]
    pub fn find(&self, directory: &Directory, query: &Query, context: &Context) -> Found {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        let (typed, asked) = self.asked(&mut memo, directory, query, context);
        Found {
            cards: self.ranked(&memo, &asked.cards, &typed.costs),
            counts: self.counts(&memo, &asked, &query.filters),
            wider: self.wider(&memo, query, &typed, &asked),
        }
    }

    /// The cards alone, as [`Index::find`] gives them: what a key shows at once. The whole answer to the same text costs
    /// little afterwards.
    #[must_use]
    pub fn cards(&self, directory: &Directory, query: &Query, context: &Context) -> Vec<u32> {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        let (typed, asked) = self.asked(&mut memo, directory, query, context);
        self.ranked(&memo, &asked.cards, &typed.costs)
    }

    fn asked(&self, memo: &mut Memo, directory: &Directory, query: &Query, context: &Context) -> (Arc<Typed>, Asked) {
        memo.refresh(self, directory, &query.order, context);
        let typed = match memo.typed.take() {
            Some((text, typed)) if text == query.text => typed,
            _ => Arc::new(self.typed(memo, &query.text)),
        };
        memo.typed = Some((query.text.clone(), typed.clone()));
        let asked = self.ask(memo, &typed.cards, &query.filters);
        (typed, asked)
    }

    /// Chips of a facet that widens are one condition; the others, one each.
    pub(super) fn ask(&self, memo: &Memo, typed: &Bits, filters: &Filters) -> Asked {
        let mut conditions: Vec<Condition> = Vec::new();
        for chip in filters.chips() {
            let mut cards = Bits::none(self.ranks.len());
            self.of(chip).for_each(|group| cards.or(memo.members(self, group)));
            match conditions.last_mut().filter(|last| last.facet == chip.facet && chip.facet.widens()) {
                Some(last) => {
                    last.cards.or(&cards);
                    last.chips.push(chip.clone());
                }
                None => conditions.push(Condition { facet: chip.facet, chips: vec![chip.clone()], cards }),
            }
        }
        let (mut missed, mut missed_twice) = (Bits::none(self.ranks.len()), Bits::none(self.ranks.len()));
        for condition in &conditions {
            let mut misses = typed.clone();
            misses.less(&condition.cards);
            let mut again = misses.clone();
            again.and(&missed);
            missed_twice.or(&again);
            missed.or(&misses);
        }
        let mut cards = typed.clone();
        cards.less(&missed);
        missed.less(&missed_twice);
        Asked { conditions, cards, nearly: missed }
    }

    fn ranked(&self, memo: &Memo, cards: &Bits, costs: &[u16]) -> Vec<u32> {
        let rank = |place: u32| self.ranks[place as usize];
        let mut ranked = Vec::with_capacity(cards.count());
        if costs.is_empty() {
            memo.each(cards, |place| ranked.push(rank(place)));
            return ranked;
        }
        // The cards of each cost follow one another: where each cost begins is known by counting them.
        let mut starts = vec![0; Typed::MOST + 2];
        cards.each(|place| starts[usize::from(costs[place as usize]) + 1] += 1);
        (1..starts.len()).for_each(|cost| starts[cost] += starts[cost - 1]);
        ranked.resize(cards.count(), 0);
        memo.each(cards, |place| {
            let start: &mut usize = &mut starts[usize::from(costs[place as usize])];
            ranked[*start] = rank(place);
            *start += 1;
        });
        ranked
    }

    fn counts(&self, memo: &Memo, asked: &Asked, filters: &Filters) -> Vec<(Chip, usize)> {
        let present = asked.cards.count();
        let mut counts = Vec::with_capacity(self.shown.len());
        let mut widening: Option<(Facet, Bits)> = None;
        for group in &self.shown {
            let (chip, members) = (&self.groups[*group as usize].chip, memo.members(self, *group));
            if widening.as_ref().is_none_or(|(facet, _)| *facet != chip.facet) {
                let same = |condition: &&Condition| condition.facet == chip.facet && chip.facet.widens();
                let more = asked.conditions.iter().find(same).map(|condition| asked.more(condition));
                widening = more.map(|more| (chip.facet, more));
            }
            let count = match &widening {
                _ if filters.has(chip) => present,
                Some((_, more)) => present + more.common(members),
                None => asked.cards.common(members),
            };
            counts.push((chip.clone(), count));
        }
        // What is in force is shown, even what the directory does not know.
        let unknown = filters.chips().iter().filter(|chip| self.of(chip).next().is_none() || chip.facet == Facet::Who);
        counts.extend(unknown.map(|chip| (chip.clone(), present)));
        counts
    }
}
