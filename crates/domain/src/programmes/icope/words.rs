//! The words of the instrument: three to remember, four to whisper.

use crate::form::WordList;

/// The lists of the French sheet; « citron, clé, ballon » alone could be read on it.
pub const THREE_WORDS: &[WordList] = &[
    WordList { id: "fleur-porte-riz", words: ["fleur", "porte", "riz"], verified: false },
    WordList { id: "citron-cle-ballon", words: ["citron", "clé", "ballon"], verified: true },
    WordList { id: "cigare-fleur-porte", words: ["cigare", "fleur", "porte"], verified: false },
    WordList { id: "fauteuil-tulipe-canard", words: ["fauteuil", "tulipe", "canard"], verified: false },
];

/// Common, short and unrelated words; ours, no official list could be read. None is a word to remember.
pub const WHISPERED: &[&str] = &[
    "bateau", "cheval", "jardin", "montre", "fromage", "lampe", "soleil", "valise", "cerise", "marteau", "pluie",
    "robe", "village", "miroir", "panier", "sapin",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::choose_words;

    #[test]
    fn the_same_words_never_come_twice_in_a_row() {
        for last in THREE_WORDS {
            for draw in 0..200 {
                let chosen = choose_words(THREE_WORDS, Some(last.id), draw).expect("four lists");
                let shared: Vec<_> = chosen.words.iter().filter(|word| last.words.contains(word)).collect();
                assert!(shared.is_empty(), "{} after {}: {shared:?}", chosen.id, last.id);
            }
        }
    }

    #[test]
    fn a_whispered_word_is_never_one_to_remember() {
        for list in THREE_WORDS {
            assert!(list.words.iter().all(|word| !WHISPERED.contains(word)), "{}", list.id);
        }
    }
}
