//! The cards of a directory, each as the text it is published with: a device reads the few it shows.

use super::entry::{Card, Entry};
use super::packed::{Reader, Writer, are_ends};
use crate::id::RecordId;

/// Cards by rank, unread.
#[derive(Clone, Debug, Default)]
pub struct Cards {
    ids: Vec<RecordId>,
    /// Where the text of each ends, from the first of them.
    ends: Vec<u32>,
    /// The texts are the end of these bytes: those of a file stay where they are.
    bytes: Vec<u8>,
    start: usize,
}

impl Cards {
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The card of this rank.
    #[must_use]
    pub fn get(&self, rank: u32) -> Option<Card> {
        let id = *self.ids.get(rank as usize)?;
        let from = rank.checked_sub(1).map_or(0, |before| self.ends[before as usize]) as usize;
        let text = self.bytes.get(self.start + from..self.start + self.ends[rank as usize] as usize)?;
        let entry: Entry = serde_json::from_slice(text).ok()?;
        Some(Card { id, entry })
    }

    #[must_use]
    pub fn id(&self, rank: u32) -> Option<RecordId> {
        self.ids.get(rank as usize).copied()
    }

    /// The rank of the card of this record.
    #[must_use]
    pub fn rank(&self, id: RecordId) -> Option<u32> {
        self.ids.iter().position(|one| *one == id).map(|rank| rank as u32)
    }

    /// All of them, read one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Card> + '_ {
        (0..self.len() as u32).filter_map(|rank| self.get(rank))
    }

    /// Where each is.
    pub(super) fn pack_places(&self, to: &mut Writer) {
        self.ids.iter().for_each(|id| to.0.extend(id.0.as_bytes()));
        to.growing(&self.ends);
    }

    /// The texts, last of all.
    pub(super) fn pack_texts(&self, to: &mut Writer) {
        to.0.extend(&self.bytes[self.start..]);
    }

    /// `None`: not what was written for so many cards.
    pub(super) fn unpack_places(from: &mut Reader<'_>, count: usize) -> Option<Self> {
        let ids = from.take(count.checked_mul(16)?)?.chunks_exact(16);
        let ids: Vec<RecordId> =
            ids.filter_map(|id| Some(RecordId(uuid::Uuid::from_bytes(*id.first_chunk()?)))).collect();
        let ends = from.growing().filter(|ends| ends.len() == count)?;
        Some(Self { ids, ends, ..Self::default() })
    }

    /// `None`: the texts are not those of these places.
    pub(super) fn with_texts(self, bytes: Vec<u8>, start: usize) -> Option<Self> {
        let whole = bytes.len().checked_sub(start)?;
        are_ends(&self.ends, whole).then_some(Self { bytes, start, ..self })
    }
}

impl FromIterator<Card> for Cards {
    fn from_iter<T: IntoIterator<Item = Card>>(cards: T) -> Self {
        let mut all = Self::default();
        for card in cards {
            if serde_json::to_writer(&mut all.bytes, &card.entry).is_ok() {
                all.ids.push(card.id);
                all.ends.push(all.bytes.len() as u32);
            }
        }
        all
    }
}

impl PartialEq for Cards {
    fn eq(&self, other: &Self) -> bool {
        let texts = |cards: &Self| cards.bytes[cards.start..].to_vec();
        self.ids == other.ids && self.ends == other.ends && texts(self) == texts(other)
    }
}
