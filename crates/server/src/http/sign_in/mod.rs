//! `POST /api/sign-in`: a person enrols a browser, with the network and her password.

mod doorman;
mod visitor;

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::{Account, SignIn, SignedIn};

use super::State;
use super::problem::{Answer, Refusal, UNREADABLE, WRONG_PASSWORD};
use crate::store::Known;
use crate::{clock, secret};
pub use doorman::Doorman;

/// Bytes: Argon2 is not asked to chew a novel.
const MAX_PASSWORD: usize = 1024;
/// Characters of a device's name.
const MAX_NAME: usize = 60;

pub async fn sign_in(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<SignedIn>> {
    let asked: SignIn = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.password.len() > MAX_PASSWORD || asked.login.len() > MAX_PASSWORD {
        return Err(WRONG_PASSWORD);
    }
    let address = visitor::address(peer.ip(), state.proxy, &headers);
    let visit = state.doorman.knock(&asked.login, address).map_err(Refusal::too_many_tries)?;

    let territory = &*state.territory;
    let found = state.store.account_by_login(territory.id, &asked.login).await?.filter(|account| !account.disabled);
    let stored = found.as_ref().map(|account| account.password_hash.clone());
    let right = secret::verify_password(&asked.password, stored).await;
    let Some(account) = found.filter(|_| right) else {
        tracing::warn!("sign-in refused");
        return Err(WRONG_PASSWORD);
    };
    visit.welcome();

    let now = clock::now();
    let name: String = asked.device_name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let known = Known { device: asked.device_id, account: asked.account };
    let enrolled = state.store.enrol(territory.id, account.id, known, name.trim(), now).await?;
    tracing::info!(account = %account.id, device = %enrolled.device, "signed in");
    Ok(Json(SignedIn {
        account: Account {
            id: account.id,
            name: account.name,
            profession: account.profession,
            roles: account.roles,
            territory: territory.id,
            territory_name: territory.name.clone(),
        },
        device_id: enrolled.device,
        token: enrolled.token,
        recovery_key: enrolled.recovery_key,
        server_time: now,
        demo: territory.demo,
    }))
}
