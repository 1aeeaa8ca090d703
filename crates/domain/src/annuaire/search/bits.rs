//! A set of cards, one bit each.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn none(cards: usize) -> Self {
        Self(vec![0; cards.div_ceil(64)])
    }

    pub(super) fn all(cards: usize) -> Self {
        let mut bits = Self(vec![u64::MAX; cards.div_ceil(64)]);
        if let Some(last) = bits.0.last_mut().filter(|_| !cards.is_multiple_of(64)) {
            *last >>= 64 - cards % 64;
        }
        bits
    }

    /// Those of whom the cost is not `never`, one byte each.
    pub(super) fn reached(costs: &[u8], never: u8) -> Self {
        let word = |costs: &[u8]| costs.iter().rev().fold(0_u64, |word, cost| word << 1 | u64::from(*cost != never));
        Self(costs.chunks(64).map(word).collect())
    }

    pub(super) fn set(&mut self, card: u32) {
        self.0[card as usize / 64] |= 1 << (card % 64);
    }

    pub(super) fn has(&self, card: u32) -> bool {
        self.0[card as usize / 64] >> (card % 64) & 1 == 1
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
    }

    pub(super) fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Takes away what the other has.
    pub(super) fn less(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= !theirs);
    }

    pub(super) fn any(&self) -> bool {
        self.0.iter().any(|word| *word > 0)
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many are in both.
    pub(super) fn common(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).map(|(mine, theirs)| (mine & theirs).count_ones() as usize).sum()
    }

    pub(super) fn each(&self, mut see: impl FnMut(u32)) {
        for (index, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                see(index as u32 * 64 + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cards: usize, members: &[u32]) -> Bits {
        let mut bits = Bits::none(cards);
        members.iter().for_each(|card| bits.set(*card));
        bits
    }

    #[test]
    fn sets_of_cards() {
        for cards in [0_usize, 1, 63, 64, 65, 130] {
            assert_eq!(Bits::all(cards).count(), cards);
            let mut seen = Vec::new();
            Bits::all(cards).each(|card| seen.push(card));
            assert_eq!(seen, (0..cards as u32).collect::<Vec<_>>());
        }
        let (even, small) = (of(70, &[0, 2, 64, 68]), of(70, &[0, 1, 2]));
        assert_eq!(even.common(&small), 2);
        let mut rest = even.clone();
        rest.less(&small);
        assert_eq!(rest, of(70, &[64, 68]));
        assert!(rest.has(64) && !rest.has(2));
    }
}
