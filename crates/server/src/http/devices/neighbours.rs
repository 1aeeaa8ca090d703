//! `POST /api/devices/neighbours`: whose the other notebooks of this browser are, so that it says whose entries wait. Their
//! ids are random and known there alone: whoever names one holds the browser.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use domain::id::DeviceId;
use sync::protocol::access::Neighbours;

use super::super::State;
use super::super::problem::{Answer, UNREADABLE};
use crate::store::Caller;

/// Notebooks of one browser, at most: nobody tries ids by the thousand.
const MAX_NEIGHBOURS: usize = 20;

pub async fn neighbours(Shared(state): Shared<State>, caller: Caller, body: Bytes) -> Answer<Json<Neighbours>> {
    let asked: Neighbours = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.devices.len() > MAX_NEIGHBOURS {
        return Err(UNREADABLE);
    }
    let devices: Vec<DeviceId> = asked.devices.into_iter().map(|(device, _)| device).collect();
    Ok(Json(state.store.neighbours(caller.territory, &devices).await?))
}
