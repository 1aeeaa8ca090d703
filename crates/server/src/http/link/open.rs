//! `POST /api/link`: whom a link is for, and what it sets up. It is not spent.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::access::{Invitation, OpenLink};

use super::super::State;
use super::super::problem::{Answer, LINK_SPENT, Refusal, UNREADABLE};
use super::super::sign_in::address;
use super::LENGTH;
use crate::{clock, secret, totp};

pub async fn open(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Invitation>> {
    let asked: OpenLink = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.token.len() != LENGTH {
        return Err(LINK_SPENT);
    }
    let address = address(peer.ip(), state.proxy, &headers);
    let visit = state.doorman.knock(&secret::token_hash(&asked.token), address).map_err(Refusal::too_many_tries)?;
    let territory = &*state.territory;
    let opened = state.store.open_link(territory.id, &asked.token, clock::now()).await?;
    let opened = opened.ok_or(LINK_SPENT)?;
    visit.welcome();
    let login = opened.account.login;
    let second_factor = opened.totp_secret.map(|secret| totp::to_set_up(&secret, &login, &territory.name));
    Ok(Json(Invitation {
        name: opened.account.name,
        login,
        territory_name: territory.name.clone(),
        keeps_password: opened.keeps_password,
        second_factor,
    }))
}
