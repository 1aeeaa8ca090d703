//! What is computed once for a directory.

use std::sync::Mutex;

use super::bits::Bits;
use super::filters::{Chip, Facet};
use super::order::Memo;
use super::read::Group;
use super::words::Texts;
use crate::annuaire::entry::Hours;
use crate::time::Day;

/// Made for one [`Directory`], and asked with it only.
///
/// Inside, a card is its place in the alphabetical order: a set of cards is then already in that order.
#[derive(Debug, Default)]
pub struct Index {
    /// From the place of a card to its rank in the directory.
    pub(super) ranks: Vec<u32>,
    /// The distinct words, sorted.
    pub(super) words: Texts,
    /// Which letters each word has.
    pub(super) letters: Vec<u32>,
    /// Where the postings of each word end.
    pub(super) posting_ends: Vec<u32>,
    pub(super) postings: Vec<u32>,
    pub(super) sounds: Sounds,
    pub(super) groups: Vec<Group>,
    /// The groups in the order of their chips.
    pub(super) shown: Vec<u32>,
    /// By rank in the directory.
    pub(super) point_ends: Vec<u32>,
    /// Latitudes and longitudes of sites: half a metre is enough.
    pub(super) points: Vec<(f32, f32)>,
    /// The hours of the sites of each place that told some.
    pub(super) hours: Vec<(u32, Vec<Hours>)>,
    /// Until when each place that takes new patients said so; `None`: without an end.
    pub(super) welcoming: Vec<(u32, Option<Day>)>,
    pub(super) memo: Mutex<Memo>,
}

/// How the words sound, sorted.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    pub(super) texts: Texts,
    /// How much of each is heard.
    pub(super) heard: Vec<u8>,
    /// Which word it is.
    pub(super) word: Vec<u32>,
}

impl Index {
    /// How the directory names what a chip asks for: « Spirométrie », « Auterive ». `None` for a chip without a code,
    /// a kind of card, or a code nobody names.
    #[must_use]
    pub fn label(&self, chip: &Chip) -> Option<&str> {
        self.of(chip).map(|group| self.groups[group as usize].label.as_str()).find(|label| !label.is_empty())
    }

    /// Whether a chip may ever keep somebody, whatever the hour.
    #[must_use]
    pub fn knows(&self, chip: &Chip) -> bool {
        self.of(chip).any(|group| self.groups[group as usize].bits.any())
    }

    /// The groups in the order of their chips.
    pub(super) fn in_order(groups: &[Group]) -> Vec<u32> {
        let of = |facet| (0..).zip(groups).filter(move |(_, group)| group.chip.facet == facet);
        Facet::ALL.into_iter().flat_map(of).map(|(group, _)| group).collect()
    }

    pub(super) fn nobody(&self) -> Bits {
        Bits::none(self.ranks.len())
    }

    /// The groups a chip asks for: one, or those of any facet for [`Facet::Who`].
    pub(super) fn of<'a>(&'a self, chip: &'a Chip) -> impl Iterator<Item = u32> + 'a {
        let asked = move |group: &Group| {
            let who = matches!(
                group.chip.facet,
                Facet::Profession | Facet::Structure | Facet::Competence | Facet::Equipment | Facet::Engagement
            );
            (group.chip.facet == chip.facet || (chip.facet == Facet::Who && who)) && group.chip.code == chip.code
        };
        (0..self.groups.len() as u32).filter(move |group| asked(&self.groups[*group as usize]))
    }
}
