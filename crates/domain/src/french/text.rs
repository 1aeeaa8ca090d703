//! Words.

/// « a, b et c »
#[must_use]
pub fn join<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} et {}", head.join(", "), last.as_ref())
        }
    }
}

/// First letter in upper case, accents kept.
#[must_use]
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// First letter in lower case: a sentence's beginning put in the middle of another.
#[must_use]
pub fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A name written in capitals, as official files do, with a capital at the head of each part only: « Marie-Hélène »,
/// « D’Hôtel ». A name that has a small letter was set by somebody who knows: it is left alone.
#[must_use]
pub fn name_case(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut cased = String::with_capacity(name.len());
    let mut inside = false;
    for letter in name.chars() {
        if inside {
            cased.extend(letter.to_lowercase())
        } else {
            cased.push(letter)
        }
        inside = letter.is_alphabetic();
    }
    cased
}

/// Letters of the name of a file, at most.
const LONGEST_FILE: usize = 100;

/// The name of a file, in letters any system accepts and nothing else: « marie-helene-exemple ». Of what has none of them,
/// nothing.
#[must_use]
pub fn file_name(text: &str) -> String {
    let mut name = String::with_capacity(64);
    for letter in fold(text).chars().take(LONGEST_FILE) {
        if letter.is_ascii_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

/// Lower case without accents, œ as oe, apostrophes and hyphens as spaces: for sorting and looking up.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
            'ç' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ᵉ' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ʳ' => folded.push('r'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '\'' | '’' | '-' | '\u{2010}' | '\u{2011}' | '\u{a0}' | '\u{202f}' => folded.push(' '),
            // A name typed with combining accents.
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

/// What is badly set in a text people read: the first fault found, for the tests of every static text.
#[cfg(test)]
pub(crate) fn ill_set(text: &str) -> Option<String> {
    let faults = [
        ("'", "a straight apostrophe"),
        ("\"", "straight quotes"),
        ("...", "three points for an ellipsis"),
        ("  ", "two spaces"),
        (" ?", "a plain space"),
        (" !", "a plain space"),
        (" ;", "a plain space"),
        (" :", "a plain space"),
        (" %", "a plain space"),
        (" »", "a plain space"),
        ("« ", "a plain space"),
        (" kg", "a plain space"),
        ("rendez-vous", "a hyphen that breaks"),
        ("1er", "a rank on the line"),
    ];
    let fault = faults.iter().find(|(pattern, _)| text.contains(pattern));
    let glued = |sign: char, space: char| {
        text.char_indices()
            .any(|(at, letter)| letter == sign && !text[..at].ends_with(space))
            .then(|| format!("« {sign} » without its space: {text}"))
    };
    let signs = || [('?', '\u{202f}'), ('!', '\u{202f}'), (';', '\u{202f}'), (':', '\u{a0}'), ('»', '\u{a0}')];
    fault
        .map(|(pattern, what)| format!("{what} in {pattern:?}: {text}"))
        .or_else(|| signs().into_iter().find_map(|(sign, space)| glued(sign, space)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_with_et() {
        assert_eq!(join::<&str>(&[]), "");
        assert_eq!(join(&["a"]), "a");
        assert_eq!(join(&["a", "b", "c"]), "a, b et c");
    }

    #[test]
    fn accents_stay_on_capitals() {
        assert_eq!(sentence_case("écran"), "Écran");
        assert_eq!(uncapitalised("Écran plein"), "écran plein");
        assert_eq!(sentence_case(""), "");
    }

    #[test]
    fn names_in_capitals_are_set_again() {
        assert_eq!(name_case("MARIE-HÉLÈNE"), "Marie-Hélène");
        assert_eq!(name_case("D'HÔTEL DE LA TOUR"), "D'Hôtel De La Tour");
        assert_eq!(name_case("de La Tour"), "de La Tour");
        assert_eq!(name_case(""), "");
    }

    #[test]
    fn a_file_is_named_in_letters_any_system_accepts() {
        let territory = "bilan Sans tabac 2026 CPTS de la vallée de l’Ariège";
        for (text, name) in [
            (territory, "bilan-sans-tabac-2026-cpts-de-la-vallee-de-l-ariege"),
            ("  Léa D’HÔTEL-CŒUR ", "lea-d-hotel-coeur"),
            ("../../etc/passwd\"\r\n;", "etc-passwd"),
            ("\u{202e}Ω", ""),
        ] {
            assert_eq!(file_name(text), name);
        }
        assert_eq!(file_name(&"a ".repeat(200)).len(), LONGEST_FILE - 1);
    }

    #[test]
    fn folding_meets_what_people_type() {
        assert_eq!(fold("Hélène"), "helene");
        assert_eq!(fold("He\u{301}le\u{300}ne"), "helene");
        assert_eq!(fold("D’HÔTEL-CŒUR"), "d hotel coeur");
        assert_eq!(fold("1ᵉʳ nov."), "1er nov.");
    }
}
