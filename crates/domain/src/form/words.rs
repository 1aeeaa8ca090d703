//! Choosing the words to remember or to whisper. The draw is an argument: nothing here is random.

use super::WordList;

/// The list to show: never one that shares a word with the list used last time for this person.
///
/// `last_used` is the id that was stored; `draw` any number, equal draws give equal lists. When every list shares a
/// word (a territory kept too few), another list than the last; `None` only without any list.
#[must_use]
pub fn choose_words(lists: &'static [WordList], last_used: Option<&str>, draw: u64) -> Option<&'static WordList> {
    let last = last_used.and_then(|id| lists.iter().find(|list| list.id == id));
    let shares = |list: &WordList| last.is_some_and(|last| list.words.iter().any(|word| last.words.contains(word)));
    let fresh: Vec<&'static WordList> = lists.iter().filter(|list| !shares(list)).collect();
    let others: Vec<&'static WordList> = lists.iter().filter(|list| Some(list.id) != last_used).collect();
    let pool = [fresh, others, lists.iter().collect()].into_iter().find(|pool| !pool.is_empty())?;
    let index = usize::try_from(mix(draw) % pool.len() as u64).ok()?;
    pool.get(index).copied()
}

/// Four words to whisper: no two of the same `draw` and different `rank` (first ear, second ear) share a word, as long
/// as there are words enough. Fewer than four only when the list itself is shorter.
#[must_use]
pub fn whisper_set(words: &'static [&'static str], draw: u64, rank: usize) -> Vec<&'static str> {
    let mut shuffled = words.to_vec();
    let mut seed = draw;
    for index in (1..shuffled.len()).rev() {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let other = usize::try_from(mix(seed) % (index as u64 + 1)).unwrap_or_default();
        shuffled.swap(index, other);
    }
    shuffled.iter().copied().cycle().skip(rank * 4).take(shuffled.len().min(4)).collect()
}

/// Finaliser of splitmix64: neighbouring draws must not give neighbouring lists.
const fn mix(draw: u64) -> u64 {
    let mut mixed = draw.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LISTS: &[WordList] = &[
        WordList { id: "a", words: ["fleur", "porte", "riz"], verified: false },
        WordList { id: "b", words: ["citron", "clé", "ballon"], verified: true },
        WordList { id: "c", words: ["cigare", "fleur", "porte"], verified: false },
    ];
    const WORDS: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h", "i"];

    #[test]
    fn a_shared_word_rules_a_list_out() {
        for draw in 0..50 {
            assert_eq!(choose_words(LISTS, Some("a"), draw).map(|list| list.id), Some("b"));
        }
        let drawn: std::collections::BTreeSet<_> =
            (0..50).filter_map(|draw| choose_words(LISTS, None, draw)).map(|list| list.id).collect();
        assert_eq!(drawn.len(), 3);
    }

    #[test]
    fn too_few_lists_still_give_another_one_if_there_is() {
        const ONE: &[WordList] = &[LISTS[0]];
        const TWO: &[WordList] = &[LISTS[0], LISTS[2]];
        assert_eq!(choose_words(TWO, Some("a"), 7).map(|list| list.id), Some("c"));
        assert_eq!(choose_words(ONE, Some("a"), 7).map(|list| list.id), Some("a"));
        assert_eq!(choose_words(&[], Some("a"), 7), None);
    }

    proptest! {
        #[test]
        fn each_ear_has_its_own_words(draw: u64) {
            let (first, second) = (whisper_set(WORDS, draw, 0), whisper_set(WORDS, draw, 1));
            prop_assert_eq!(first.len(), 4);
            prop_assert!(first.iter().all(|word| !second.contains(word)));
            let distinct: std::collections::BTreeSet<_> = first.iter().collect();
            prop_assert_eq!(distinct.len(), 4);
        }
    }
}
