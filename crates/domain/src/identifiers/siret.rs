//! The number of an establishment.

use super::luhn::is_luhn;
use super::malformed::digits;
use super::{Fault, Malformed, identifier};

const WHAT: &str = "numéro SIRET";

/// La Poste has more establishments than Luhn keys: the sum of the digits of all but its head office is a multiple of 5.
const LA_POSTE: &str = "356000000";

identifier!(
    /// SIRET: 14 digits, the last one a Luhn key, except for La Poste.
    Siret,
    |text: &str| {
        let number = digits(WHAT, text, 14, false)?;
        let sum: u32 = number.bytes().map(|digit| u32::from(digit - b'0')).sum();
        let of_la_poste = number.starts_with(LA_POSTE) && sum.is_multiple_of(5);
        if of_la_poste || is_luhn(&number) { Ok(number) } else { Err(Malformed { what: WHAT, fault: Fault::Key }) }
    }
);
