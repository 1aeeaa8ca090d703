//! Who is calling: the bearer token says which device, hence which account and territory. No cookie ever does.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::State;
use super::problem::{DISABLED, EXPIRED, NO_TOKEN, REVOKED, Refusal};
use crate::clock;
use crate::store::Caller;

impl FromRequestParts<State> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(NO_TOKEN)?;
        let territory = state.territory.id;
        let device = state.store.device_by_token(territory, token).await?.ok_or(NO_TOKEN)?;
        if device.account.disabled {
            return Err(DISABLED);
        }
        if device.revoked {
            return Err(REVOKED);
        }
        if device.expires_at <= clock::now() {
            return Err(EXPIRED);
        }
        Ok(Self { territory, account: device.account.id, device: device.id, roles: device.account.roles })
    }
}
