//! `GET /api/set-aside`: what the server holds without applying it, for a coordinator, without its values.
//! `POST /api/set-aside/apply`: judge it again, once what stopped it has changed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use domain::people::Role;
use sync::protocol::{AppliedAgain, ApplyAgain, SetAside};

use super::State;
use super::problem::{Answer, FAULT, FORBIDDEN, UNREADABLE};
use crate::clock;
use crate::store::Caller;

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<SetAside>> {
    if !caller.roles.contains(&Role::Coordinator) {
        return Err(FORBIDDEN);
    }
    Ok(Json(state.store.set_aside(caller.territory).await?))
}

pub async fn apply(Shared(state): Shared<State>, caller: Caller, body: Bytes) -> Answer<Json<AppliedAgain>> {
    let asked: ApplyAgain = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let today = clock::latest_day(clock::now());
    // On its own task: a visitor who hangs up midway does not stop what she asked for.
    let applied = tokio::spawn(async move { state.store.apply_again(&caller, asked, today).await });
    applied.await.map_err(|_| FAULT)??.map(Json).ok_or(FORBIDDEN)
}
