//! What a field refuses to keep. Runs before the save on the tablet, and again on the server.

use chrono::{Datelike, NaiveDate};

use super::{Choice, Kind, Question};
use crate::Value;
use crate::french::{self, Gender, MINUS, NBSP, NNBSP};
use crate::id::RecordId;
use crate::identifiers::holds_nir;

/// Why a value is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A social security number stands in the text.
    Nir,
    NotAChoice,
    NotANumber,
    /// Bounds are in the question's unit: `10^-decimals`.
    TooSmall {
        min: i64,
    },
    TooLarge {
        max: i64,
    },
    NotADate,
    Future,
    /// Born before 1880, or a slip of the finger.
    TooOld,
    NotAText,
    TooLong {
        max: u16,
    },
    /// `missing_digits` is 0 when the number is not a telephone number at all.
    NotAPhone {
        missing_digits: u8,
    },
    /// A consent is a record of its own, never a field of the form that asks it.
    NotAField,
}

/// Ten minutes, in tenths of a second: a longer time is a forgotten stopwatch.
const LONGEST_STOPWATCH: i64 = 6_000;
const OLDEST_YEAR: i32 = 1880;
/// A day further than any programme is planned.
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2099, 12, 31).expect("a day");
/// More people than pass in front of a stand.
const MOST_COUNTED: i64 = 9_999;

impl Question {
    /// Whether this field may hold this value. Null or empty clears the field and is always allowed.
    ///
    /// `today` is the local day; a server that does not know it gives the latest day it may be on Earth.
    ///
    /// # Errors
    /// The [`Refusal`] to show, in the words of [`Refusal::message`].
    pub fn check(&self, value: &Value, today: NaiveDate) -> Result<(), Refusal> {
        if value.is_null() || value.as_str() == Some("") {
            return Ok(());
        }
        match self.kind {
            Kind::Choice(options) | Kind::Whisper { options, .. } => check_choice(value, options),
            Kind::Number { min, max, .. } => check_number(value, min, max),
            Kind::Stopwatch { .. } => check_number(value, 1, LONGEST_STOPWATCH),
            Kind::Recall { .. } => check_number(value, 0, 3),
            Kind::Words { lists, .. } => {
                let known = value.as_str().is_some_and(|id| lists.iter().any(|list| list.id == id));
                if known { Ok(()) } else { Err(Refusal::NotAChoice) }
            }
            Kind::Date => check_date(value, today),
            Kind::AnyDay => check_date(value, LAST_DAY),
            Kind::Count { max, .. } => check_number(value, 0, max.into()),
            Kind::Scale { .. } => check_number(value, 0, 10),
            Kind::Tally => check_number(value, -MOST_COUNTED, MOST_COUNTED),
            Kind::Link(_) | Kind::Entry => {
                let names = value.as_str().is_some_and(|id| id.parse::<RecordId>().is_ok());
                if names { Ok(()) } else { Err(Refusal::NotAChoice) }
            }
            Kind::Text { max, .. } => check_text(value, max),
            Kind::Phone => check_phone(value),
            Kind::OfParent(_) | Kind::Consent(_) => Err(Refusal::NotAField),
        }
    }
}

fn check_choice(value: &Value, options: &[Choice]) -> Result<(), Refusal> {
    let known = value.as_str().is_some_and(|code| options.iter().any(|choice| choice.code == code));
    if known { Ok(()) } else { Err(Refusal::NotAChoice) }
}

fn check_number(value: &Value, min: i64, max: i64) -> Result<(), Refusal> {
    match value.as_i64() {
        None => Err(Refusal::NotANumber),
        Some(number) if number < min => Err(Refusal::TooSmall { min }),
        Some(number) if number > max => Err(Refusal::TooLarge { max }),
        Some(_) => Ok(()),
    }
}

fn check_date(value: &Value, today: NaiveDate) -> Result<(), Refusal> {
    let text = value.as_str().filter(|text| text.len() == 10).ok_or(Refusal::NotADate)?;
    let date = crate::day_of(text).ok_or(Refusal::NotADate)?;
    if date > today {
        Err(Refusal::Future)
    } else if date.year() < OLDEST_YEAR {
        Err(Refusal::TooOld)
    } else {
        Ok(())
    }
}

fn check_text(value: &Value, max: u16) -> Result<(), Refusal> {
    let text = value.as_str().ok_or(Refusal::NotAText)?;
    if holds_nir(text) {
        Err(Refusal::Nir)
    } else if text.chars().count() > usize::from(max) {
        Err(Refusal::TooLong { max })
    } else {
        Ok(())
    }
}

fn check_phone(value: &Value) -> Result<(), Refusal> {
    let text = value.as_str().ok_or(Refusal::NotAText)?;
    if holds_nir(text) {
        return Err(Refusal::Nir);
    }
    let number = parse_phone(text);
    let (international, digits) = number.strip_prefix('+').map_or((false, number.as_str()), |rest| (true, rest));
    let expected = match (international, digits) {
        _ if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) => None,
        (true, french) if french.starts_with("33") => Some(11),
        (true, foreign) => {
            return if (7..=15).contains(&foreign.len()) { Ok(()) } else { Err(not_a_phone(0)) };
        }
        (false, national) if national.starts_with('0') => Some(10),
        // 15, 112, 3114, 3989, 116 117: short numbers are telephone numbers too.
        (false, short) if (2..=6).contains(&short.len()) => return Ok(()),
        _ => None,
    };
    match expected {
        Some(expected) if digits.len() == expected => Ok(()),
        Some(expected) if digits.len() < expected => {
            Err(not_a_phone(u8::try_from(expected - digits.len()).unwrap_or_default()))
        }
        _ => Err(not_a_phone(0)),
    }
}

const fn not_a_phone(missing_digits: u8) -> Refusal {
    Refusal::NotAPhone { missing_digits }
}

/// A telephone number as it is stored: digits, with the `+` of an international one. What is neither stays, so that
/// [`Question::check`] sees it.
#[must_use]
pub fn parse_phone(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2011}'));
    let number: String = kept.collect();
    number.strip_prefix("00").map_or(number.clone(), |rest| format!("+{rest}"))
}

/// An integer of `10^-decimals` units from what was typed: « 59,4 », « 59.4 » and « 59,40 » with one decimal are `594`.
/// `None` for what is not a number, or is more precise than the field keeps: a value is never rounded in silence.
#[must_use]
pub fn parse_number(text: &str, decimals: u8) -> Option<i64> {
    let spaces = |c: &char| *c != ' ' && *c != NBSP && *c != NNBSP;
    let text: String = text.trim().chars().filter(spaces).collect();
    let (negative, text) = match text.strip_prefix(['-', MINUS]) {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > usize::from(decimals) {
        return None;
    }
    let value: i64 = format!("{whole}{part:0<width$}", width = usize::from(decimals)).parse().ok()?;
    Some(if negative { -value } else { value })
}

impl Refusal {
    /// What happened, that nothing is lost, what to do. Never repeats the value.
    #[must_use]
    pub fn message(&self, question: &Question) -> String {
        let bound = |value: i64| match question.kind {
            Kind::Number { unit, decimals, .. } => format!("{}{NBSP}{unit}", bound_number(value, decimals)),
            Kind::Stopwatch { .. } => format!("{}{NBSP}s", bound_number(value, 1)),
            _ => french::decimal(value, 0),
        };
        let (what, then) = match self {
            Self::Nir => {
                return "Ce nombre ressemble à un numéro de sécurité sociale. Il n’est pas enregistré, le reste est gardé. \
                        Effacez-le et continuez."
                    .into();
            }
            Self::NotAChoice => {
                ("Cette réponse n’est pas dans la liste".into(), "Choisissez une des réponses proposées")
            }
            Self::NotANumber => {
                ("Cette réponse n’est pas un nombre".into(), "Écrivez-la en chiffres, avec une virgule")
            }
            Self::TooSmall { min } => {
                (format!("Ce nombre est sous {}", bound(*min)), "Vérifiez-le et écrivez-le à nouveau")
            }
            Self::TooLarge { max } => {
                (format!("Ce nombre dépasse {}", bound(*max)), "Vérifiez-le et écrivez-le à nouveau")
            }
            Self::NotADate => ("Cette date n’existe pas".into(), "Écrivez le jour, le mois et l’année"),
            Self::Future => ("Cette date n’est pas encore passée".into(), "Vérifiez l’année"),
            Self::TooOld => ("Cette date est trop ancienne".into(), "Vérifiez l’année"),
            Self::NotAText | Self::NotAField => {
                ("Cette réponse n’est pas lisible".into(), "Effacez-la et répondez à nouveau")
            }
            Self::TooLong { max } => (
                format!("Ce texte dépasse {}", french::counted(usize::from(*max), "caractère", "caractères")),
                "Gardez l’essentiel",
            ),
            Self::NotAPhone { missing_digits: 0 } => {
                ("Ce numéro n’est pas un numéro de téléphone".into(), "Relisez-le et corrigez-le")
            }
            Self::NotAPhone { missing_digits } => {
                let count = french::word(usize::from(*missing_digits), Gender::Masculine);
                let noun = if *missing_digits == 1 { "chiffre" } else { "chiffres" };
                (format!("Il manque {count} {noun} au téléphone"), "Complétez le numéro pour pouvoir rappeler")
            }
        };
        format!("{what}. Le reste de la fiche est gardé. {then}.")
    }
}

/// « 20 » and « 20,5 »: a bound is no measure, its zero says nothing.
fn bound_number(value: i64, decimals: u8) -> String {
    let unit = 10_i64.pow(u32::from(decimals.min(18)));
    if value % unit == 0 { french::decimal(value / unit, 0) } else { french::decimal(value, decimals) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn question(kind: Kind) -> Question {
        Question::note("q", "Question", kind)
    }

    fn check(kind: Kind, value: &Value) -> Result<(), Refusal> {
        question(kind).check(value, "2026-11-24".parse().expect("a date"))
    }

    const WEIGHT: Kind = Kind::Number { unit: "kg", decimals: 1, min: 200, max: 3000, compare: true };
    const TEXT: Kind = Kind::Text { lines: 1, max: 20 };
    const COUNT: Kind = Kind::Count { unit: "", max: 60, quick: &[5, 20] };

    #[test]
    fn clearing_is_always_allowed() {
        for kind in [Kind::Choice(Choice::YES_NO), WEIGHT, Kind::Date, TEXT, Kind::Phone] {
            assert_eq!(check(kind, &Value::Null), Ok(()));
            assert_eq!(check(kind, &json!("")), Ok(()));
        }
    }

    #[test]
    fn each_kind_refuses_what_is_not_its_own() {
        let yes_no = Kind::Choice(Choice::YES_NO);
        let stopwatch = Kind::Stopwatch { instruction: "", stop: "" };
        for (kind, value, expected) in [
            (yes_no, json!("yes"), Ok(())),
            (yes_no, json!("unknown"), Err(Refusal::NotAChoice)),
            (yes_no, json!(["yes"]), Err(Refusal::NotAChoice)),
            (WEIGHT, json!(594), Ok(())),
            (WEIGHT, json!(59.4), Err(Refusal::NotANumber)),
            (WEIGHT, json!("594"), Err(Refusal::NotANumber)),
            (WEIGHT, json!(199), Err(Refusal::TooSmall { min: 200 })),
            (WEIGHT, json!(3001), Err(Refusal::TooLarge { max: 3000 })),
            (stopwatch, json!(0), Err(Refusal::TooSmall { min: 1 })),
            (stopwatch, json!(172), Ok(())),
            (Kind::Recall { of: "words" }, json!(4), Err(Refusal::TooLarge { max: 3 })),
            (Kind::Date, json!("2026-11-24"), Ok(())),
            (Kind::Date, json!("2026-11-25"), Err(Refusal::Future)),
            (Kind::Date, json!("2026-02-29"), Err(Refusal::NotADate)),
            (Kind::Date, json!("24/11/2026"), Err(Refusal::NotADate)),
            (Kind::Date, json!("2026-1-2"), Err(Refusal::NotADate)),
            (Kind::Date, json!("0084-03-02"), Err(Refusal::TooOld)),
            (Kind::AnyDay, json!("2026-11-25"), Ok(())),
            (Kind::AnyDay, json!("2126-11-25"), Err(Refusal::Future)),
            (Kind::AnyDay, json!("2026-02-29"), Err(Refusal::NotADate)),
            (COUNT, json!(0), Ok(())),
            (COUNT, json!(61), Err(Refusal::TooLarge { max: 60 })),
            (COUNT, json!(-1), Err(Refusal::TooSmall { min: 0 })),
            (Kind::Scale { low: "", high: "" }, json!(10), Ok(())),
            (Kind::Scale { low: "", high: "" }, json!(11), Err(Refusal::TooLarge { max: 10 })),
            (Kind::Tally, json!(-3), Ok(())),
            (Kind::Tally, json!(10_000), Err(Refusal::TooLarge { max: 9_999 })),
            (Kind::Link("person"), json!("019ab000-0000-7000-8000-000000000001"), Ok(())),
            (Kind::Link("person"), json!("somebody"), Err(Refusal::NotAChoice)),
            (Kind::Entry, json!("019ab000-0000-7000-8000-000000000001"), Ok(())),
            (Kind::Entry, json!("Mme Combes"), Err(Refusal::NotAChoice)),
            (Kind::OfParent("phone"), json!("0536491234"), Err(Refusal::NotAField)),
            (TEXT, json!("é".repeat(20)), Ok(())),
            (TEXT, json!("é".repeat(21)), Err(Refusal::TooLong { max: 20 })),
            (TEXT, json!({"a": 1}), Err(Refusal::NotAText)),
            (TEXT, json!("2550814168025 38"), Err(Refusal::Nir)),
            (Kind::Phone, json!("2550814168025 38"), Err(Refusal::Nir)),
            (Kind::Consent(&[crate::people::Purpose::Record]), json!("yes"), Err(Refusal::NotAField)),
        ] {
            assert_eq!(check(kind, &value), expected, "{kind:?} {value}");
        }
    }

    #[test]
    fn telephone_numbers() {
        for (typed, expected) in [
            ("05 36 49 12 34", Ok(())),
            ("0536491234", Ok(())),
            ("+33 5 36 49 12 34", Ok(())),
            ("0033 5 36 49 12 34", Ok(())),
            ("+32 2 555 12 12", Ok(())),
            ("15", Ok(())),
            ("3989", Ok(())),
            ("05 36 49 12", Err(not_a_phone(2))),
            ("+33 5 36 49 12 3", Err(not_a_phone(1))),
            ("05 36 49 12 34 5", Err(not_a_phone(0))),
            ("appeler le voisin", Err(not_a_phone(0))),
            ("536491234", Err(not_a_phone(0))),
            ("+", Err(not_a_phone(0))),
        ] {
            assert_eq!(check(Kind::Phone, &json!(typed)), expected, "{typed}");
        }
    }

    #[test]
    fn a_message_says_what_happened_what_is_kept_what_to_do() {
        assert_eq!(
            not_a_phone(2).message(&question(Kind::Phone)),
            "Il manque deux chiffres au téléphone. Le reste de la fiche est gardé. \
             Complétez le numéro pour pouvoir rappeler."
        );
        assert_eq!(
            Refusal::TooLarge { max: 3000 }.message(&question(WEIGHT)),
            "Ce nombre dépasse 300\u{a0}kg. Le reste de la fiche est gardé. Vérifiez-le et écrivez-le à nouveau."
        );
        assert_eq!(
            Refusal::TooSmall { min: 205 }.message(&question(WEIGHT)),
            "Ce nombre est sous 20,5\u{a0}kg. Le reste de la fiche est gardé. Vérifiez-le et écrivez-le à nouveau."
        );
        let stopwatch = Kind::Stopwatch { instruction: "", stop: "" };
        let forgotten = check(stopwatch, &json!(6_001)).expect_err("longer than ten minutes");
        assert!(forgotten.message(&question(stopwatch)).starts_with("Ce nombre dépasse 600\u{a0}s."));
        assert!(
            Refusal::Nir.message(&question(TEXT)).starts_with("Ce nombre ressemble à un numéro de sécurité sociale.")
        );
    }

    #[test]
    fn comma_and_point_are_both_taken() {
        for (typed, decimals, expected) in [
            ("59,4", 1, Some(594)),
            ("59.4", 1, Some(594)),
            ("59", 1, Some(590)),
            ("59,", 1, Some(590)),
            (" 1 234,50 ", 1, Some(12_345)),
            ("\u{2212}2,1", 1, Some(-21)),
            ("59,45", 1, None),
            ("59,0", 0, Some(59)),
            ("", 1, None),
            (",4", 1, None),
            ("cinquante", 1, None),
            ("5,9,4", 1, None),
            ("99999999999999999999", 1, None),
        ] {
            assert_eq!(parse_number(typed, decimals), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_again(value in -1_000_000_000_i64..1_000_000_000, decimals in 0_u8..4) {
            prop_assert_eq!(parse_number(&french::decimal(value, decimals), decimals), Some(value));
        }
    }
}
