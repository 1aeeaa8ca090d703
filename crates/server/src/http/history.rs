//! `GET /api/history?record=`: what was ever offered of one record. The answer is the same for a record that does not
//! exist and for one the caller may not see.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use domain::id::RecordId;
use serde::Deserialize;
use sync::protocol::History;

use super::State;
use super::problem::{Answer, NO_RECORD, UNREADABLE};
use crate::store::Caller;

#[derive(Deserialize)]
pub struct Of {
    record: RecordId,
}

pub async fn history(
    Shared(state): Shared<State>,
    caller: Caller,
    of: Result<Query<Of>, QueryRejection>,
) -> Answer<Json<History>> {
    let Query(Of { record }) = of.map_err(|_| UNREADABLE)?;
    Ok(Json(state.store.history(&caller, record).await?.ok_or(NO_RECORD)?))
}
