//! How a French word sounds, roughly: enough for a name heard on the telephone.

/// The sound of a folded word, and how much of it is left without its silent ending: `renault` is `renot`, of which
/// `reno` is heard. Two words sound alike when what is heard of them is the same.
pub(super) fn sound(word: &str, sound: &mut String) -> usize {
    sound.clear();
    let letters = word.as_bytes();
    let at = |index: usize| letters.get(index).copied().unwrap_or(b' ');
    let mut index = 0;
    while index < letters.len() {
        let (taken, heard) = match (letters[index], at(index + 1), at(index + 2)) {
            (b'e', b'a', b'u') => (3, "o"),
            // Renault, Gaultier, Chaulx.
            (b'a', b'u', b'l') if matches!(at(index + 3), b't' | b'd' | b'x') => (3, "o"),
            (b'a', b'u', _) => (2, "o"),
            (b'p', b'h', _) => (2, "f"),
            (b'c', b'h', b'r' | b'l') => (2, "k"),
            (b's', b'c', b'h') => (3, "ch"),
            (b'c' | b's', b'h', _) => (2, "ch"),
            (b'q', b'u', _) | (b'c', b'k' | b'q', _) => (2, "k"),
            (b'c', b'e' | b'i' | b'y', _) => (1, "s"),
            (b'c' | b'q', ..) => (1, "k"),
            (b'g', b'u', b'e' | b'i' | b'y') => (2, "g"),
            (b'g', b'e' | b'i' | b'y', _) => (1, "j"),
            (b'a' | b'e', b'i' | b'y', _) => (2, "e"),
            (b'y', ..) => (1, "i"),
            (b'w' | b'b', b'v', _) => (2, "v"),
            (b'w', ..) => (1, "v"),
            (b'h', ..) => (1, ""),
            // Duchesne, Desmoulins, Deslandes.
            (b's', b'n' | b'm' | b'l', _) if at(index.wrapping_sub(1)) == b'e' => (1, ""),
            _ => (1, &word[index..=index]),
        };
        if !(heard.len() == 1 && sound.ends_with(heard)) {
            sound.push_str(heard);
        }
        index += taken;
    }
    heard(sound)
}

/// Without `s`, `t`, `d`, `x`, `z`, `p`, `e` at the end; three letters stay.
fn heard(sound: &str) -> usize {
    sound.trim_end_matches(['e', 's', 't', 'd', 'x', 'z', 'p']).len().max(sound.len().min(3))
}

/// A word with figures in it, or in other letters than ours, has no sound.
pub(super) fn sounds(word: &str) -> bool {
    word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(word: &str) -> String {
        let mut text = String::new();
        let length = sound(word, &mut text);
        text.truncate(length);
        text
    }

    #[test]
    fn words_that_sound_alike() {
        for (one, other) in [
            ("lefebvre", "lefevre"),
            ("duchene", "duchesne"),
            ("reno", "renault"),
            ("renaud", "renault"),
            ("filip", "philippe"),
            ("tibo", "thibault"),
            ("boudo", "boudeau"),
            ("bodry", "baudry"),
            ("henri", "henry"),
            ("dupon", "dupont"),
            ("duran", "durands"),
            ("gaultier", "gautier"),
            ("kristof", "christophe"),
            ("mishel", "michel"),
            ("chesnay", "chenet"),
            ("demoulin", "desmoulins"),
            ("jerar", "gerard"),
        ] {
            assert_eq!(heard(one), heard(other), "{one}, {other}");
        }
    }

    #[test]
    fn words_that_do_not() {
        for (one, other) in
            [("martin", "marin"), ("rol", "roux"), ("lacaze", "lagaze"), ("mas", "mat"), ("roche", "rose")]
        {
            assert_ne!(heard(one), heard(other), "{one}, {other}");
        }
        for word in ["31190", "co2", "иван", "le"] {
            assert!(!sounds(word), "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_word_has_something_to_hear(word in "[a-z]{1,20}") {
            let mut text = String::new();
            let length = sound(&word, &mut text);
            proptest::prop_assert!(length <= text.len() && (length > 0 || word.bytes().all(|letter| letter == b'h')));
        }
    }
}
