//! `GET /api/set-aside`: what the server holds without applying it, for a coordinator, without its values.
//! `POST /api/set-aside/apply`: judge it again, once what stopped it has changed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use domain::people::Role;
use sync::protocol::{AppliedAgain, ApplyAgain, SetAside};

use super::State;
use super::problem::{Answer, FAULT, FORBIDDEN, UNREADABLE};
use super::protocol::Version;
use crate::clock;
use crate::store::Caller;

pub async fn list(Shared(state): Shared<State>, caller: Caller, version: Version) -> Answer<Json<SetAside>> {
    if !caller.roles.contains(&Role::Coordinator) {
        return Err(FORBIDDEN);
    }
    let mut waiting = state.store.set_aside(caller.territory).await?;
    for item in &mut waiting.items {
        item.reason = item.reason.told_to(version.0);
    }
    Ok(Json(waiting))
}

pub async fn apply(
    Shared(state): Shared<State>,
    caller: Caller,
    version: Version,
    body: Bytes,
) -> Answer<Json<AppliedAgain>> {
    let asked: ApplyAgain = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let today = clock::latest_day(clock::now());
    // On its own task: a visitor who hangs up midway does not stop what she asked for.
    let applied = tokio::spawn(async move { state.store.apply_again(&caller, asked, today).await });
    let mut applied = applied.await.map_err(|_| FAULT)??.ok_or(FORBIDDEN)?;
    applied.stopped = applied.stopped.map(|reason| reason.told_to(version.0));
    Ok(Json(applied))
}
