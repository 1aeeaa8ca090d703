//! Carbon monoxide that is breathed out. A measure is compatible with something; it proves nothing.

use super::Said;
use crate::form::{Answers, Wording};
use crate::french::NBSP;

/// The last ppm of the first three bands, as an edition sets them and a record keeps them.
pub const CO_FIELDS: [&str; 3] = ["co_first", "co_second", "co_third"];

/// What is not set is the choice of the house.
const HOUSE: [i64; 3] = [5, 9, 20];

const MOST: i64 = 200;

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

/// The bounds that an edition sets, or that a record was filled with. A band never ends before the one under it: an edition
/// that raises the first alone raises those of the house with it.
#[must_use]
pub fn co_bounds(answers: &Answers<'_>) -> [i64; 3] {
    let mut under = 0;
    std::array::from_fn(|rank| {
        under = super::within(answers, CO_FIELDS[rank], MOST).unwrap_or(HOUSE[rank]).max(under);
        under
    })
}

/// Tells a measure, if there is one.
pub fn co(answers: &Answers<'_>, said: &mut Said) {
    if let Some(ppm) = super::within(answers, "co_ppm", MOST) {
        said.tell("co", "Monoxyde de carbone", format!("{ppm}{NBSP}ppm, {}", co_band(ppm, co_bounds(answers)).text));
    }
}
