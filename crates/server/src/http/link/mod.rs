//! One-time links. Whatever is wrong with one is told alike: unknown, spent, too old, of an account that is closed.

pub mod mine;
pub mod open;
pub mod spend;

/// Characters of a link, as it was made: nothing longer is looked up.
const LENGTH: usize = 64;
