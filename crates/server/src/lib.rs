//! Cardabelle's server: it stores the log of operations, decides who sees what, and carries the client within itself.
//!
//! `http` speaks, `store` remembers (and alone names SQL), `judge` decides, `cli` is what an administrator types.

pub mod annuaire;
mod bring;
pub mod cli;
mod clock;
pub mod demo;
mod dossier;
mod figures;
pub mod http;
mod judge;
mod members;
pub mod psc;
pub mod recovery;
pub mod retention;
pub mod seal;
pub mod secret;
mod stand;
pub mod store;
pub mod totp;
