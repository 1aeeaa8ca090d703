//! A day, typed as people write it: « 12/05/1942 », « 12 5 1942 », « 12051942 », « 12 mai 1942 ».

use chrono::{Datelike, NaiveDate};
use domain::Value;
use domain::form::{Kind, Question};
use domain::french::fold;
use leptos::prelude::*;

use super::soon;
use super::typed::{self, Typing};
use crate::ui::form::{control_id, use_sheet};

const UNREADABLE: &str = "Cette date n’est pas complète. Le reste est gardé. Écrivez le jour, le mois et l’année.";

pub fn view(question: &'static Question) -> AnyView {
    let sheet = use_sheet();
    let (answer, there) = (sheet.value(question), sheet.kept(question).1);
    // Read back in words, a swapped day and month are seen.
    let example = match there.kind {
        Kind::AnyDay => format!("01/12/{}", sheet.notebook.today().year()),
        _ => "12/05/1942".to_owned(),
    };
    let hint = move || {
        let read_back = answer.get().and_then(|value| there.read_back(&value));
        read_back.unwrap_or_else(|| format!("Jour, mois, année, par exemple {example}"))
    };
    let typing = Typing {
        question,
        id: control_id(question.id),
        read: |_, text| {
            let day = parse(text).ok_or(UNREADABLE)?;
            Ok(Value::from(day.to_string()))
        },
        write: |_, value| {
            let day = value.as_str().and_then(domain::day_of);
            day.map(|day| format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())).unwrap_or_default()
        },
        inputmode: "numeric",
        kind: "text",
        hint: true,
        class: "",
        lines: 1,
        max: 30,
    };
    view! {
        <p class="q-hint" id=format!("{}-h", control_id(question.id))>{move || hint()}</p>
        <div class="field">{typed::input(typing)}</div>
        {question.soon.then(|| soon::view(question))}
    }
    .into_any()
}

/// A full date, its year on four digits. Two digits could be 1926 or 2026: they are refused.
fn parse(text: &str) -> Option<NaiveDate> {
    let folded = fold(text);
    let parts: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let (day, month, year) = match parts.as_slice() {
        [all] if all.len() == 8 && all.bytes().all(|byte| byte.is_ascii_digit()) => (&all[..2], &all[2..4], &all[4..]),
        [year, month, day] if year.len() == 4 => (*day, *month, *year),
        [day, month, year] if year.len() == 4 => (*day, *month, *year),
        _ => return None,
    };
    let day = day.trim_end_matches("er").parse().ok()?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month_of(month)?, day)
}

fn month_of(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"];
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let found = MONTHS.iter().position(|month| text.starts_with(month))?;
    u32::try_from(found + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_it_is_typed() {
        let expected = NaiveDate::from_ymd_opt(1942, 5, 12);
        for text in [
            "12/05/1942",
            "12/5/1942",
            "12.05.1942",
            "12 05 1942",
            "12051942",
            "12 mai 1942",
            "1942-05-12",
            " 12-5-1942 ",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        for first in ["1er févr. 1940", "1ᵉʳ\u{a0}févr.\u{a0}1940"] {
            assert_eq!(parse(first), NaiveDate::from_ymd_opt(1940, 2, 1), "{first}");
        }
        assert_eq!(parse("3 AOÛT 1951"), NaiveDate::from_ymd_opt(1951, 8, 3));
    }

    #[test]
    fn what_is_unsure_is_no_date() {
        for text in ["", "12/05", "12/05/42", "31/02/1942", "12/13/1942", "1205194", "hier", "é/è/1942"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
