//! Sorting tens of thousands of numbers by what they stand for: by merges, stable, a pass at a time, with one body for
//! every use because it is downloaded (the standard sort costs 3 kB a type, [`crate::order`] is for short lists).

/// Numbers `0..keys.len()` on their way to the order of their keys.
#[derive(Debug, Default)]
pub(super) struct Sort {
    keys: Vec<u64>,
    ids: Vec<u32>,
    spare: Vec<u32>,
    width: usize,
}

impl Sort {
    pub(super) fn new(keys: Vec<u64>) -> Self {
        let ids: Vec<u32> = (0..keys.len() as u32).collect();
        Self { keys, spare: ids.clone(), ids, width: 1 }
    }

    /// By text: the key is the beginning of it, the rest is read when two are equal.
    pub(super) fn texts<'a>(count: usize, text: &dyn Fn(u32) -> &'a str) -> Self {
        Self::new((0..count as u32).map(|id| head(text(id))).collect())
    }

    /// One pass of merges. `after` tells of two numbers with equal keys whether the first comes after the second.
    /// Whether all is sorted.
    pub(super) fn pass(&mut self, after: &dyn Fn(u32, u32) -> bool) -> bool {
        let count = self.ids.len();
        if self.width >= count {
            return true;
        }
        for start in (0..count).step_by(self.width * 2) {
            let (middle, end) = ((start + self.width).min(count), (start + self.width * 2).min(count));
            let (mut left, mut right) = (start, middle);
            for place in start..end {
                let take_right = right < end && (left >= middle || self.comes_after(left, right, after));
                let from = if take_right { &mut right } else { &mut left };
                self.spare[place] = self.ids[*from];
                *from += 1;
            }
        }
        std::mem::swap(&mut self.ids, &mut self.spare);
        self.width *= 2;
        self.width >= count
    }

    /// The numbers as they are ordered so far.
    pub(super) fn ids(self) -> Vec<u32> {
        self.ids
    }

    fn comes_after(&self, left: usize, right: usize, after: &dyn Fn(u32, u32) -> bool) -> bool {
        let (left, right) = (self.ids[left], self.ids[right]);
        let (one, other) = (self.keys[left as usize], self.keys[right as usize]);
        one > other || (one == other && after(left, right))
    }
}

/// Eight bytes of a text, which compare as it does.
fn head(text: &str) -> u64 {
    let bytes = text.as_bytes();
    (0..8).fold(0, |key, index| key << 8 | u64::from(bytes.get(index).copied().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_like_the_standard_library(texts in proptest::collection::vec("[ab]{0,12}", 0..60)) {
            let text = |id: u32| texts[id as usize].as_str();
            let mut sort = Sort::texts(texts.len(), &text);
            while !sort.pass(&|a, b| text(a) > text(b)) {}
            let mut expected: Vec<u32> = (0..texts.len() as u32).collect();
            expected.sort_by_key(|id| text(*id));
            prop_assert_eq!(sort.ids(), expected);
        }
    }
}
