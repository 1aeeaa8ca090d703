//! `GET /api/stands`: the stands the caller looks after, newest first.

use axum::Json;
use axum::extract::State as Shared;
use sync::protocol::access::Stands;

use super::super::State;
use super::super::problem::Answer;
use super::within;
use crate::store::Caller;

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Stands>> {
    Ok(Json(Stands { stands: state.store.stands(caller.territory, within(&caller)?).await? }))
}
