//! The draw of the pairs, that anybody can do again from the printed sheet.
//!
//! 1. Each eligible challenger is given a pair id, eight letters drawn at random. The list is frozen: its text is every pair
//!    id in alphabetical order, each followed by one line feed (byte 10), in UTF-8. The SHA-256 of that text is printed.
//! 2. A witness then says a seed, written as it was said, without a space before or after.
//! 3. For each pair, the SHA-256 of the bytes of `seed`, one line feed, `pair id`: nothing before, nothing after.
//! 4. The pairs in ascending order of these hashes, compared as hexadecimal texts or as bytes alike; the first ones win.
//!
//! ```sh
//! cut -c1-8 sheet | sort | sha256sum            # 1: a sheet of one pair id a line
//! printf '%s\n%s' "$seed" "$pair" | sha256sum   # 3
//! ```

use chrono::NaiveDate;
use uuid::Uuid;

use super::challenge::{Challenge, Outcome};
use super::settings::Settings;
use crate::id::{AccountId, RecordId};
use crate::order::sort_by_key;
use crate::people::Purpose;

/// A pair of the frozen list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Eight letters that say nothing of anybody: all that is printed, hashed and read aloud.
    pub id: String,
    /// For the devices that know who they are.
    pub person: RecordId,
    pub account: AccountId,
}

/// Sixteen consonants: no word is read by chance.
const CONSONANTS: &[u8; 16] = b"bcdfghjkmnpqrstv";

/// A pair id from random bytes. Two pairs of a list must not have the same one: draw again.
#[must_use]
pub fn pair_id(random: [u8; 8]) -> String {
    random.iter().map(|byte| char::from(CONSONANTS[usize::from(byte & 15)])).collect()
}

/// The list as it is kept: a line a pair, its id, the person, the account, in alphabetical order. In letters only: digits in a row
/// may be mistaken for a social security number.
#[must_use]
pub fn write(pairs: &[Pair]) -> String {
    let line = |pair: &Pair| {
        format!("{} {} {}\n", pair.id, letters(pair.person.0.as_bytes()), letters(pair.account.0.as_bytes()))
    };
    let mut lines: Vec<String> = pairs.iter().map(line).collect();
    sort_by_key(&mut lines, Clone::clone);
    lines.concat()
}

/// The pairs of a kept list; a line that is none is passed over.
#[must_use]
pub fn read(text: &str) -> Vec<Pair> {
    let uuid = |letters: &str| Uuid::from_slice(&bytes(letters)?).ok();
    let pair = |line: &str| {
        let (id, both) = line.split_once(' ')?;
        let (person, account) = both.split_once(' ')?;
        Some(Pair { id: id.to_owned(), person: RecordId(uuid(person)?), account: AccountId(uuid(account)?) })
    };
    text.lines().filter_map(pair).collect()
}

/// The text of the frozen list, whose SHA-256 is printed before the seed is said.
#[must_use]
pub fn frozen(pairs: &[Pair]) -> String {
    let mut lines: Vec<String> = pairs.iter().map(|pair| format!("{}\n", pair.id)).collect();
    sort_by_key(&mut lines, Clone::clone);
    lines.concat()
}

/// The text whose SHA-256 ranks a pair.
#[must_use]
pub fn hashed(seed: &str, pair: &str) -> String {
    format!("{}\n{pair}", seed.trim())
}

/// The pairs with the SHA-256 of their [`hashed`] text, in the order of the draw.
#[must_use]
pub fn order(mut pairs: Vec<(Pair, [u8; 32])>) -> Vec<Pair> {
    sort_by_key(&mut pairs, |(pair, hash)| (*hash, pair.id.clone()));
    pairs.into_iter().map(|(pair, _)| pair).collect()
}

/// Bytes as letters from a to p, half a byte each: how a hash and an id are kept.
#[must_use]
pub fn letters(bytes: &[u8]) -> String {
    let letter = |half: u8| char::from(b'a' + half);
    bytes.iter().flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
}

/// The bytes of a text of letters; `None` for any other text.
#[must_use]
pub fn bytes(letters: &str) -> Option<Vec<u8>> {
    let half = |letter: u8| letter.checked_sub(b'a').filter(|half| *half < 16);
    let both = |two: &[u8]| Some(half(two[0])? << 4 | half(*two.get(1)?)?);
    letters.as_bytes().chunks(2).map(both).collect()
}

/// The hexadecimal text of a kept hash, as `sha256sum` prints it; empty when it is none.
#[must_use]
pub fn hexadecimal(letters: &str) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|half| char::from(b"0123456789abcdef"[usize::from(half)]));
    bytes(letters).unwrap_or_default().into_iter().flat_map(digits).collect()
}

/// Why a challenger is not in the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    Draft,
    /// Never said yes to the draw, or took it back.
    NotAgreed,
    Minor,
    /// A call due and attempted was not answered.
    Unanswered,
}

/// Whether a challenger is in the draw: she agreed, is of age, and answered every step of the calls that fell due and was
/// attempted by the day of the draw. What she smoked is never looked at.
///
/// # Errors
/// The first reason why she is not.
pub fn eligible(challenge: &Challenge<'_>, settings: &Settings<'_>, today: NaiveDate) -> Result<(), Barred> {
    let drawn_on = settings.draw_on.map_or(today, |on| on.min(today));
    let calls = || challenge.calls.iter().filter(|call| call.on <= drawn_on);
    let answered = |step| calls().any(|call| call.step == step && call.outcome == Outcome::Reached);
    if !challenge.finished {
        Err(Barred::Draft)
    } else if !challenge.agreed(Purpose::Draw) {
        Err(Barred::NotAgreed)
    } else if !challenge.sign_up.is("age", "adult") {
        Err(Barred::Minor)
    } else if calls().any(|call| !answered(call.step)) {
        Err(Barred::Unanswered)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::super::challenge::challenges;
    use super::super::made_up::{self, Book, clock, day};
    use super::*;
    use crate::identifiers::holds_nir;

    /// A draw that was done with other tools.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Printed {
        source: String,
        seed: String,
        pairs: Vec<String>,
        digest: String,
        hashes: BTreeMap<String, String>,
        order: Vec<String>,
    }

    fn pair(id: &str, number: u128) -> Pair {
        Pair { id: id.into(), person: made_up::id(number), account: AccountId(Uuid::from_u128(number << 64)) }
    }

    fn read_hexadecimal(text: &str) -> [u8; 32] {
        let byte = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("two digits");
        std::array::from_fn(byte)
    }

    #[test]
    fn the_order_is_that_of_the_printed_sheet() {
        let printed: Printed = serde_json::from_str(include_str!("draw.json")).expect("draw.json reads");
        assert!(!printed.source.is_empty());
        assert_eq!(hashed(&printed.seed, "bcdfghjk").as_bytes(), "Chardon 16 décembre\nbcdfghjk".as_bytes());
        let hashed = |id: &String| (pair(id, 1), read_hexadecimal(&printed.hashes[id]));
        let order: Vec<_> = order(printed.pairs.iter().map(hashed).collect()).into_iter().map(|pair| pair.id).collect();
        assert_eq!(order, printed.order);
        assert_eq!(hexadecimal(&letters(&read_hexadecimal(&printed.digest))), printed.digest);
    }

    #[test]
    fn what_is_hashed_is_written_down() {
        assert_eq!(hashed(" Chardon 16 décembre\n", "bcdfghjk"), "Chardon 16 décembre\nbcdfghjk");
        let pairs = [pair("vtsrqpnm", 1), pair("bcdfghjk", 2)];
        assert_eq!(frozen(&pairs), "bcdfghjk\nvtsrqpnm\n", "no person, no account");
    }

    #[test]
    fn a_kept_list_reads_back_and_holds_no_digit() {
        let any_id = |rank: u128| pair_id(std::array::from_fn(|at| (rank >> (2 * at)) as u8));
        let pairs: Vec<_> = (0..200_u128).map(|rank| pair(&any_id(rank), u128::MAX / (rank + 1))).collect();
        let text = write(&pairs);
        assert!(!text.bytes().any(|byte| byte.is_ascii_digit()) && !holds_nir(&text));
        let mut back = read(&text);
        back.sort_by_key(|pair| pair.person);
        let mut expected = pairs;
        expected.sort_by_key(|pair| pair.person);
        assert_eq!(back, expected);
        assert!(read("nothing\nbcdfghjk 12 34\n\n").is_empty());
        assert_eq!((bytes("abc"), bytes("qa"), bytes("ap")), (None, None, Some(vec![15])));
    }

    #[test]
    fn a_list_of_a_great_many_fits_its_field() {
        let line = write(&[pair("bcdfghjk", 1)]).len();
        assert!(60_000 / line >= 750, "{line} characters a pair");
    }

    #[test]
    fn pair_ids_are_consonants() {
        assert_eq!(pair_id([0, 1, 2, 3, 4, 5, 6, 255]), "bcdfghjv");
        assert_ne!(pair_id([0; 8]), pair_id([1; 8]));
    }

    #[test]
    fn whoever_answered_is_in_the_draw_whatever_she_smoked() {
        let in_draw = Ok(());
        let reached = |smoked: &str| json!({ "step": "j7", "outcome": "reached", "smoked_since": smoked });
        let missed = || json!({ "step": "j7", "outcome": "not-reached" });
        let drawn_on = "2026-12-16";
        for (name, age, agreed, calls, expected) in [
            ("answered", "adult", Some(true), vec![("2026-11-08", reached("none"))], in_draw),
            ("smokes", "adult", Some(true), vec![("2026-11-08", reached("more-than-5"))], in_draw),
            ("never attempted", "adult", Some(true), vec![], in_draw),
            ("missed", "adult", Some(true), vec![("2026-11-08", missed())], Err(Barred::Unanswered)),
            (
                "missed, then answered",
                "adult",
                Some(true),
                vec![("2026-11-08", missed()), ("2026-11-09", reached("none"))],
                in_draw,
            ),
            ("missed after the day of the draw", "adult", Some(true), vec![("2026-12-17", missed())], in_draw),
            (
                "answered after the day of the draw",
                "adult",
                Some(true),
                vec![("2026-11-08", missed()), ("2026-12-17", reached("none"))],
                Err(Barred::Unanswered),
            ),
            ("never asked", "adult", None, vec![], Err(Barred::NotAgreed)),
            ("said no", "adult", Some(false), vec![], Err(Barred::NotAgreed)),
            ("a minor", "15-17", Some(true), vec![], Err(Barred::Minor)),
        ] {
            let mut book = Book::default();
            let edition = book.edition(json!({ "year": 2026, "draw_on": drawn_on }));
            let person = book.person("");
            let answers = json!({ "edition": edition.to_string(), "quit_on": "2026-11-01", "age": age });
            book.add("tabac-challenger", person, day("2026-10-20"), answers);
            agreed.map(|yes| book.consent(person, Purpose::Draw, yes, &[]));
            for (on, answers) in calls {
                book.add("tabac-call", person, day(on), answers);
            }
            let noted = book.noted();
            let today = day("2026-12-20");
            let joined = challenges(&noted, &clock(today));
            let editions = super::super::settings::editions(&noted);
            assert_eq!(eligible(&joined[0], editions.of(Some(edition)), today), expected, "{name}");
        }
    }
}
