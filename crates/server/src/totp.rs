//! The second factor: a code of six digits that changes every thirty seconds (RFC 6238 with SHA-1, as telephones know it).

use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use qrcodegen::{QrCode, QrCodeEcc};
use sha1::Sha1;
use sync::protocol::access::SecondFactor;

/// Seconds a code lasts.
pub const STEP: i64 = 30;
/// Base32 of RFC 4648: what telephones read.
const RFC_4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret: 160 random bits, in base32.
pub fn new_secret() -> String {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    base32(&bytes, RFC_4648)
}

/// The step of thirty seconds of an instant.
pub const fn step(now: Timestamp) -> i64 {
    now.0.div_euclid(STEP * 1000)
}

/// The code of a step, six digits; `None` when the secret is not base32.
pub fn code(secret: &str, step: i64) -> Option<String> {
    number(secret, step).map(|number| format!("{number:06}"))
}

/// The step whose code this is: the present one, the one before or the one after, as clocks differ. `None` when it is
/// none of them, or of a step not after `last`: a code read over a shoulder serves nobody a second time.
pub fn matching(secret: &str, code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let typed: u32 = six_digits(code)?.parse().ok()?;
    let here = step(now);
    // All three are computed whatever is typed: the time taken says nothing.
    let found = (here - 1..=here + 1).filter(|step| number(secret, *step) == Some(typed)).max();
    found.filter(|step| *step > last)
}

/// The six digits somebody typed, with or without a space in the middle; `None`: it is something else.
pub fn six_digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// How a telephone is told a secret: typed, or through the QR code.
pub fn to_set_up(secret: &str, login: &str, territory: &str) -> SecondFactor {
    let issuer = escaped(&format!("Cardabelle {territory}"));
    let url = format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(login));
    SecondFactor { secret: secret.to_owned(), qr: qr(&url), url }
}

/// The QR code of a text: one text a row, `1` dark, `0` light, without the quiet zone; empty when the text is too long for one, and is typed instead.
pub fn qr(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return Vec::new() };
    let row = |y| (0..code.size()).map(|x| if code.get_module(x, y) { '1' } else { '0' }).collect();
    (0..code.size()).map(row).collect()
}

/// RFC 4226, 5.3: the code before it is written.
fn number(secret: &str, step: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(&unbase32(secret)?).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0x0f);
    let four = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    Some(u32::from_be_bytes(four) % 1_000_000)
}

/// Five bits a letter, without padding.
pub(crate) fn base32(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let letter = |bits: &[u8]| bits.iter().fold(0, |letter, bit| letter << 1 | bit) << (5 - bits.len());
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    bits.chunks(5).map(|bits| char::from(alphabet[usize::from(letter(bits))])).collect()
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut count) = (Vec::with_capacity(text.len() * 5 / 8), 0_u32, 0);
    for letter in text.bytes() {
        let value = RFC_4648.iter().position(|one| *one == letter)?;
        held = held << 5 | u32::try_from(value).ok()?;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(held >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// Percent-encoding of all but what an address takes as it is.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `12345678901234567890`, the secret of the vectors.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// RFC 6238, appendix B, SHA-1, whose codes have eight digits: the last six are those of six.
    #[test]
    fn the_vectors_of_the_rfc() {
        for (seconds, code_of_eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = step(Timestamp(seconds * 1000));
            assert_eq!(code(SECRET, step).unwrap(), code_of_eight[2..], "{seconds} s");
        }
    }

    /// RFC 4648, 10.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (plain, written) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes(), RFC_4648), written);
            assert_eq!(unbase32(written).unwrap(), plain.as_bytes());
        }
        assert_eq!(unbase32("MZXW1"), None);
        let secret = new_secret();
        assert_eq!(unbase32(&secret).unwrap().len(), 20);
        assert_ne!(secret, new_secret());
    }

    #[test]
    fn a_code_lives_three_steps_and_serves_once() {
        let now = Timestamp(1_700_000_000_000);
        let here = step(now);
        for (away, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = code(SECRET, here + away).unwrap();
            assert_eq!(matching(SECRET, &code, now, 0), taken.then_some(here + away), "{away}");
        }
        let typed = code(SECRET, here).unwrap();
        let spaced = format!(" {} {} ", &typed[..3], &typed[3..]);
        assert_eq!(matching(SECRET, &spaced, now, here - 1), Some(here));
        assert_eq!(matching(SECRET, &typed, now, here), None, "replayed");
        assert_eq!(matching(SECRET, &code(SECRET, here - 1).unwrap(), now, here), None, "older than the last one");
        for wrong in ["", "12345", "1234567", "abcdef", "+12345", "١٢٣٤٥٦"] {
            assert_eq!(matching(SECRET, wrong, now, 0), None, "{wrong}");
        }
        assert_eq!(matching("not base32", &typed, now, 0), None);
    }

    #[test]
    fn a_telephone_is_told_all_it_needs() {
        let set_up = to_set_up(SECRET, "claire.vidal", "CPTS de l’Ariège");
        assert_eq!(
            set_up.url,
            "otpauth://totp/Cardabelle%20CPTS%20de%20l%E2%80%99Ari%C3%A8ge:claire.vidal?secret=\
             GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Cardabelle%20CPTS%20de%20l%E2%80%99Ari%C3%A8ge"
        );
        let size = set_up.qr.len();
        assert!(size > 20 && set_up.qr.iter().all(|row| row.len() == size), "a square");
        assert!(set_up.qr[0].starts_with("11111110"), "the corner that telephones look for");
        assert_eq!(qr(&"x".repeat(4000)), Vec::<String>::new());
    }
}
