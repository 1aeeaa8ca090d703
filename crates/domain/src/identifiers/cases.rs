//! What every identifier must say of the cases, and of any text.

use std::fmt::Display;
use std::str::FromStr;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;
use crate::french::ill_set;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    kind: String,
    text: String,
    is: Option<String>,
    /// Of a phone; of a commune, the code of the whole commune.
    shown: Option<String>,
    refused: Option<String>,
    source: String,
}

type Read = Result<(String, Option<String>), String>;

fn read(kind: &str, text: &str) -> Read {
    match kind {
        "rpps" => canonical::<Rpps>(text, |_| None),
        "idnps" => canonical::<Idnps>(text, |_| None),
        "adeli" => canonical::<Adeli>(text, |_| None),
        "finess" => canonical::<Finess>(text, |_| None),
        "siret" => canonical::<Siret>(text, |_| None),
        "commune" => canonical::<CommuneCode>(text, |code| Some(code.whole().to_string())),
        "phone" => canonical::<Phone>(text, |phone| Some(phone.shown())),
        other => panic!("no identifier is called {other}"),
    }
}

/// Reads a text, and reads again what it gave in every form it travels in.
fn canonical<T>(text: &str, shown: fn(&T) -> Option<String>) -> Read
where
    T: FromStr<Err = Malformed> + Display + Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug,
{
    let value: T = text.parse().map_err(|error: Malformed| error.to_string())?;
    let json = serde_json::to_value(&value).expect("a text");
    assert_eq!(json.as_str(), Some(value.to_string().as_str()), "{text}");
    assert_eq!(value.to_string().parse::<T>().as_ref(), Ok(&value), "{text}");
    assert_eq!(serde_json::from_value::<T>(json).as_ref().ok(), Some(&value), "{text}");
    let shown = shown(&value);
    Ok((value.to_string(), shown))
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn the_cases_hold() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).expect("cases.json reads");
    assert!(cases.len() > 60, "the cases are there");
    for case in cases {
        let Case { kind, text, is, shown, refused, source } = case;
        let read = read(&kind, &text);
        if let Err(sentence) = &read {
            assert_eq!(ill_set(sentence), None, "{kind} {text}");
        }
        let read = read.map(|(is, shown)| (Some(is), shown.map(|text| plain(&text)))).map_err(|error| plain(&error));
        let expected = refused.map_or(Ok((is, shown)), Err);
        assert_eq!(read, expected, "{kind} {text:?} ({source})");
    }
}

#[test]
fn a_phone_is_dialled_by_its_link() {
    let href = |text: &str| text.parse::<Phone>().map(|phone| phone.href());
    assert_eq!(href("05 61 00 00 00").as_deref(), Ok("tel:+33561000000"));
    assert_eq!(href("15").as_deref(), Ok("tel:15"));
}

#[test]
fn an_idnps_holds_an_rpps() {
    let rpps: Rpps = "99700000013".parse().expect("a number");
    let idnps = Idnps::from(&rpps);
    assert_eq!((idnps.as_str(), idnps.rpps()), ("899700000013", rpps.as_str()));
}

/// The digits, and then their key.
fn with_key(body: &str) -> String {
    format!("{body}{}", luhn_key(body))
}

/// The same text, one digit replaced by another one.
fn altered(text: &str, place: usize, shift: u8) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let place = place % bytes.len();
    bytes[place].is_ascii_digit().then(|| bytes[place] = (bytes[place] - b'0' + shift) % 10 + b'0')?;
    String::from_utf8(bytes).ok()
}

proptest! {
    #[test]
    fn a_right_key_is_accepted_and_one_altered_digit_refused(
        body in "[0-9]{13}", corsican in "2[AB][0-9]{6}", place in 0_usize..14, shift in 1_u8..10,
    ) {
        let kinds = [
            ("rpps", with_key(&body[..10])),
            ("idnps", format!("8{}", with_key(&body[..10]))),
            ("adeli", with_key(&body[..8])),
            ("finess", with_key(&body[..8])),
            ("finess", with_key(&corsican)),
            ("siret", with_key(&body)),
        ];
        for (kind, number) in kinds {
            prop_assert_eq!(read(kind, &number).map(|(is, _)| is), Ok(number.clone()));
            let la_poste = |text: &str| kind == "siret" && text.starts_with("356000000");
            if let Some(wrong) = altered(&number, place, shift).filter(|wrong| !la_poste(wrong)) {
                prop_assert!(read(kind, &wrong).is_err(), "{} {}", kind, wrong);
            }
        }
    }

    #[test]
    fn a_french_number_comes_back_however_it_is_written(nine in "[1-9][0-9]{8}", separator in "[ .\u{a0}-]?") {
        let national: Vec<&str> = [0, 1, 3, 5, 7].windows(2).map(|cut| &nine[cut[0]..cut[1]]).chain([&nine[7..]]).collect();
        let forms = [
            nine.clone(),
            format!("0{nine}"),
            format!("+33{nine}"),
            format!("0033{nine}"),
            format!("+33 (0){nine}"),
            format!("0{}", national.join(&separator)),
        ];
        let expected: Phone = forms[1].parse().expect("ten digits that begin with 0");
        prop_assert!(expected.as_str().ends_with(&nine));
        for form in forms {
            prop_assert_eq!(form.parse(), Ok(expected.clone()), "{}", form);
        }
        prop_assert_eq!(expected.shown().parse(), Ok(expected.clone()));
        prop_assert_eq!(expected.shown().replace('\u{a0}', ""), format!("0{nine}"));
    }

    #[test]
    fn any_text_is_read_without_panic_and_what_is_read_stays(text in ".{0,20}", near in "[0-9AB +.()E,/éœ-]{0,18}") {
        for kind in ["rpps", "idnps", "adeli", "finess", "siret", "commune", "phone"] {
            for text in [&text, &near] {
                if let Ok((is, _)) = read(kind, text) {
                    prop_assert_eq!(read(kind, &is).map(|(again, _)| again), Ok(is.clone()));
                }
            }
        }
    }
}
