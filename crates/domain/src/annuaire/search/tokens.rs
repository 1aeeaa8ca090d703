//! The words of a text.

use super::fold::{SOFT, fold_into};

/// Words people put between others; alone, they are looked for like any word.
const STOPS: [&str; 28] = [
    "a", "au", "aux", "avec", "chez", "d", "dans", "de", "des", "docteur", "dr", "du", "en", "et", "l", "la", "le",
    "les", "madame", "mme", "monsieur", "ou", "par", "pour", "qui", "sur", "un", "une",
];

pub(super) fn is_stop(word: &str) -> bool {
    STOPS.binary_search(&word).is_ok()
}

/// `st` and `ste` are `saint` and `sainte`.
pub(super) fn full(word: &str) -> &str {
    match word {
        "st" => "saint",
        "ste" => "sainte",
        _ => word,
    }
}

/// What may be written in one word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joins {
    /// What an apostrophe or a hyphen separates.
    Soft,
    /// What a space separates too: `LE GOFF` is also `legoff`.
    All,
}

/// What the reading of a text needs, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    folded: String,
    joined: String,
}

/// Gives each word of a text, and the joined forms: `N’GUYEN` gives `n`, `guyen` and `nguyen`.
pub(super) fn words(text: &str, joins: Joins, scratch: &mut Scratch, each: &mut dyn FnMut(&str)) {
    scratch.folded.clear();
    fold_into(text, &mut scratch.folded);
    match joins {
        Joins::All => run(&scratch.folded, &mut scratch.joined, each),
        Joins::Soft => scratch.folded.split(' ').for_each(|chunk| run(chunk, &mut scratch.joined, each)),
    }
}

/// The words of what may be one word; each two neighbours in one word, and all of them.
fn run(chunk: &str, joined: &mut String, each: &mut dyn FnMut(&str)) {
    let parts = || chunk.split([' ', SOFT]).filter(|part| !part.is_empty()).map(full);
    let mut before = "";
    for part in parts() {
        each(part);
        if !before.is_empty() {
            joined.clear();
            joined.push_str(before);
            joined.push_str(part);
            each(joined);
        }
        before = part;
    }
    if parts().nth(2).is_some() {
        joined.clear();
        joined.extend(parts());
        each(joined);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, joins: Joins) -> Vec<String> {
        let mut found = Vec::new();
        words(text, joins, &mut Scratch::default(), &mut |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn a_hyphen_and_an_apostrophe_separate_and_join() {
        assert_eq!(all("N’GUYEN", Joins::Soft), ["n", "guyen", "nguyen"]);
        assert_eq!(all("BEN-ALI Karim", Joins::Soft), ["ben", "ali", "benali", "karim"]);
        assert_eq!(all("LE GOFF", Joins::All), ["le", "goff", "legoff"]);
        assert_eq!(all("S.O.S. médecins", Joins::Soft), ["s", "o", "so", "s", "os", "sos", "medecins"]);
        assert_eq!(all("St-Pierre", Joins::Soft), ["saint", "pierre", "saintpierre"]);
        assert_eq!(all(" - ' ", Joins::All), [""; 0]);
    }

    #[test]
    fn the_stop_words_are_sorted() {
        assert!(STOPS.is_sorted() && is_stop("d") && is_stop("une") && !is_stop("domicile"));
    }
}
