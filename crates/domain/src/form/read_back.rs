//! An answer as a person reads it.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Kind, Question, Wording};
use crate::Value;
use crate::french::{self, NBSP};

impl Question {
    /// « Oui », « 59,4 kg », « 17,2 s », « 24 nov. 2026 ». `None` for no answer, or one this build cannot read.
    #[must_use]
    pub fn read_back(&self, value: &Value) -> Option<String> {
        match self.kind {
            Kind::Choice(options) | Kind::Whisper { options, .. } => {
                let code = value.as_str()?;
                options.iter().find(|choice| choice.code == code).map(|choice| choice.label.to_owned())
            }
            // Four figures and no unit are a year, which takes no space.
            Kind::Number { unit: "", decimals: 0, min: 1_000.., max: ..=9_999, .. } => {
                Some(value.as_i64()?.to_string())
            }
            Kind::Number { unit, decimals, .. } => Some(with_unit(&french::decimal(value.as_i64()?, decimals), unit)),
            Kind::Stopwatch { .. } => Some(with_unit(&french::decimal(value.as_i64()?, 1), "s")),
            Kind::Count { unit, .. } => Some(with_unit(&french::decimal(value.as_i64()?, 0), unit)),
            Kind::Scale { .. } => Some(format!("{} sur{NBSP}10", value.as_i64()?)),
            Kind::Tally => Some(french::decimal(value.as_i64()?, 0)),
            Kind::Date | Kind::AnyDay => crate::day_of(value.as_str()?).map(french::full_day),
            Kind::Text { .. } => value.as_str().filter(|text| !text.is_empty()).map(str::to_owned),
            Kind::Phone => value.as_str().filter(|text| !text.is_empty()).map(read_phone),
            Kind::Words { lists, .. } => {
                let id = value.as_str()?;
                lists.iter().find(|list| list.id == id).map(|list| list.words.join(", "))
            }
            Kind::Recall { .. } => {
                let count = usize::try_from(value.as_i64()?).ok()?;
                Some(format!("{} sur{NBSP}3", french::counted(count, "mot", "mots")))
            }
            // What a link names, what another record holds, whose card it is: read by whoever has it.
            Kind::Link(_) | Kind::Entry | Kind::OfParent(_) | Kind::Consent(_) => None,
        }
    }

    /// The difference with an earlier answer to the same number, « −2,1 kg ». `None` for anything but two numbers.
    #[must_use]
    pub fn difference(&self, previous: &Value, now: &Value) -> Option<String> {
        let Kind::Number { unit, decimals, .. } = self.kind else {
            return None;
        };
        let difference = now.as_i64()?.checked_sub(previous.as_i64()?)?;
        Some(with_unit(&french::signed(difference, decimals), unit))
    }
}

impl Wording {
    /// The text with `{today}` replaced by the day of the device, « mardi 24 novembre 2026 »: the professional compares.
    #[must_use]
    pub fn on(&self, today: NaiveDate) -> Cow<'static, str> {
        if !self.text.contains("{today}") {
            return Cow::Borrowed(self.text);
        }
        // The year is what is asked, so it is always written.
        let day = french::day(today, NaiveDate::MIN);
        Cow::Owned(self.text.replace("{today}", &day))
    }
}

fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number}{NBSP}{unit}") }
}

/// « 05 36 49 12 34 »; a foreign or short number as it was given.
fn read_phone(number: &str) -> String {
    let number = super::parse_phone(number);
    let national = number.strip_prefix("+33").map_or(number.clone(), |rest| format!("0{rest}"));
    if national.len() != 10 || !national.bytes().all(|byte| byte.is_ascii_digit()) {
        return number;
    }
    let pairs: Vec<&str> = (0..5).map(|pair| &national[pair * 2..pair * 2 + 2]).collect();
    pairs.join(&NBSP.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Choice, WordList};
    use serde_json::json;

    const LISTS: &[WordList] = &[WordList { id: "lemon", words: ["citron", "clé", "ballon"], verified: true }];
    const WEIGHT: Kind = Kind::Number { unit: "kg", decimals: 1, min: 0, max: 3000, compare: true };

    const YEAR: Kind = Kind::Number { unit: "", decimals: 0, min: 2020, max: 2099, compare: false };

    fn read(kind: Kind, value: Value) -> Option<String> {
        Question::note("q", "Question", kind).read_back(&value)
    }

    #[test]
    fn every_kind_is_read_back() {
        for (kind, value, expected) in [
            (Kind::Choice(Choice::YES_NO), json!("yes"), Some("Oui")),
            (Kind::Choice(Choice::YES_NO), json!("maybe"), None),
            (WEIGHT, json!(594), Some("59,4\u{a0}kg")),
            (WEIGHT, json!("594"), None),
            (YEAR, json!(2026), Some("2026")),
            (Kind::Stopwatch { instruction: "", stop: "" }, json!(172), Some("17,2\u{a0}s")),
            (Kind::Date, json!("2026-11-24"), Some("24\u{a0}nov.\u{a0}2026")),
            (Kind::AnyDay, json!("2026-11-24"), Some("24\u{a0}nov.\u{a0}2026")),
            (Kind::Count { unit: "cigarettes", max: 60, quick: &[] }, json!(20), Some("20\u{a0}cigarettes")),
            (Kind::Scale { low: "", high: "" }, json!(7), Some("7 sur\u{a0}10")),
            (Kind::Text { lines: 1, max: 9 }, json!("Miremont"), Some("Miremont")),
            (Kind::Text { lines: 1, max: 9 }, json!(""), None),
            (Kind::Phone, json!("0536491234"), Some("05\u{a0}36\u{a0}49\u{a0}12\u{a0}34")),
            (Kind::Phone, json!("+33639980001"), Some("06\u{a0}39\u{a0}98\u{a0}00\u{a0}01")),
            (Kind::Phone, json!("3114"), Some("3114")),
            (Kind::Words { lists: LISTS, seconds: 10 }, json!("lemon"), Some("citron, clé, ballon")),
            (Kind::Recall { of: "words" }, json!(2), Some("2\u{a0}mots sur\u{a0}3")),
            (Kind::Recall { of: "words" }, json!(-1), None),
            (WEIGHT, Value::Null, None),
        ] {
            assert_eq!(read(kind, value.clone()).as_deref(), expected, "{kind:?} {value}");
        }
    }

    #[test]
    fn a_difference_is_signed_and_has_its_unit() {
        let question = Question::note("q", "Poids", WEIGHT);
        assert_eq!(question.difference(&json!(615), &json!(594)).as_deref(), Some("\u{2212}2,1\u{a0}kg"));
        assert_eq!(question.difference(&Value::Null, &json!(594)), None);
    }

    #[test]
    fn the_day_is_written_where_the_wording_wants_it() {
        let day = "2026-11-24".parse().expect("a date");
        assert_eq!(Wording::verified("Le {today}.").on(day), "Le mardi 24\u{a0}novembre\u{a0}2026.");
        assert_eq!(Wording::verified("Le jour.").on(day), "Le jour.");
    }
}
