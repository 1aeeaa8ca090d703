//! The number of a health professional.

use super::identifier;
use super::malformed::keyed;

identifier!(
    /// Répertoire partagé des professionnels de santé: 11 digits, the last one a Luhn key. A number that begins with 997
    /// belongs to nobody.
    Rpps,
    |text| keyed("numéro RPPS", text, 11, false)
);
