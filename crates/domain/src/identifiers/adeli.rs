//! The former number of a health professional, which some still have.

use super::identifier;
use super::malformed::keyed;

identifier!(
    /// ADELI: 9 digits, the last one a Luhn key.
    Adeli,
    |text| keyed("numéro ADELI", text, 9, false)
);
