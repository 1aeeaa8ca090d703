//! `GET /api/pull?epoch=&since=&check=`: what happened since, within what the caller may see.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use serde::Deserialize;
use sync::Seq;
use sync::protocol::Pulled;

use super::State;
use super::problem::{Answer, UNREADABLE};
use super::protocol::Version;
use crate::clock;
use crate::store::{Caller, Pull};

#[derive(Deserialize)]
pub struct From {
    epoch: u64,
    since: Seq,
    #[serde(default)]
    check: bool,
}

pub async fn pull(
    Shared(state): Shared<State>,
    caller: Caller,
    version: Version,
    from: Result<Query<From>, QueryRejection>,
) -> Answer<Json<Pulled>> {
    let Query(From { epoch, since, check }) = from.map_err(|_| UNREADABLE)?;
    // Before 2 devices read the log alone.
    let asked = Pull { epoch, since, check, log_only: version < Version(2) };
    Ok(Json(state.store.pull(&caller, asked, clock::now()).await?))
}
