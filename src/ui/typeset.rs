//! French typography on texts that come as plain data: forms are written with the keyboard's own spaces and quotes.

use domain::french::{NBSP, NNBSP};

/// Sets the true apostrophe and the no-break spaces; a text already set is left as it is.
#[must_use]
pub fn typeset(text: &str) -> String {
    let mut set = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek().copied()) {
            ('\'', _) => set.push('’'),
            (' ' | NBSP, Some(';' | '?' | '!')) => set.push(NNBSP),
            (' ', Some(':' | '»' | '%')) => set.push(NBSP),
            ('«', Some(' ')) => {
                letters.next();
                set.push('«');
                set.push(NBSP);
            }
            // A figure and its unit stay on the same line.
            (' ', Some(next)) if next.is_lowercase() && unit_follows(&set, letters.clone()) => set.push(NBSP),
            _ => set.push(letter),
        }
    }
    set
}

fn unit_follows(before: &str, after: impl Iterator<Item = char>) -> bool {
    let word: String = after.take_while(|letter| letter.is_alphabetic()).collect();
    before.ends_with(|letter: char| letter.is_ascii_digit()) && matches!(word.as_str(), "kg" | "s" | "cm" | "m" | "h")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_apostrophes_are_set() {
        assert_eq!(
            typeset("Avez-vous perdu plus de 3 kg ou d'appétit ?"),
            "Avez-vous perdu plus de 3\u{a0}kg ou d’appétit\u{202f}?"
        );
        assert_eq!(typeset("dit : « non »."), "dit\u{a0}: «\u{a0}non\u{a0}».");
    }

    #[test]
    fn a_set_text_stays() {
        let set = "dit\u{a0}: «\u{a0}non\u{a0}», l’été\u{202f}? 3\u{a0}kg";
        assert_eq!(typeset(set), set);
    }
}
