//! Numbers.

use chrono::NaiveDate;

use super::{MINUS, NBSP, NNBSP};

/// Gender of the noun a number word agrees with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    Feminine,
    Masculine,
}

/// « une », « deux »… below ten, figures from 10 on.
#[must_use]
pub fn word(number: usize, gender: Gender) -> String {
    const WORDS: [&str; 10] = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
    match (number, gender) {
        (0, Gender::Feminine) => "aucune".into(),
        (0, Gender::Masculine) => "aucun".into(),
        (1, Gender::Feminine) => "une".into(),
        (2..10, _) | (1, Gender::Masculine) => WORDS[number].into(),
        _ => integer(number as u64),
    }
}

/// « 1 mot », « 3 mots »: the noun agrees from two on.
#[must_use]
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{}{NBSP}{}", integer(number as u64), if number < 2 { one } else { many })
}

/// An integer of `10^-decimals` units: `594` with one decimal is « 59,4 ».
#[must_use]
pub fn decimal(value: i64, decimals: u8) -> String {
    let sign = if value < 0 { MINUS.to_string() } else { String::new() };
    let scale = 10_u64.pow(u32::from(decimals.min(18)));
    let (whole, part) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    if decimals == 0 {
        format!("{sign}{}", integer(whole))
    } else {
        format!("{sign}{},{part:0width$}", integer(whole), width = usize::from(decimals.min(18)))
    }
}

/// A difference, its sign always written: « −2,1 », « +0,4 », « 0,0 ».
#[must_use]
pub fn signed(value: i64, decimals: u8) -> String {
    if value > 0 { format!("+{}", decimal(value, decimals)) } else { decimal(value, decimals) }
}

/// Whole years on that day; `None` before the birth. Born on 29 February: a year more on 1 March.
#[must_use]
pub fn age(birth: NaiveDate, on: NaiveDate) -> Option<u32> {
    on.years_since(birth)
}

/// « 84 ans », « 1 an »
#[must_use]
pub fn years(age: u32) -> String {
    counted(age as usize, "an", "ans")
}

fn integer(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(NNBSP);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_a_comma_and_thousands_a_space() {
        assert_eq!(decimal(594, 1), "59,4");
        assert_eq!(decimal(172, 1), "17,2");
        assert_eq!(decimal(90, 1), "9,0");
        assert_eq!(decimal(5, 2), "0,05");
        assert_eq!(decimal(12_345, 1), "1\u{202f}234,5");
        assert_eq!(decimal(1_234_567, 0), "1\u{202f}234\u{202f}567");
        assert_eq!(decimal(i64::MIN, 0).chars().next(), Some(MINUS));
    }

    #[test]
    fn a_difference_shows_its_sign() {
        assert_eq!(signed(-21, 1), "\u{2212}2,1");
        assert_eq!(signed(4, 1), "+0,4");
        assert_eq!(signed(0, 1), "0,0");
    }

    #[test]
    fn words_below_ten_agree() {
        assert_eq!(word(1, Gender::Feminine), "une");
        assert_eq!(word(1, Gender::Masculine), "un");
        assert_eq!(word(9, Gender::Feminine), "neuf");
        assert_eq!(word(10, Gender::Feminine), "10");
        assert_eq!(word(0, Gender::Feminine), "aucune");
        assert_eq!(years(1), "1\u{a0}an");
        assert_eq!(years(84), "84\u{a0}ans");
    }

    #[test]
    fn a_leap_birthday_ages_on_the_first_of_march() {
        let on = |text: &str| age("1964-02-29".parse().expect("a date"), text.parse().expect("a date"));
        assert_eq!(on("2025-02-28"), Some(60));
        assert_eq!(on("2025-03-01"), Some(61));
    }
}
