//! Why a text is not an identifier, and the reading of those that are digits with a key.

use std::fmt;

use super::luhn::is_luhn;
use crate::french::NBSP;

/// Why a text is not such an identifier. It never repeats the text: what was typed there by mistake may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The masculine noun of the identifier: « numéro RPPS ».
    pub what: &'static str,
    pub fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Something else than digits, and than the spaces between them.
    Digits,
    /// Numbers of characters.
    Length { expected: usize, found: usize },
    /// The last digit does not follow from the others.
    Key,
    /// A spreadsheet took it for a quantity and left `1,01E+10` of it.
    Rounded,
    /// What such an identifier looks like, as the end of a sentence that begins with « Un » and its noun.
    Shape(&'static str),
}

const ROUNDED: &str =
    "Le tableur a arrondi le numéro\u{a0}: mettez la colonne au format «\u{a0}Texte\u{a0}», puis recopiez les numéros.";

/// A French sentence for the person who typed the text, or who gave the file.
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match self.fault {
            Fault::Digits => write!(f, "Un {what} ne contient que des chiffres."),
            Fault::Length { expected, found } => {
                write!(f, "Un {what} a {expected}{NBSP}caractères, celui-ci en a {found}.")
            }
            Fault::Key => {
                write!(f, "Aucun {what} ne s’écrit ainsi{NBSP}: la clé ne correspond pas, un chiffre est faux.")
            }
            Fault::Rounded => f.write_str(ROUNDED),
            Fault::Shape(shape) => write!(f, "Un {what} {shape}."),
        }
    }
}

impl std::error::Error for Malformed {}

/// What a spreadsheet leaves of a long number: `1,01E+10`.
pub(super) fn is_rounded(text: &str) -> bool {
    text.contains("E+") || text.contains("e+")
}

/// `length` digits with a Luhn key, spaces left out. In Corsica the second character may be the letter of the département.
pub(super) fn keyed(what: &'static str, text: &str, length: usize, corsican: bool) -> Result<String, Malformed> {
    let number = digits(what, text, length, corsican)?;
    if is_luhn(&number) { Ok(number) } else { Err(Malformed { what, fault: Fault::Key }) }
}

/// `length` digits, spaces left out.
pub(super) fn digits(what: &'static str, text: &str, length: usize, corsican: bool) -> Result<String, Malformed> {
    let refuse = |fault| Err(Malformed { what, fault });
    let mut number = String::with_capacity(length);
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        let letter = letter.to_ascii_uppercase();
        let of_corsica = corsican && number == "2" && matches!(letter, 'A' | 'B');
        if !letter.is_ascii_digit() && !of_corsica {
            return refuse(if is_rounded(text) { Fault::Rounded } else { Fault::Digits });
        }
        number.push(letter);
    }
    if number.len() == length { Ok(number) } else { refuse(Fault::Length { expected: length, found: number.len() }) }
}
