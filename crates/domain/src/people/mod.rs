//! People, their consents, and the roles of those who look after them.

pub mod consent;
mod person;
mod role;

pub use consent::{CONSENT, GivenBy, Purpose};
pub use person::{Gp, PERSON, Person};
pub use role::Role;

use crate::programme::RecordKind;

/// The kinds of record every programme hangs on.
pub const KINDS: &[&RecordKind] = &[&PERSON, &CONSENT];
