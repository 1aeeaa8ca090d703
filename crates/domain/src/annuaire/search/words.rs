//! Texts kept end to end, and each word once.

use crate::annuaire::packed::{Reader, Writer, are_ends};

/// Texts in one allocation, by number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, id: u32) -> &str {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.text[start as usize..self.ends[id as usize] as usize]
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.bytes(self.text.as_bytes());
        to.growing(&self.ends);
    }

    /// `None`: not texts, or not whole letters.
    pub(super) fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        let text = std::str::from_utf8(from.bytes()?).ok()?.to_owned();
        let ends = from.growing()?;
        let whole = are_ends(&ends, text.len()) && ends.iter().all(|end| text.is_char_boundary(*end as usize));
        whole.then_some(Self { text, ends })
    }

    /// The same in this order.
    pub(super) fn ordered(&self, ids: &[u32]) -> Self {
        let mut texts =
            Self { text: String::with_capacity(self.text.len()), ends: Vec::with_capacity(self.ends.len()) };
        ids.iter().for_each(|id| texts.push(self.get(*id)));
        texts
    }

    /// Where the sorted texts that come before stop: those of which `before` is true.
    fn first(&self, before: impl Fn(&str) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.ends.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The sorted texts that begin so.
    pub(super) fn beginning(&self, prefix: &str) -> std::ops::Range<u32> {
        let start = self.first(|text| text < prefix);
        start..self.first(|text| text < prefix || text.starts_with(prefix))
    }
}

/// Words by number, each once: an open table, because a directory has a hundred times more words than distinct words.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) texts: Texts,
    /// Number plus one; 0 is free. A power of two, at most half full.
    table: Vec<u32>,
}

impl Words {
    /// The number of the word, and whether it is new.
    pub(super) fn intern(&mut self, word: &str) -> (u32, bool) {
        if self.texts.len() * 2 >= self.table.len() {
            self.grow();
        }
        let place = self.place(word);
        if self.table[place] > 0 {
            return (self.table[place] - 1, false);
        }
        self.texts.push(word);
        self.table[place] = self.texts.len() as u32;
        (self.texts.len() as u32 - 1, true)
    }

    /// Where the word is, or is to be put.
    fn place(&self, word: &str) -> usize {
        let mask = self.table.len() - 1;
        let mut place = hash(word) as usize & mask;
        while self.table[place] > 0 && self.texts.get(self.table[place] - 1) != word {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(1024)];
        for id in 0..self.texts.len() as u32 {
            let place = self.place(self.texts.get(id));
            self.table[place] = id + 1;
        }
    }
}

/// FNV-1a, its high bits brought down.
fn hash(word: &str) -> u32 {
    let hash = word.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash ^ hash >> 15
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        // Enough words for the table to grow; it is long in an unoptimised build.
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn each_word_has_one_number(typed in proptest::collection::vec("[abc]{0,7}", 1000..1500)) {
            let (mut words, mut model) = (Words::default(), BTreeMap::new());
            for word in &typed {
                let next = model.len() as u32;
                let expected = *model.entry(word).or_insert(next);
                prop_assert_eq!(words.intern(word), (expected, expected == next));
                prop_assert_eq!(words.texts.get(expected), word.as_str());
            }
        }
    }

    proptest! {
        #[test]
        fn a_beginning_is_a_range(mut texts in proptest::collection::vec("[abé]{0,4}", 0..30), prefix in "[abé]{0,3}") {
            texts.sort();
            let mut sorted = Texts::default();
            texts.iter().for_each(|text| sorted.push(text));
            let expected: Vec<u32> = (0..texts.len() as u32).filter(|id| texts[*id as usize].starts_with(&prefix)).collect();
            prop_assert_eq!(sorted.beginning(&prefix).collect::<Vec<_>>(), expected);
        }
    }
}
