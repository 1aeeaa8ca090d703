//! `POST /api/psc/begin`: a browser leaves for Pro Santé Connect.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::access::{PscBegin, PscGo};

use super::super::State;
use super::super::problem::{Answer, PSC_DOWN, Refusal, UNREADABLE};
use super::super::sign_in::address;
use super::{configured, is_hex};
use crate::psc::Going;

pub async fn begin(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<PscGo>> {
    let psc = configured(&state)?;
    let PscBegin { binding } = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if !is_hex(&binding) {
        return Err(UNREADABLE);
    }
    let from = address(peer.ip(), state.proxy, &headers);
    // Counted until she is back: nobody makes this server call the provider, or forget others, without end.
    state.returns.knock(&binding, from).map_err(Refusal::too_many_tries)?;
    let way = psc.provider.way().await.map_err(|_| PSC_DOWN)?;
    psc.going.put(&way.state, Going { nonce: way.nonce, verifier: way.verifier, binding, from });
    Ok(Json(PscGo { url: way.url.into() }))
}
