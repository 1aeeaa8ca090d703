//! The index as it travels and as it is kept, with the file.

use super::bits::Bits;
use super::filters::{Chip, Facet};
use super::index::{Index, Sounds};
use super::near::letters;
use super::read::{GROUP, Group, WHOM};
use super::words::Texts;
use crate::annuaire::packed::{Reader, Writer, are_ends};

impl Index {
    pub(in crate::annuaire) fn pack(&self, to: &mut Writer) {
        to.numbers(&self.ranks);
        self.words.pack(to);
        to.growing(&self.posting_ends);
        to.numbers(&self.postings);
        self.sounds.texts.pack(to);
        to.bytes(&self.sounds.heard);
        to.numbers(&self.sounds.word);
        to.number(self.groups.len() as u32);
        for group in &self.groups {
            let facet = Facet::ALL.iter().position(|facet| *facet == group.chip.facet);
            to.number(facet.unwrap_or_default() as u32);
            to.bytes(group.chip.code.as_bytes());
            to.bytes(group.label.as_bytes());
            let mut members = Vec::new();
            group.bits.each(|place| members.push(place));
            to.growing(&members);
        }
        to.growing(&self.point_ends);
        let points: Vec<u32> = self.points.iter().flat_map(|(lat, lon)| [lat.to_bits(), lon.to_bits()]).collect();
        to.numbers(&points);
        to.bytes(&serde_json::to_vec(&(&self.hours, &self.welcoming)).unwrap_or_default());
    }

    /// `None`: not the index of so many cards. What is read is checked once, and trusted ever after.
    pub(in crate::annuaire) fn unpack(from: &mut Reader<'_>, cards: usize) -> Option<Self> {
        let below = |numbers: &[u32], limit: usize| numbers.iter().all(|number| (*number as usize) < limit);
        let ranks = from.numbers().filter(|ranks| ranks.len() == cards && below(ranks, cards))?;
        let words = Texts::unpack(from)?;
        let posting_ends = from.growing()?;
        let postings = from.numbers()?;
        let sounds = Sounds { texts: Texts::unpack(from)?, heard: from.bytes()?.to_vec(), word: from.numbers()? };
        let mut groups = Vec::new();
        for _ in 0..from.number()? {
            let facet = *Facet::ALL.get(from.number()? as usize)?;
            let (code, label) = (text(from.bytes()?)?, text(from.bytes()?)?);
            let members = from.growing().filter(|members| below(members, cards))?;
            let mut bits = Bits::none(cards);
            members.iter().for_each(|place| bits.set(*place));
            groups.push(Group { chip: Chip { facet, code }, label, bits });
        }
        let point_ends = from.growing()?;
        let points: Vec<(f32, f32)> =
            from.numbers()?.chunks_exact(2).map(|two| (f32::from_bits(two[0]), f32::from_bits(two[1]))).collect();
        let (hours, welcoming) = serde_json::from_slice(from.bytes()?).ok()?;
        let mut index =
            Self { ranks, words, posting_ends, postings, sounds, groups, point_ends, points, ..Self::default() };
        (index.hours, index.welcoming) = (hours, welcoming);
        index.is_sound().then(|| {
            index.letters = (0..index.words.len() as u32).map(|word| letters(index.words.get(word))).collect();
            index.shown = Self::in_order(&index.groups);
            index
        })
    }

    /// Whether everything leads to something that is there.
    fn is_sound(&self) -> bool {
        let cards = self.ranks.len();
        let leads = |posting: &u32| {
            let most = if posting & GROUP > 0 { self.groups.len() } else { cards };
            ((posting & WHOM) as usize) < most
        };
        let is_here = |place: u32| (place as usize) < cards;
        self.posting_ends.len() == self.words.len()
            && are_ends(&self.posting_ends, self.postings.len())
            && self.postings.iter().all(leads)
            && self.sounds.heard.len() == self.sounds.texts.len()
            && self.sounds.word.len() == self.sounds.texts.len()
            && self.sounds.word.iter().all(|word| (*word as usize) < self.words.len())
            && self.point_ends.len() == cards
            && are_ends(&self.point_ends, self.points.len())
            && self.hours.iter().all(|(place, _)| is_here(*place))
            && self.welcoming.iter().all(|(place, _)| is_here(*place))
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}
