//! The server as its visitors see it: a real database, real HTTP. One file per route.

#![expect(clippy::unwrap_used, reason = "a helper that meets what it does not expect has failed the test")]

mod accounts;
mod annuaire;
mod audit;
mod authorisation;
mod backup;
mod client;
mod common;
mod conflict;
mod crash;
mod devices;
mod dossier;
mod entrusted;
mod erase;
mod figures;
mod hand_over;
mod health;
mod history;
mod link;
mod logs;
mod origin;
mod psc;
mod pull;
mod push;
mod race;
mod retention;
mod routes;
mod seal;
mod set_aside;
mod settled;
mod sharing;
mod sight;
mod sign_in;
mod snapshot;
mod stand;
mod tablet;
mod trace;
mod visit;
mod world;
