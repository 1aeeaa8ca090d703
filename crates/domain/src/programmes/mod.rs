//! The registry: adding a programme is one folder here and its line below.

pub mod icope;
pub mod tabac;

#[cfg(test)]
mod any_answers;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod registry;

use crate::annuaire::report;
use crate::figures::Figures;
use crate::people;
use crate::programme::{Programme, RecordKind};
use crate::retention::Keeping;

/// Every programme of this build, in the order of the tabs.
pub const PROGRAMMES: &[&Programme] = &[&icope::PROGRAMME, &tabac::PROGRAMME];

/// The figures of every programme. Only the server names them: their words are not downloaded.
pub const FIGURES: &[&Figures] =
    &[&tabac::figures::REPORT, &tabac::figures::LOAD, &tabac::figures::AGREED, &tabac::figures::DRAW];

/// How long what programmes note of people is kept, were it confirmed. Only the server names them: their words are not
/// downloaded.
pub const KEEPING: &[&Keeping] = &[&tabac::keeping::KEEPING];

/// The programme of this identifier.
#[must_use]
pub fn programme(id: &str) -> Option<&'static Programme> {
    PROGRAMMES.iter().copied().find(|programme| programme.id == id)
}

/// Every kind of record: those of the people and of the directory, then those of the programmes.
pub fn kinds() -> impl Iterator<Item = &'static RecordKind> {
    let common = people::KINDS.iter().chain(report::KINDS).copied();
    common.chain(PROGRAMMES.iter().flat_map(|programme| programme.records.iter().copied()))
}

/// The kind of this identifier, `None` when this build does not know it.
#[must_use]
pub fn kind(id: &str) -> Option<&'static RecordKind> {
    kinds().find(|kind| kind.id == id)
}
