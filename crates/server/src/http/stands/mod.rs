//! Stands: a browser that writes for a day and reads nothing.

pub mod close;
pub mod list;
pub mod open;

use domain::id::AccountId;
use domain::people::Role;

use super::problem::{Answer, FORBIDDEN};
use crate::store::Caller;

/// Whose stands the caller looks after: all of them for the coordination and the administration, her own for a
/// professional.
fn within(caller: &Caller) -> Answer<Option<AccountId>> {
    let has = |role| caller.roles.contains(&role);
    if has(Role::Coordinator) || has(Role::Administrator) {
        return Ok(None);
    }
    has(Role::Professional).then_some(Some(caller.account)).ok_or(FORBIDDEN)
}
