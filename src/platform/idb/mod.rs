//! IndexedDB: the databases of this browser.
//!
//! `cardabelle` lists the devices enrolled here and the stands opened here (see [`devices`], [`stand`]);
//! `cardabelle-<device>` keeps one device's records and operations, sealed (see [`IdbStore`]), and the seals of a stand
//! (see [`seals`]). In clear: random ids, counters, phases, cursor. `cardabelle-public` keeps what everybody may read
//! (see [`public`]).

mod apart;
mod commit;
mod database;
pub mod devices;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod faults;
pub mod public;
mod row;
mod sealed;
mod seals;
pub mod stand;
mod store;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests;
mod waiting;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod write_only;

pub use database::{NEWER, delete};
pub use store::IdbStore;
pub use waiting::waiting;

/// Version of both databases. A new hundred breaks yesterday's builds, anything below is compatible with them.
pub const VERSION: u32 = 102;

/// The shape of what is sealed, in the associated data: a compatible version of the database opens what an older one wrote.
pub const SEAL: u32 = VERSION / 100;
