//! `POST /api/sign-out`: the device exchanges no more until its next full sign-in.

use axum::extract::State as Shared;
use axum::http::StatusCode;

use super::State;
use super::problem::Answer;
use crate::clock;
use crate::store::Caller;

pub async fn sign_out(Shared(state): Shared<State>, caller: Caller) -> Answer<StatusCode> {
    state.store.sign_out(caller.territory, caller.device, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
