//! What two writings of one word have in common: letters and figures, lower case, without accents.

/// Stands for an apostrophe, a hyphen, a point, a parenthesis: what is around it reads as two words or as one.
pub(super) const SOFT: char = '-';

/// `D’HÔTEL (Cœur)` is `d hotel coeur`: lower case, no accent, one space between words, nothing else than letters and
/// figures. The letters of Europe and of Vietnam are decomposed by hand; others stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    let words = folded.split([' ', SOFT]).filter(|word| !word.is_empty());
    words.fold(String::with_capacity(folded.len()), |mut text, word| {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
        text
    })
}

/// Adds the letters and figures of a text, a space for what separates words, [`SOFT`] for what may join them.
pub(super) fn fold_into(text: &str, folded: &mut String) {
    for letter in text.chars() {
        if letter.is_ascii() {
            ascii(letter, folded);
        } else {
            letter.to_lowercase().for_each(|letter| other(letter, folded));
        }
    }
}

fn ascii(letter: char, folded: &mut String) {
    folded.push(match letter {
        'a'..='z' | '0'..='9' => letter,
        'A'..='Z' => letter.to_ascii_lowercase(),
        '\'' | '-' | '.' | '(' | ')' | '`' => SOFT,
        _ => ' ',
    });
}

fn other(letter: char, folded: &mut String) {
    let plain = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ'..='ặ' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ð' | 'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ'..='ị' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'œ' => return folded.push_str("oe"),
        'æ' => return folded.push_str("ae"),
        'ß' => return folded.push_str("ss"),
        'þ' => return folded.push_str("th"),
        // Accents typed apart, and marks of no width.
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}' => return,
        '’' | '‘' | 'ʼ' | '´' | '′' | '‐'..='―' | '−' | '·' => SOFT,
        _ if letter.is_alphanumeric() => letter,
        _ => ' ',
    };
    folded.push(plain);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_meets_what_files_write() {
        for (text, folded) in [
            ("Hélène", "helene"),
            ("He\u{301}le\u{300}ne", "helene"),
            ("D’HÔTEL-CŒUR", "d hotel coeur"),
            ("N'GUYEN", "n guyen"),
            ("Nguyễn Thị", "nguyen thi"),
            ("  Ærøskøbing ; Straße ", "aeroskobing strasse"),
            ("ŁÓDŹ, Şahin, Kovačević", "lodz sahin kovacevic"),
            ("<b>12, rue &amp;", "b 12 rue amp"),
            ("Saint–Pierre‑d'Albigny", "saint pierre d albigny"),
            ("Ωμέγα Иван", "ωμέγα иван"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_folded_text_is_folded(text in "\\PC*") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
