//! `POST /api/psc/finish`: the browser that left is back, and enrols itself as after a password.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::SignedIn;
use sync::protocol::access::PscFinish;

use super::super::State;
use super::super::problem::{Answer, PSC_SPENT, Refusal, UNREADABLE};
use super::super::sign_in::{Browser, address, enrol};
use super::configured;
use crate::secret;

pub async fn finish(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<SignedIn>> {
    let psc = configured(&state)?;
    let asked: PscFinish = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let binding = secret::token_hash(&asked.secret);
    let here = address(peer.ip(), state.proxy, &headers);
    let visit = state.returns.knock(&binding, here).map_err(Refusal::too_many_tries)?;
    // Spent by whoever shows it, so that nobody tries secrets on it.
    let back = psc.back.take(&asked.ticket).filter(|back| back.binding == binding);
    let Some(back) = back else {
        tracing::warn!("Pro Santé Connect: a ticket is refused");
        return Err(PSC_SPENT);
    };
    let account = state.store.account(state.territory.id, back.account).await?;
    let account = account.filter(|account| !account.disabled).ok_or(PSC_SPENT)?;
    let PscFinish { device_id, account: owner, others, device_name, .. } = asked;
    let signed = enrol(&state, account, Browser { device_id, account: owner, others, device_name }).await?;
    visit.welcome();
    state.returns.give_back(back.from);
    Ok(Json(signed))
}
