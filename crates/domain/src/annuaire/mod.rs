//! The directory of a territory: who and what is there, where each fact comes from, how it is found.

pub mod directory;
pub mod entry;
pub mod fact;
pub mod lists;
