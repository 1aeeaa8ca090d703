//! `POST /api/accounts/{id}/disabled`: nobody signs in with it any more, and its devices are refused at once.
//! `DELETE /api/accounts/{id}/disabled`: it is open again.

use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;

use super::super::State;
use super::super::problem::{Answer, LAST_ADMINISTRATOR, NO_ACCOUNT};
use super::{keeps, named};
use crate::clock;
use crate::store::{Caller, Disabling};

pub async fn disable(shared: Shared<State>, caller: Caller, id: Path<String>) -> Answer<StatusCode> {
    set(shared, caller, id, true).await
}

pub async fn enable(shared: Shared<State>, caller: Caller, id: Path<String>) -> Answer<StatusCode> {
    set(shared, caller, id, false).await
}

async fn set(Shared(state): Shared<State>, caller: Caller, id: Path<String>, disabled: bool) -> Answer<StatusCode> {
    keeps(&caller)?;
    let account = named(&id)?;
    match state.store.disable(caller.territory, account, disabled, clock::now()).await? {
        Disabling::Unknown => Err(NO_ACCOUNT),
        Disabling::LastAdministrator => Err(LAST_ADMINISTRATOR),
        Disabling::Done => {
            tracing::info!(by = %caller.account, %account, disabled, "an account is closed or opened");
            Ok(StatusCode::NO_CONTENT)
        }
    }
}
