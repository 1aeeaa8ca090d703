//! People, their consents, with whom they are shared, who consulted them, and the roles of those who look after them.

pub mod access;
pub mod consent;
mod doing;
mod person;
mod role;
pub mod share;
pub mod trace;

pub use consent::{CONSENT, GivenBy, Purpose};
pub use doing::who_does;
pub use person::{Gp, PERSON, Person};
pub use role::Role;
pub use share::SHARE;
pub use trace::TRACE;

use crate::programme::RecordKind;

/// The kinds of record every programme hangs on.
pub const KINDS: &[&RecordKind] = &[&PERSON, &CONSENT, &SHARE, &TRACE];
