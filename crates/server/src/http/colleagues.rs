//! `GET /api/colleagues`: with whom a person may be shared, by name. A device keeps the list, to share without a network.

use axum::Json;
use axum::extract::State as Shared;
use domain::french::fold;
use domain::people::{SHARE, access};
use sync::protocol::access::{Colleague, Colleagues};

use super::State;
use super::problem::{Answer, FORBIDDEN};
use crate::store::{Account, Caller};

/// Told to those who may share; never a login.
pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Colleagues>> {
    if !caller.roles.iter().any(|role| SHARE.writers.contains(role)) {
        return Err(FORBIDDEN);
    }
    let psc = state.psc.is_some();
    // Whoever never came in could not look after anybody.
    let comes_in = |account: &Account| account.is_active() || (psc && account.rpps.is_some() && !account.disabled);
    let mut colleagues: Vec<Colleague> = state
        .store
        .accounts(caller.territory)
        .await?
        .into_iter()
        .filter(|account| access::may_follow(&account.roles) && comes_in(account))
        .map(|Account { id, name, profession, roles, .. }| Colleague { id, name, profession, roles })
        .collect();
    colleagues.sort_by_cached_key(|colleague| (fold(&colleague.name), colleague.id));
    Ok(Json(Colleagues { colleagues }))
}
