//! One typing error: a letter too many, missing, replaced, or two that changed places.

/// From so many letters a word may hold one.
pub(super) const LEAST: usize = 5;

/// The letters of a word, whatever their order and number, one bit each: one error changes two bits at most.
pub(super) fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |all, letter| all | 1 << (letter & 31))
}

/// Whether one error makes one word of the other.
pub(super) fn near(typed: &str, word: &str) -> bool {
    apart(typed.as_bytes(), word.as_bytes(), false)
}

/// Whether one error makes the beginning of a word of what is typed.
pub(super) fn begins_near(typed: &str, word: &str) -> bool {
    apart(typed.as_bytes(), word.as_bytes(), true)
}

fn apart(typed: &[u8], word: &[u8], begins: bool) -> bool {
    let same = typed.iter().zip(word).take_while(|(typed, letter)| typed == letter).count();
    let (typed, word) = (&typed[same..], &word[same..]);
    let rest = |typed: &[u8], word: &[u8]| if begins { word.starts_with(typed) } else { word == typed };
    let Some(after) = typed.get(1..) else {
        // All that was typed is there: one letter is missing at its end, if any.
        return !begins && word.len() == 1;
    };
    let too_many = rest(after, word);
    let Some(next) = word.get(1..) else { return too_many };
    let missing = rest(typed, next);
    let replaced = rest(after, next);
    let swapped =
        typed.len() > 1 && next.first() == Some(&typed[0]) && word[0] == typed[1] && rest(&typed[2..], &next[1..]);
    too_many || missing || replaced || swapped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_of_error() {
        for typed in ["fontanie", "fontanierr", "fontanisr", "fotnanier", "ontanier", "afontanier", "fontanire"] {
            assert!(near(typed, "fontanier") && near("fontanier", typed), "{typed}");
        }
        for typed in ["fontanier", "fontani", "fontanieres", "fnotanire", "fontarnir", ""] {
            assert!(!near(typed, "fontanier"), "{typed}");
        }
        assert!(begins_near("dermatlo", "dermatologue") && begins_near("dermaotl", "dermatologue"));
        assert!(!begins_near("dermat", "dermatologue") && !begins_near("dramatl", "dermatologue"));
    }

    proptest! {
        #[test]
        fn one_error_is_near_and_changes_two_letters_at_most(word in "[a-e]{5,9}", at in 0..5_usize, letter in 0..5_u8, kind in 0..4) {
            let mut letters_of: Vec<u8> = word.bytes().collect();
            match kind {
                0 => letters_of.insert(at, b'a' + letter),
                1 => drop(letters_of.remove(at)),
                2 => letters_of[at] = b'a' + letter,
                _ => letters_of.swap(at, (at + 1).min(word.len() - 1)),
            }
            let typed = String::from_utf8(letters_of).expect("letters");
            prop_assert!(typed == word || near(&typed, &word));
            prop_assert!((letters(&typed) ^ letters(&word)).count_ones() <= 2);
        }
    }
}
