//! The key of Luhn (ISO/IEC 7812-1, annex B), which ends most numbers of the health system.

/// Whether the last digit is the key of the others. `A` counts as 1 and `B` as 2: in a FINESS number `2A` stands for 21
/// and `2B` for 22.
pub(super) fn is_luhn(number: &str) -> bool {
    sum(number, false).is_multiple_of(10)
}

/// The digit to write after these so that the whole has a right key.
#[must_use]
pub fn luhn_key(digits: &str) -> u8 {
    ((10 - sum(digits, true) % 10) % 10) as u8
}

/// `doubled`: the last digit counts twice, because the key is still to come.
fn sum(number: &str, mut doubled: bool) -> u32 {
    let mut sum = 0;
    for letter in number.bytes().rev() {
        let digit = match letter {
            b'0'..=b'9' => u32::from(letter - b'0'),
            b'A' => 1,
            b'B' => 2,
            _ => 0,
        };
        sum += match (doubled, digit) {
            (false, _) => digit,
            (true, 0..=4) => digit * 2,
            (true, _) => digit * 2 - 9,
        };
        doubled = !doubled;
    }
    sum
}
