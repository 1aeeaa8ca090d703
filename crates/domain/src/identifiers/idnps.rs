//! The national identifier of a health professional, as the official files join on it.

use super::malformed::digits;
use super::{Fault, Malformed, Rpps, identifier};

const WHAT: &str = "identifiant national";

identifier!(
    /// IDNPS: an 8, then the RPPS number.
    Idnps,
    |text: &str| {
        let number = digits(WHAT, text, 12, false)?;
        let rpps = number.strip_prefix('8').ok_or(Malformed { what: WHAT, fault: Fault::Shape("commence par 8") })?;
        rpps.parse::<Rpps>().map(|_| number.clone()).map_err(|error| Malformed { what: WHAT, ..error })
    }
);

impl Idnps {
    /// The number it holds.
    #[must_use]
    pub fn rpps(&self) -> &str {
        &self.0[1..]
    }
}

impl From<&Rpps> for Idnps {
    fn from(rpps: &Rpps) -> Self {
        Self(format!("8{rpps}"))
    }
}
