//! `GET /api/snapshot?epoch=&at=&after=`: the records the caller may see, whole, frame after frame, one JSON text a line.
//! A device that was cut asks for what follows the last frame it has applied.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::id::RecordId;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use sync::Seq;
use sync::protocol::Frame;

use super::State;
use super::problem::{Answer, FAULT, UNREADABLE};
use crate::clock;
use crate::store::{Caller, Reached, StoreError};

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    epoch: u64,
    #[serde(default)]
    at: Seq,
    after: Option<RecordId>,
    /// Why a device that had read everything begins again.
    why: Option<Why>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Why {
    /// What it holds is not what the server counted.
    Check,
    /// Its browser erased the notebook.
    Evicted,
}

pub async fn snapshot(
    Shared(state): Shared<State>,
    caller: Caller,
    from: Result<Query<From>, QueryRejection>,
) -> Answer<Response> {
    let Query(From { epoch, at, after, why }) = from.map_err(|_| UNREADABLE)?;
    if let Some(why) = why {
        tracing::warn!(device = %caller.device, ?why, "a device begins again");
    }
    let reached = after.map(|after| Reached { epoch, at, after });
    // The first is read before the answer begins, so that a fault is still told in words.
    let first = state.store.frame(&caller, reached, clock::now()).await?;
    let next = following(&first);
    let first = line(&first).map_err(|_| FAULT)?;
    // Read one by one, as the device takes them. A fault ends the answer where it is: cut, it could take along what was made.
    // The device asks for what follows, and is told the fault in words.
    let others = stream::unfold(next, move |next| {
        let (state, caller) = (state.clone(), caller.clone());
        async move {
            let frame = state.store.frame(&caller, Some(next?), clock::now()).await.inspect_err(|error| {
                tracing::error!(%error, "a first pull was cut");
            });
            let frame = frame.ok()?;
            Some((line(&frame).ok()?, following(&frame)))
        }
    });
    let lines = stream::iter([first]).chain(others.fuse()).map(Ok::<_, Infallible>);
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// Where the next frame begins, `None` after the last.
fn following(frame: &Frame) -> Option<Reached> {
    frame.to.map(|after| Reached { epoch: frame.epoch, at: frame.at, after })
}

fn line(frame: &Frame) -> Result<Bytes, StoreError> {
    let mut line = serde_json::to_vec(frame).map_err(|_| StoreError::Corrupt("frame"))?;
    line.push(b'\n');
    Ok(line.into())
}
