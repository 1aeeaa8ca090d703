//! `GET /api/pull?epoch=&since=`: what happened since, within what the caller may see.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use serde::Deserialize;
use sync::Seq;
use sync::protocol::Pulled;

use super::State;
use super::problem::{Answer, UNREADABLE};
use crate::clock;
use crate::store::Caller;

#[derive(Deserialize)]
pub struct From {
    epoch: u64,
    since: Seq,
}

pub async fn pull(
    Shared(state): Shared<State>,
    caller: Caller,
    from: Result<Query<From>, QueryRejection>,
) -> Answer<Json<Pulled>> {
    let Query(From { epoch, since }) = from.map_err(|_| UNREADABLE)?;
    Ok(Json(state.store.pull(&caller, epoch, since, clock::now()).await?))
}
