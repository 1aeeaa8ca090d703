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

const LENGTH: usize = 15;

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
    // 3, 4, 7 and 8: numbers given while waiting for the definitive one.
    let sex = matches!(number[0], '1' | '2' | '3' | '4' | '7' | '8');
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
    // Months above 12 stand for incomplete civil records and births abroad.
    let plausible_month = matches!(month, 1..=12 | 20..=42 | 50..=99);
    sex && plausible_month && key == 97 - body % 97
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_examples_are_found() {
        assert!(holds_nir("2550814168025 38"));
        assert!(holds_nir("154022A004001 97"));
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

    proptest! {
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
