//! The directory of a territory: who and what is there, where each fact comes from, how it is found.

pub mod cards;
pub mod codes;
pub mod directory;
pub mod entry;
pub mod fact;
pub mod file;
pub mod geo;
pub mod hours;
pub mod import;
pub mod lists;
pub mod official;
mod packed;
pub mod report;
pub mod search;
pub mod synthetic;
pub mod vcard;
