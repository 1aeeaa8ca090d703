//! `POST /api/stand/push`: what a stand wrote, each operation sealed as it was saved. There is no `Authorization`: the
//! stand's token is sealed to this server, the browser that brings it cannot read it. Closed or over, a stand still sends
//! what it wrote, and says that it is over, so that its code serves nobody any more.

use std::error::Error;
use std::net::SocketAddr;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use http_body_util::LengthLimitError;
use sync::protocol::MAX_OPERATIONS;
use sync::protocol::access::{MAX_STAND_BYTES, StandPush, StandPushed};
use tokio::sync::Semaphore;

use super::State;
use super::problem::{Answer, FAULT, Refusal, STAND_UNKNOWN, TOO_LARGE, UNREADABLE};
use super::sign_in::address;
use crate::store::StoreError;
use crate::{clock, stand};

/// A seal costs a multiplication on the curve, and anybody may knock here: a few are opened at a time, the others wait.
static TURNS: Semaphore = Semaphore::const_new(4);

pub async fn push(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<StandPushed>> {
    let StandPush { token, operations, over } = read(body).await?;
    // The token first: one seal to open, and those who try others are slowed down.
    let address = address(peer.ip(), state.proxy, &headers);
    let visit = state.stands.knock(&token.content, address).map_err(Refusal::too_many_tries)?;
    let turn = TURNS.acquire().await.map_err(|_| FAULT)?;
    let now = clock::now();
    let stand = stand::recognise(&state.store, state.territory.id, &token, now).await?.ok_or(STAND_UNKNOWN)?;
    visit.welcome();
    // On its own task: a visitor who hangs up midway does not stop what she sent from being stored.
    let stored = tokio::spawn(async move {
        let _turn = turn;
        let pushed = stand::receive(&state.store, &stand, operations, now).await?;
        if over {
            state.store.end_stand(stand.territory, stand.device, now).await?;
            tracing::info!(device = %stand.device, "a stand is over");
        }
        Ok::<_, StoreError>(pushed)
    });
    Ok(Json(stored.await.map_err(|_| FAULT)??))
}

async fn read(body: Body) -> Answer<StandPush> {
    let too_large = |error: &axum::Error| error.source().is_some_and(|source| source.is::<LengthLimitError>());
    let text = to_bytes(body, MAX_STAND_BYTES)
        .await
        .map_err(|error| if too_large(&error) { TOO_LARGE } else { UNREADABLE })?;
    let push: StandPush = serde_json::from_slice(&text).map_err(|_| UNREADABLE)?;
    // 0 marks an operation that waits for a consent: it must never have left its device.
    let numbered = |seq: u64| seq > 0 && i64::try_from(seq).is_ok();
    let bad = push.operations.iter().position(|one| !numbered(one.device_seq));
    match bad.or((push.operations.len() > MAX_OPERATIONS).then_some(MAX_OPERATIONS)) {
        Some(position) => Err(Refusal::bad_operation(position)),
        None => Ok(push),
    }
}
