//! The devices of an account: whoever holds it lists, names and ends them; an administrator ends those of anybody.

pub mod list;
pub mod name;
pub mod neighbours;
pub mod revoked;

use axum::extract::Path;
use domain::id::{AccountId, DeviceId};
use domain::people::Role;

use super::problem::{Answer, NO_DEVICE};
use crate::store::Caller;

/// The device an address names; what is not an identifier is answered as one that nobody bears.
fn named(id: &Path<String>) -> Answer<DeviceId> {
    id.parse().map_err(|_| NO_DEVICE)
}

/// Whose devices the caller may end: an administrator's word goes for all accounts.
fn within(caller: &Caller) -> Option<AccountId> {
    (!caller.roles.contains(&Role::Administrator)).then_some(caller.account)
}
