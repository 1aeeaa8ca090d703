//! Telephone numbers, kept as the whole world dials them and shown as France writes them.

use super::malformed::is_rounded;
use super::{Fault, Malformed, identifier};
use crate::french::NBSP;

const WHAT: &str = "numéro de téléphone";
const SHAPE: &str =
    "a 10\u{a0}chiffres et commence par 0\u{a0}: vérifiez qu’il n’en manque pas, et qu’il n’y en a qu’un";

/// Country codes of the French numbers outside Europe, in the plan of the ARCEP (decision 2018-0881): 262 is La Réunion
/// and Mayotte, 590 Guadeloupe, Saint-Martin and Saint-Barthélemy, 594 Guyane, 596 Martinique.
const OVERSEAS: [&str; 4] = ["262", "590", "594", "596"];

identifier!(
    /// E.164 (`+33561000000`), or a short number as it is dialled (`15`, `3989`).
    ///
    /// A number without its leading 0 is a French one: no French number has 9 digits, and spreadsheets eat the 0. For the
    /// same reason `33561000000` has lost its `+`.
    Phone,
    read
);

fn read(text: &str) -> Result<String, Malformed> {
    let refuse = |fault| Malformed { what: WHAT, fault };
    let mut number = String::with_capacity(16);
    let mut plus = false;
    for letter in text.chars() {
        match letter {
            '0'..='9' => number.push(letter),
            '+' if number.is_empty() && !plus => plus = true,
            '.' | '-' | '/' | '(' | ')' | '\u{2010}' | '\u{2011}' => {}
            _ if letter.is_whitespace() => {}
            _ => return Err(refuse(if is_rounded(text) { Fault::Rounded } else { Fault::Digits })),
        }
    }
    let read = match (plus, number.strip_prefix("00"), number.len()) {
        (true, ..) => international(&number),
        (_, Some(number), _) => international(number),
        (.., 10) if number.starts_with('0') => national(&number[1..]),
        (.., 9) => national(&number),
        (.., 11) if number.starts_with("33") => international(&number),
        (.., 12) if OVERSEAS.iter().any(|code| number.starts_with(code)) => international(&number),
        _ => is_short(&number).then_some(number),
    };
    read.ok_or(refuse(Fault::Shape(SHAPE)))
}

/// Digits after the `+` or the `00`. French people add the 0 of the national form: `+33 (0)5 61…`.
fn international(number: &str) -> Option<String> {
    let overseas = OVERSEAS.iter().find_map(|code| number.strip_prefix(code));
    match (number.strip_prefix("33"), overseas) {
        // `+33 2 62…` is written too: the code is the one of the place, whatever was typed.
        (Some(rest), _) => national(rest.strip_prefix('0').unwrap_or(rest)),
        (_, Some(rest)) => national(rest.strip_prefix('0').unwrap_or(rest)).filter(|number| !number.starts_with("+33")),
        _ => (matches!(number.len(), 7..=15) && !number.starts_with('0')).then(|| format!("+{number}")),
    }
}

/// Nine digits after the 0.
fn national(nine: &str) -> Option<String> {
    let code = match nine.get(..3)? {
        // 06 39 98 is set aside for fiction in mainland France, the rest of 0639 is Mayotte.
        "639" if nine.starts_with("63998") => "33",
        "262" | "263" | "269" | "639" | "692" | "693" => "262",
        "590" | "690" | "691" => "590",
        "594" | "694" => "594",
        "596" | "696" | "697" => "596",
        _ => "33",
    };
    (nine.len() == 9 && !nine.starts_with('0')).then(|| format!("+{code}{nine}"))
}

/// Emergencies (15, 112), short numbers (3989, 1007), European social numbers (116117) and enquiries (118…).
fn is_short(number: &str) -> bool {
    match number.len() {
        2 | 3 => number.starts_with('1'),
        4 => number.starts_with(['1', '3']),
        6 => number.starts_with("116") || number.starts_with("118"),
        _ => false,
    }
}

impl Phone {
    /// As it is read: « 05 61 00 00 00 », « 0262 00 00 00 » overseas, with spaces that do not break; a foreign or a short
    /// number as it is dialled.
    #[must_use]
    pub fn shown(&self) -> String {
        let overseas = OVERSEAS.iter().find_map(|code| self.0.strip_prefix('+')?.strip_prefix(code));
        let (nine, head) = match (self.0.strip_prefix("+33"), overseas) {
            (Some(nine), _) => (nine, 1),
            (_, Some(nine)) => (nine, 3),
            _ => return self.0.clone(),
        };
        let mut shown = String::with_capacity(18);
        shown.push('0');
        for (index, digit) in nine.chars().enumerate() {
            if index >= head && (index - head).is_multiple_of(2) {
                shown.push(NBSP);
            }
            shown.push(digit);
        }
        shown
    }

    /// The link that dials it.
    #[must_use]
    pub fn href(&self) -> String {
        format!("tel:{}", self.0)
    }
}
