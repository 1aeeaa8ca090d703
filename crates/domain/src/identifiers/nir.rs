//! The social security number (NIR), known only so as to be refused: Cardabelle never keeps one.

/// Whether a social security number with a right key stands anywhere in a text, spaces or not.
///
/// 15 characters: sex, year, month, département (`2A` and `2B` in Corsica), commune, rank, then the key
/// 97 − (N mod 97), where `2A` counts as 19 and `2B` as 18. A run glued to other digits is another number.
#[must_use]
pub fn holds_nir(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (0..letters.len()).any(|start| {
        let inside_a_number = start > 0 && letters[start - 1].is_ascii_digit();
        !inside_a_number && starts_with_nir(&letters[start..])
    })
}

/// Whether a text ends in what may be the beginning of a social security number: what is still being typed is not to be
/// kept until its end tells. From the eighth character on (sex, year, month, département and one more), or from the
/// eleventh after another number, which is longer than the telephone number it could be the end of.
#[must_use]
pub fn may_become_nir(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (0..letters.len()).any(|start| {
        let inside_a_number = start > 0 && letters[start - 1].is_ascii_digit();
        let before = letters[..start].iter().rev().find(|letter| !is_separator(**letter));
        let least = if before.is_some_and(char::is_ascii_digit) { TELLING + 3 } else { TELLING };
        !inside_a_number && begins_nir(&letters[start..], least)
    })
}

const LENGTH: usize = 15;
const TELLING: usize = 8;

/// Whether all of it reads as the first characters of a number, `least` of them or more.
fn begins_nir(letters: &[char], least: usize) -> bool {
    let mut number = Vec::with_capacity(LENGTH);
    for &letter in letters {
        if !number.is_empty() && is_separator(letter) {
            continue;
        }
        let letter = letter.to_ascii_uppercase();
        let corsican = number.len() == 6 && matches!(letter, 'A' | 'B') && number[5] == '2';
        if !letter.is_ascii_digit() && !corsican {
            return false;
        }
        number.push(letter);
    }
    let month = |number: &[char]| number[3..5].iter().collect::<String>().parse().is_ok_and(is_month);
    (least..=LENGTH).contains(&number.len()) && is_sex(number[0]) && month(&number)
}

fn starts_with_nir(letters: &[char]) -> bool {
    let mut number = ['0'; LENGTH];
    let mut filled = 0;
    for (index, &letter) in letters.iter().enumerate() {
        if filled > 0 && is_separator(letter) {
            continue;
        }
        let letter = letter.to_ascii_uppercase();
        // The only letters are the A and B of Corsica, after the 2 of the département.
        let corsican = filled == 6 && matches!(letter, 'A' | 'B') && number[5] == '2';
        if !letter.is_ascii_digit() && !corsican {
            return false;
        }
        number[filled] = letter;
        filled += 1;
        if filled == LENGTH {
            let glued = letters.get(index + 1).is_some_and(char::is_ascii_digit);
            return !glued && is_nir(&number);
        }
    }
    false
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '.' | '-' | '/' | '_' | '\u{2010}' | '\u{2011}')
}

fn is_nir(number: &[char; LENGTH]) -> bool {
    let replaced: String = match number[6] {
        'A' => number[..5].iter().chain(&['1', '9']).chain(&number[7..]).collect(),
        'B' => number[..5].iter().chain(&['1', '8']).chain(&number[7..]).collect(),
        _ => number.iter().collect(),
    };
    let (Ok(body), Ok(key), Ok(month)) =
        (replaced[..13].parse::<u64>(), replaced[13..].parse::<u64>(), replaced[3..5].parse::<u8>())
    else {
        return false;
    };
    is_sex(number[0]) && is_month(month) && key == 97 - body % 97
}

/// 3, 4, 7 and 8: numbers given while waiting for the definitive one.
fn is_sex(digit: char) -> bool {
    matches!(digit, '1' | '2' | '3' | '4' | '7' | '8')
}

/// Months above 12 stand for incomplete civil records and births abroad.
fn is_month(month: u8) -> bool {
    matches!(month, 1..=12 | 20..=42 | 50..=99)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_examples_are_found() {
        assert!(holds_nir("2550814168025 38"));
        assert!(holds_nir("154022A004001 97"));
        // The same in Haute-Corse, where 2B counts as 18: 97 − (1540218004001 mod 97).
        assert!(holds_nir("154022B004001 27"));
    }

    #[test]
    fn it_is_found_however_it_is_typed() {
        for text in [
            "255081416802538",
            "2 55 08 14 168 025 38",
            "2\u{a0}55\u{a0}08\u{a0}14\u{a0}168\u{a0}025\u{a0}38",
            "2.55.08.14.168.025/38",
            "Sécu : 2 55 08 14 168 025 38, à rappeler",
            "n°255081416802538.",
            "NIR255081416802538",
            "tel 06 39 98 00 01 2550814168025 38",
            "1 54 02 2a 004 001 97",
        ] {
            assert!(holds_nir(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_pass() {
        for text in [
            "",
            "06 39 98 00 01",
            "255081416802539",
            "2550814168025",
            "154022B004001 97",
            "12550814168025387",
            "2 chats, 55 ans",
            "99700366240",
            "35600000049837",
        ] {
            assert!(!holds_nir(text), "{text}");
        }
    }

    #[test]
    fn a_number_being_typed_is_known_from_its_eighth_character() {
        let typed = "Sécu : 2 55 08 14 168 025 38";
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        for (end, _) in typed.char_indices() {
            let so_far = &typed[..end];
            assert_eq!(may_become_nir(so_far), digits(so_far) >= 8, "{so_far}");
        }
        assert!(may_become_nir(typed));
        for text in
            ["", "06 39 98 00 01", "2 99 13 12 34", "2 55 08 14 1, rue des Lilas", "255081416802538 1", "9 55 08 14 1"]
        {
            assert!(!may_become_nir(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_of_a_number_is_kept_while_it_is_typed(
            sex in 1_u64..=2, year in 0_u64..100, month in 1_u64..=12, rest in 0_u64..10_000_000_000, before in "[a-z ]{0,8}",
        ) {
            let number = format!("{sex}{year:02}{month:02}{rest:010}");
            for end in TELLING..=LENGTH {
                let text = format!("{before}{}", &number[..end]);
                prop_assert!(may_become_nir(&text), "{text}");
            }
        }

        #[test]
        fn every_right_key_is_found_and_every_wrong_one_passes(
            sex in 1_u64..=2, year in 0_u64..100, month in 1_u64..=12, place in 1_001_u64..96_000, rank in 1_u64..1000,
            shift in 1_u64..97, cut in 0_usize..15, before in "[^0-9]{0,8}", after in "[^0-9]{0,8}",
        ) {
            let body = ((sex * 100 + year) * 100 + month) * 100_000_000 + place * 1000 + rank;
            let key = 97 - body % 97;
            let mut typed = format!("{body:013}{key:02}");
            typed.insert(cut, ' ');
            let text = format!("{before}{typed}{after}");
            prop_assert!(holds_nir(&text), "{text}");
            let wrong = (key - 1 + shift) % 97 + 1;
            let other = format!("{body:013}{wrong:02}");
            prop_assert!(!holds_nir(&other), "{other}");
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,60}") {
            let _ = holds_nir(&text);
        }
    }
}
