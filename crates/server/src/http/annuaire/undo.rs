//! `POST /api/annuaire/imports/{id}/undo`: takes an import back, except what somebody wrote on since, and says it.

use axum::Json;
use axum::extract::{Path, State as Shared};
use domain::annuaire::import::Undone;
use uuid::Uuid;

use super::super::State;
use super::super::problem::{Answer, FAULT, NO_IMPORT};
use super::keeps;
use crate::annuaire::import;
use crate::clock;
use crate::store::Caller;

pub async fn undo(Shared(state): Shared<State>, caller: Caller, id: Path<String>) -> Answer<Json<Undone>> {
    keeps(&caller)?;
    let id: Uuid = id.parse().map_err(|_| NO_IMPORT)?;
    tracing::info!(account = %caller.account, "takes an import back");
    let undone = import::aside(async move { import::undo(&state.store, caller.territory, id, clock::now()).await });
    Ok(Json(undone.await.ok_or(FAULT)??))
}
