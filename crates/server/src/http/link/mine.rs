//! `POST /api/link/mine`: whoever has a right password and no second factor yet is given the link that sets one up; and
//! whoever shows the code she has, on paper if her telephone is lost, the one that replaces it.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::SignIn;
use sync::protocol::access::Link;

use super::super::State;
use super::super::problem::{Answer, FORBIDDEN, UNREADABLE};
use super::super::sign_in::{address, identify};
use crate::store::NewLink;
use crate::{clock, totp};

pub async fn mine(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Link>> {
    let asked: SignIn = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let account = identify(&state, address(peer.ip(), state.proxy, &headers), &asked).await?;
    let territory = &*state.territory;
    if account.totp_secret.is_none() && !account.lacks_second_factor(territory) {
        return Err(FORBIDDEN);
    }
    let new = NewLink { keeps_password: true, totp_secret: Some(totp::new_secret()) };
    let link = state.store.make_link(territory.id, account.id, &new, clock::now()).await?;
    tracing::info!(account = %account.id, "asks for a link of her own");
    Ok(Json(link))
}
