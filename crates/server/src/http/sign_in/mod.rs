//! `POST /api/sign-in`: a person enrols a browser, with the network, her password and the code of her second factor.

mod doorman;
mod enrol;
mod identify;
mod pace;
mod visitor;

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::{SignIn, SignedIn};

use super::State;
use super::problem::{Answer, SECOND_FACTOR_WANTED, UNREADABLE};
pub use doorman::Doorman;
pub use enrol::{Browser, enrol};
pub use identify::{MAX_PASSWORD, identify};
pub use pace::Pace;
pub use visitor::address;

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

    let SignIn { device_id, account: owner, others, device_name, .. } = asked;
    enrol(&state, account, Browser { device_id, account: owner, others, device_name }).await.map(Json)
}
