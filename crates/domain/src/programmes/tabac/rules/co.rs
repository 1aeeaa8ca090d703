//! Carbon monoxide that is breathed out. A measure is compatible with something; it proves nothing.

use super::Said;
use crate::form::{Answers, Wording};
use crate::french::NBSP;

/// The last ppm of the first three bands, the choice of the house: an edition may set its own.
pub const CO_BOUNDS: [i64; 3] = [5, 9, 20];

/// Ours, to be verified on an official sheet.
const BANDS: [Wording; 4] = [
    Wording::unverified("compatible avec l’absence de fumée récente"),
    Wording::unverified("compatible avec peu de tabac, ou la fumée des autres"),
    Wording::unverified("compatible avec une consommation de tabac"),
    Wording::unverified("compatible avec une forte consommation de tabac"),
];

/// What a measure in ppm is compatible with.
#[must_use]
pub fn co_band(ppm: i64, bounds: [i64; 3]) -> &'static Wording {
    &BANDS[bounds.iter().filter(|last| ppm > **last).count()]
}

/// Tells a measure, if there is one.
pub fn co(answers: &Answers<'_>, said: &mut Said) {
    if let Some(ppm) = super::within(answers, "co_ppm", 200) {
        said.tell("co", "Monoxyde de carbone", format!("{ppm}{NBSP}ppm, {}", co_band(ppm, CO_BOUNDS).text));
    }
}
