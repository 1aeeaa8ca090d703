//! `GET /api/devices`: the caller's own, the one in use first.

use axum::Json;
use axum::extract::State as Shared;
use sync::protocol::access::Devices;

use super::super::State;
use super::super::problem::Answer;
use crate::clock;
use crate::store::Caller;

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Devices>> {
    let own = Some(caller.account);
    let devices = state.store.devices_of(caller.territory, own, caller.device, clock::now()).await?;
    Ok(Json(Devices { devices: devices.into_iter().map(|(_, device)| device).collect() }))
}
