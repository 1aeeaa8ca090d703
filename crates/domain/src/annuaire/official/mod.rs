//! The official files: those of the Annuaire Santé (ANS) and of FINESS, as they are published.
//!
//! Everything here reads lines of bytes and gives facts; nothing here opens a file. [`Intake`] takes a file chunk after
//! chunk, on the server and in the page alike: its memory depends on what the territory keeps, not on the file's size.

mod address;
mod area;
#[cfg(test)]
mod cases;
mod columns;
pub mod diplomas;
pub mod finess;
mod gather;
mod intake;
mod joined;
mod lambert;
pub mod mssante;
mod reason;
pub mod rpps;
pub mod savoir_faire;

pub use area::Area;
pub use gather::{Extras, gather};
pub use intake::{Counts, FileKind, Intake, REFUSALS_SHOWN, day_of_name};
pub use joined::Said;
pub use reason::{Reason, Refusal, Unreadable};

/// What became of one line.
#[derive(Clone, Debug, PartialEq)]
pub enum Row<T> {
    /// Nothing of it is for this territory.
    Elsewhere,
    Kept(Box<T>),
    /// It is for this territory, or nobody can tell, and it cannot be read.
    Refused(Reason),
}
