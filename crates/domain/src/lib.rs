//! Records and rules of Cardabelle, shared by the tablet and the server.
//!
//! No I/O, no clock, no randomness: time and ids are arguments.

pub mod annuaire;
pub mod figures;
pub mod form;
pub mod french;
mod glyph;
pub mod id;
pub mod identifiers;
pub mod order;
pub mod people;
pub mod programme;
pub mod programmes;
pub mod record;
pub mod retention;
mod tasks;
mod time;

pub use glyph::Glyph;
pub use record::{Fields, Value};
pub use tasks::{Due, due};
pub use time::{Day, Timestamp, day_of};
