//! `GET /api/annuaire/differences`: what was declared of a card and the last files say otherwise.
//! `POST /api/annuaire/differences`: one of them is settled, as it was seen.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use domain::annuaire::import::{Differences, Settlement};

use super::super::State;
use super::super::problem::{Answer, NO_DIFFERENCE, UNREADABLE};
use super::keeps;
use crate::clock;
use crate::store::Caller;

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Differences>> {
    keeps(&caller)?;
    Ok(Json(state.store.differences(caller.territory).await?))
}

pub async fn settle(Shared(state): Shared<State>, caller: Caller, body: Bytes) -> Answer<StatusCode> {
    keeps(&caller)?;
    let settlement: Settlement = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let known = state.store.settle_difference(caller.territory, &settlement, caller.account, clock::now()).await?;
    known.then_some(StatusCode::NO_CONTENT).ok_or(NO_DIFFERENCE)
}
