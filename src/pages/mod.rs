//! One file per page. A page names no programme: it draws the descriptions of the registry.

mod about;
pub mod absent;
pub mod annuaire;
pub mod deleted;
pub mod form;
pub mod gate;
pub mod history;
pub mod list;
pub mod merge;
pub mod more;
pub mod move_record;
pub mod new_person;
pub mod passphrase;
pub mod people;
pub mod person;
pub mod record;
pub mod set_aside;
pub mod sign_in;
pub mod start;
pub mod to_check;
pub mod today;
pub mod unlock;

mod agenda;
mod answers;
mod chooser;
mod consents;
mod dispute;
mod past_values;
mod reading;
mod removal;
mod rows;
mod sending;
mod starter;
mod told;
mod told_history;
