//! Numbers and texts end to end in bytes: what a device reads without making anything of each.

/// Writes what [`Reader`] reads.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

/// Reads from the front of what is left; `None` when it is not what [`Writer`] wrote.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl Writer {
    /// A number, the least significant byte first.
    pub(super) fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    /// How many, then each.
    pub(super) fn numbers(&mut self, numbers: &[u32]) {
        self.number(numbers.len() as u32);
        numbers.iter().for_each(|number| self.number(*number));
    }

    /// How many, then the distance of each from the one before: seven bits a byte, the eighth says that more follow.
    pub(super) fn growing(&mut self, numbers: &[u32]) {
        self.number(numbers.len() as u32);
        let mut before = 0;
        for number in numbers {
            let mut left = number.wrapping_sub(before);
            while left > 127 {
                self.0.push(left as u8 | 128);
                left >>= 7;
            }
            self.0.push(left as u8);
            before = *number;
        }
    }

    /// How many, then each.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u32);
        self.0.extend(bytes);
    }
}

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, left) = self.0.split_at_checked(count)?;
        self.0 = left;
        Some(taken)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    pub(super) fn numbers(&mut self) -> Option<Vec<u32>> {
        let count = self.number()? as usize;
        let bytes = self.take(count.checked_mul(4)?)?;
        Some(bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect())
    }

    pub(super) fn growing(&mut self) -> Option<Vec<u32>> {
        let count = self.number()? as usize;
        // Each takes one byte at least: a count that lies makes no room for what is not there.
        let mut numbers = Vec::with_capacity(count.min(self.0.len()));
        let mut last = 0_u32;
        for _ in 0..count {
            let (mut more, mut shift) = (0_u32, 0);
            loop {
                let (byte, left) = self.0.split_first()?;
                self.0 = left;
                more |= u32::from(byte & 127).checked_shl(shift)?;
                if byte & 128 == 0 {
                    break;
                }
                shift += 7;
            }
            last = last.wrapping_add(more);
            numbers.push(last);
        }
        Some(numbers)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number()?;
        self.take(count as usize)
    }
}

/// Whether these are ends of parts of so many bytes.
pub(super) fn are_ends(ends: &[u32], whole: usize) -> bool {
    ends.windows(2).all(|two| two[0] <= two[1]) && ends.last().copied().unwrap_or_default() as usize == whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers in proptest::collection::vec(0..=u32::MAX, 0..9), bytes in "\\PC{0,9}") {
            let mut growing = numbers.clone();
            growing.sort_unstable();
            let mut writer = Writer::default();
            writer.numbers(&numbers);
            writer.growing(&growing);
            writer.bytes(bytes.as_bytes());
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.numbers(), Some(numbers));
            prop_assert_eq!(reader.growing(), Some(growing));
            prop_assert_eq!(reader.bytes(), Some(bytes.as_bytes()));
            prop_assert!(reader.0.is_empty() && reader.number().is_none());
        }

        #[test]
        fn nothing_else_is_read_too_far(bytes in proptest::collection::vec(0..=u8::MAX, 0..40)) {
            let _ = (Reader(&bytes).numbers(), Reader(&bytes).growing(), Reader(&bytes).bytes());
        }
    }
}
