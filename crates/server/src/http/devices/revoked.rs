//! `POST /api/devices/{id}/revoked`: its access ends; at its next contact it hands over what waits, then wipes itself.
//! `DELETE /api/devices/{id}/revoked`: its access is given back, as long as it may still hold something.

use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;

use super::super::State;
use super::super::problem::{Answer, DEVICE_WIPED, NO_DEVICE};
use super::{named, within};
use crate::clock;
use crate::store::{Caller, GivenBack};

pub async fn revoke(Shared(state): Shared<State>, caller: Caller, id: Path<String>) -> Answer<StatusCode> {
    let device = named(&id)?;
    if !state.store.revoke(caller.territory, device, within(&caller), clock::now()).await? {
        return Err(NO_DEVICE);
    }
    tracing::info!(by = %caller.account, %device, "the access of a device is ended");
    Ok(StatusCode::NO_CONTENT)
}

pub async fn give_back(Shared(state): Shared<State>, caller: Caller, id: Path<String>) -> Answer<StatusCode> {
    let device = named(&id)?;
    match state.store.give_back(caller.territory, device, within(&caller)).await? {
        GivenBack::Unknown => Err(NO_DEVICE),
        GivenBack::Wiped => Err(DEVICE_WIPED),
        GivenBack::Done => {
            tracing::info!(by = %caller.account, %device, "the access of a device is given back");
            Ok(StatusCode::NO_CONTENT)
        }
    }
}
