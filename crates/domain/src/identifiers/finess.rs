//! The number of a place of care.

use super::identifier;
use super::malformed::keyed;

identifier!(
    /// FINESS: 9 characters that begin with the département (`2A` and `2B` in Corsica) and end with a Luhn key.
    Finess,
    |text| keyed("numéro FINESS", text, 9, true)
);
