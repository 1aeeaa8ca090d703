//! `GET /api/seal-key` and `POST /api/sealed`: an outbox sealed by the device that wrote it, brought here by anybody
//! signed in, when that device has no network or no life any more.

use axum::Json;
use std::error::Error;

use axum::body::{Body, to_bytes};
use axum::extract::State as Shared;
use http_body_util::LengthLimitError;
use sync::protocol::{Brought, SealKey};
use tokio::sync::Semaphore;

use super::State;
use super::problem::{Answer, FAULT, SEAL_CLOSED, SEAL_TOO_LARGE, SEAL_UNKNOWN, SEAL_UNREADABLE, UNREADABLE};
use crate::bring::{BringError, bring};
use crate::clock;
use crate::store::Caller;

/// Bytes of a sealed outbox, at most: some sixty pushes, in hexadecimal.
pub const MAX_SEALED: usize = 64 * 1024 * 1024;
/// A few kilobytes may inflate to that much: two are read at a time, the others wait.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Anybody may seal: only the server opens.
pub async fn key(Shared(state): Shared<State>) -> Answer<Json<SealKey>> {
    Ok(Json(state.store.seal_secret(state.territory.id, clock::now()).await?.public()))
}

pub async fn sealed(Shared(state): Shared<State>, carrier: Caller, body: Body) -> Answer<Json<Brought>> {
    let _turn = TURNS.acquire().await.map_err(|_| FAULT)?;
    let too_large = |error: &axum::Error| error.source().is_some_and(|source| source.is::<LengthLimitError>());
    let text = to_bytes(body, MAX_SEALED)
        .await
        .map_err(|error| if too_large(&error) { SEAL_TOO_LARGE } else { UNREADABLE })?;
    tracing::info!(account = %carrier.account, device = %carrier.device, "brings a sealed outbox");
    // On its own task: a visitor who hangs up midway does not stop what she brought from being stored.
    let stored = tokio::spawn(async move { bring(&state.store, carrier.territory, &text, clock::now()).await });
    match stored.await.map_err(|_| FAULT)? {
        Ok(brought) => Ok(Json(brought)),
        Err(BringError::Unreadable) => Err(SEAL_UNREADABLE),
        Err(BringError::Closed) => Err(SEAL_CLOSED),
        Err(BringError::Unknown) => Err(SEAL_UNKNOWN),
        Err(BringError::Store(error)) => Err(error.into()),
    }
}
