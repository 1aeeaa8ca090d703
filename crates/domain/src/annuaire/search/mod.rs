//! Finding in the directory: as one types, without a network, on a slow phone.
//!
//! [`Index`] is built once for a [`Directory`](super::directory::Directory), and travels with it; [`Index::find`]
//! answers a [`Query`], which is also the query of the page's address.
//!
//! The words of the names are kept sorted, each leading to its cards; a word of the lists (a profession, a competence, a
//! commune) leads to the group of cards that a chip keeps, so that neither 20,000 cards nor a synonym more cost anything.

mod bits;
mod build;
mod filters;
mod find;
mod fold;
mod index;
mod kept;
mod near;
mod order;
mod phonetic;
mod query;
mod read;
mod sort;
mod tokens;
mod typed;
mod wider;
mod words;

pub use filters::{Chip, Facet, Filters};
pub use find::{Context, Found};
pub use fold::fold;
pub use index::Index;
pub use query::{Order, Query, Start};
pub use wider::{Wider, Without};

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod random;
