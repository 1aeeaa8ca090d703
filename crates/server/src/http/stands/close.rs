//! `POST /api/stands/{device}/closed`: from afar; what comes from it later is received, and set aside until a person has looked.

use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use domain::id::DeviceId;

use super::super::State;
use super::super::problem::{Answer, NO_STAND};
use super::within;
use crate::clock;
use crate::store::Caller;

pub async fn close(Shared(state): Shared<State>, caller: Caller, device: Path<String>) -> Answer<StatusCode> {
    let opened_by = within(&caller)?;
    let device: DeviceId = device.parse().map_err(|_| NO_STAND)?;
    if !state.store.close_stand(caller.territory, device, opened_by, clock::now()).await? {
        return Err(NO_STAND);
    }
    tracing::info!(by = %caller.account, %device, "a stand is closed");
    Ok(StatusCode::NO_CONTENT)
}
