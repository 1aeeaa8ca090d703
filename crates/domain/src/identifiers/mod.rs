//! Identifiers of the French health system.

mod nir;

pub use nir::{holds_nir, may_become_nir};
