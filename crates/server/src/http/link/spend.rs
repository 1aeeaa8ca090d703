//! `POST /api/link/use`: its holder chooses a password, proves her second factor, or both; the link is spent.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::access::{UseLink, Welcome};

use super::super::State;
use super::super::problem::{
    Answer, FAULT, LINK_SPENT, Refusal, SHORT_PASSWORD, UNREADABLE, WRONG_CODE, WRONG_PASSWORD,
};
use super::super::sign_in::{MAX_PASSWORD, address};
use super::LENGTH;
use crate::store::Ready;
use crate::{clock, recovery, secret, totp};

pub async fn spend(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Welcome>> {
    let asked: UseLink = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.token.len() != LENGTH {
        return Err(LINK_SPENT);
    }
    if asked.password.len() > MAX_PASSWORD || asked.password.chars().count() < secret::SHORTEST_PASSWORD {
        return Err(SHORT_PASSWORD);
    }
    let (territory, now) = (state.territory.id, clock::now());
    let opened = state.store.open_link(territory, &asked.token, now).await?;
    // A link that keeps the password asks for it: guesses are counted with those of the sign-in.
    let knocked = opened.as_ref().map_or_else(|| secret::token_hash(&asked.token), |link| link.account.login.clone());
    let address = address(peer.ip(), state.proxy, &headers);
    let visit = state.doorman.knock(&knocked, address).map_err(Refusal::too_many_tries)?;

    let Some(link) = opened else {
        // As long as with a link that opens: the time says nothing of it.
        secret::verify_password(&asked.password, None).await;
        tracing::warn!("a link is refused");
        return Err(LINK_SPENT);
    };
    let account = link.account;
    if link.keeps_password && !secret::verify_password(&asked.password, Some(account.password_hash)).await {
        tracing::warn!(account = %account.id, "a link is refused: wrong password");
        return Err(WRONG_PASSWORD);
    }
    let mut ready = Ready::default();
    let mut recovery_codes = Vec::new();
    if let Some(awaited) = &link.totp_secret {
        let code = asked.code.as_deref().unwrap_or_default();
        let Some(step) = totp::matching(awaited, code, now, 0) else {
            tracing::warn!(account = %account.id, "a link is refused: wrong code");
            return Err(WRONG_CODE);
        };
        ready.step = Some(step);
        recovery_codes = recovery::new_codes();
        ready.recovery_hashes = recovery_codes.iter().filter_map(|code| recovery::hash(code)).collect();
    }
    if !link.keeps_password {
        ready.password_hash = Some(secret::hash_password(&asked.password).await.map_err(|_| FAULT)?);
    }
    if !state.store.use_link(territory, &asked.token, &ready, now).await? {
        return Err(LINK_SPENT);
    }
    visit.welcome();
    let (password, second_factor) = (ready.password_hash.is_some(), ready.step.is_some());
    tracing::info!(account = %account.id, password, second_factor, "a link is used");
    Ok(Json(Welcome { login: account.login, recovery_codes }))
}
