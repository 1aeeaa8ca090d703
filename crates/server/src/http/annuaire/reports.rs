//! `GET /api/annuaire/reports`: the errors people signalled on cards of the directory.
//! `POST` and `DELETE /api/annuaire/reports/{id}/settled`: one has been dealt with, or not after all.

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::{Method, StatusCode};
use domain::annuaire::import::Reports;
use domain::id::RecordId;

use super::super::State;
use super::super::problem::{Answer, NO_REPORT};
use super::keeps;
use crate::clock;
use crate::store::Caller;

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Reports>> {
    keeps(&caller)?;
    Ok(Json(Reports { reports: state.store.reports(caller.territory).await? }))
}

pub async fn settle(
    Shared(state): Shared<State>,
    caller: Caller,
    method: Method,
    id: Path<String>,
) -> Answer<StatusCode> {
    keeps(&caller)?;
    let id: RecordId = id.parse().map_err(|_| NO_REPORT)?;
    let by = (method == Method::POST).then_some(caller.account);
    let known = state.store.settle(caller.territory, id, by, clock::now()).await?;
    known.then_some(StatusCode::NO_CONTENT).ok_or(NO_REPORT)
}
