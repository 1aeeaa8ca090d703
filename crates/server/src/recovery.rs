//! Codes on paper, for the day the telephone is lost: ten of them, each opens the door once in place of its code.

use sha2::{Digest, Sha256};

use crate::secret::hex;
use crate::totp::base32;

/// Codes given at once.
pub const COUNT: usize = 10;
/// Letters and figures that a hurried hand does not take for one another; `u` is out, so that few words appear.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters, without the hyphens: 80 random bits.
const LENGTH: usize = 16;

/// Ten new codes: `xxxx-xxxx-xxxx-xxxx`.
pub fn new_codes() -> Vec<String> {
    let code = || {
        let mut bytes = [0; 10];
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        let letters = base32(&bytes, ALPHABET);
        [&letters[..4], &letters[4..8], &letters[8..12], &letters[12..]].join("-")
    };
    (0..COUNT).map(|_| code()).collect()
}

/// The form under which a code is stored, as it was typed: capitals, spaces and what looks alike are read. `None`: it
/// cannot be one. A plain hash is enough: a code has 80 random bits.
pub fn hash(typed: &str) -> Option<String> {
    let letters: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '\u{2010}'..='\u{2014}'))
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let known = letters.len() == LENGTH && letters.bytes().all(|byte| ALPHABET.contains(&byte));
    known.then(|| hex(&Sha256::digest(letters.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_long_and_differ() {
        let codes = new_codes();
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), different.len()), (COUNT, COUNT));
        assert!(codes.iter().all(|code| code.len() == 19 && hash(code).is_some()), "{codes:?}");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let kept = hash("0a1b-2c3d-4e5f-6g7h");
        assert!(kept.is_some());
        for typed in [" OA1B 2C3D 4E5F 6G7H ", "oaib2c3d4e5f6g7h", "0al b–2c3d‑4e5f—6g7h"] {
            assert_eq!(hash(typed), kept, "{typed}");
        }
        for other in ["", "123456", "0a1b-2c3d-4e5f-6g7", "0a1b-2c3d-4e5f-6g7hh", "0a1b-2c3d-4e5f-6g7u"] {
            assert_eq!(hash(other), None, "{other}");
        }
    }
}
