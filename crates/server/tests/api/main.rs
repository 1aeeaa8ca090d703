//! The server as its visitors see it: a real database, real HTTP. One file per route.

#![expect(clippy::unwrap_used, reason = "a helper that meets what it does not expect has failed the test")]

mod client;
mod crash;
mod health;
mod logs;
mod pull;
mod push;
mod sign_in;
mod world;
