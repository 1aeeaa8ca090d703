//! `POST /api/wiped`: a revoked device has handed over what waited, and holds nothing any more. Said before it wipes
//! itself: one whose access was given back meanwhile is told so, and keeps its notebook.

use axum::extract::State as Shared;
use axum::http::StatusCode;

use super::State;
use super::auth::MaybeRevoked;
use super::problem::{Answer, NOT_REVOKED};
use crate::clock;

pub async fn wiped(Shared(state): Shared<State>, MaybeRevoked { caller, .. }: MaybeRevoked) -> Answer<StatusCode> {
    if !state.store.wiped(caller.territory, caller.device, clock::now()).await? {
        return Err(NOT_REVOKED);
    }
    tracing::info!(account = %caller.account, device = %caller.device, "a revoked device is wiped");
    Ok(StatusCode::NO_CONTENT)
}
