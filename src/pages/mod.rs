//! One file per page. A page names no programme: it draws the descriptions of the registry.

mod about;
pub mod absent;
pub mod form;
pub mod gate;
pub mod list;
pub mod more;
pub mod new_person;
pub mod passphrase;
pub mod people;
pub mod person;
pub mod record;
pub mod sign_in;
pub mod start;
pub mod today;
pub mod unlock;

mod agenda;
mod answers;
mod consents;
mod reading;
mod rows;
mod sending;
mod starter;
