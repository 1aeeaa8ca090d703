//! `GET /api/seal-key` and `POST /api/sealed`: an outbox sealed by the device that wrote it, brought here by anybody
//! signed in, when that device has no network or no life any more.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use sync::protocol::{Brought, SealKey};

use super::State;
use super::problem::{Answer, FAULT, SEAL_CLOSED, SEAL_TOO_LARGE, SEAL_UNKNOWN, SEAL_UNREADABLE, UNREADABLE};
use crate::bring::{BringError, bring};
use crate::clock;
use crate::store::Caller;

/// Bytes of a sealed outbox, at most: some sixty pushes, in hexadecimal.
pub const MAX_SEALED: usize = 64 * 1024 * 1024;

/// Anybody may seal: only the server opens.
pub async fn key(Shared(state): Shared<State>) -> Answer<Json<SealKey>> {
    Ok(Json(state.store.seal_secret(state.territory.id, clock::now()).await?.public()))
}

pub async fn sealed(
    Shared(state): Shared<State>,
    carrier: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Json<Brought>> {
    let text = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => SEAL_TOO_LARGE,
        _ => UNREADABLE,
    })?;
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
