//! `POST /api/sign-in`: a person enrols a browser, with the network, her password and the code of her second factor.

mod doorman;
mod identify;
mod visitor;

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::{Account, SignIn, SignedIn};

use super::State;
use super::problem::{Answer, SECOND_FACTOR_WANTED, UNREADABLE};
use crate::clock;
use crate::store::Known;
pub use doorman::Doorman;
pub use identify::{MAX_PASSWORD, identify};
pub use visitor::address;

/// Characters of a device's name.
const MAX_NAME: usize = 60;

pub async fn sign_in(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<SignedIn>> {
    let asked: SignIn = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let territory = &*state.territory;
    let account = identify(&state, address(peer.ip(), state.proxy, &headers), &asked).await?;
    if account.lacks_second_factor(territory) {
        return Err(SECOND_FACTOR_WANTED);
    }

    let now = clock::now();
    let name: String = asked.device_name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let of_hers = asked.others.iter().find(|(_, owner)| *owner == account.id);
    let known = match of_hers {
        Some((device, owner)) => Known { device: Some(*device), account: Some(*owner) },
        None => Known { device: asked.device_id, account: asked.account },
    };
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
