//! Who is calling: the bearer token says which device, hence which account and territory. No cookie ever does.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::people::Role;

use super::State;
use super::audit::Knocker;
use super::problem::{Answer, DISABLED, EXPIRED, NO_TOKEN, REVOKED};
use crate::clock;
use crate::store::{Caller, Device};

/// A caller whose access may have ended: she still hands over what she wrote, and says that she holds nothing any more.
/// Nothing is ever answered to her that she did not send.
pub struct MaybeRevoked {
    pub caller: Caller,
    /// Her device said already that it holds nothing any more.
    pub wiped: bool,
}

impl FromRequestParts<State> for Caller {
    type Rejection = super::problem::Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Answer<Self> {
        let device = device(parts, state).await?;
        if device.revoked {
            return Err(REVOKED);
        }
        let caller = open(state, device)?;
        if let Some(knocker) = parts.extensions.get::<Knocker>() {
            knocker.is(&caller);
        }
        Ok(caller)
    }
}

impl FromRequestParts<State> for MaybeRevoked {
    type Rejection = super::problem::Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Answer<Self> {
        let device = device(parts, state).await?;
        let (revoked, wiped) = (device.revoked, device.wiped);
        // Were its account closed or its thirty days over, a revoked device hands over what waits and wipes itself.
        let caller = if revoked { caller(state, device) } else { open(state, device)? };
        Ok(Self { caller, wiped })
    }
}

/// The device whose token this is, whatever its state.
async fn device(parts: &Parts, state: &State) -> Answer<Device> {
    let token = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(NO_TOKEN)?;
    let device = state.store.device_by_token(state.territory.id, token).await?.ok_or(NO_TOKEN)?;
    // The token of a stand is sealed: it speaks through its own route, and reads nothing through any.
    if device.account.roles.contains(&Role::StandSession) {
        return Err(NO_TOKEN);
    }
    state.store.heard_of(state.territory.id, &device, clock::now());
    Ok(device)
}

/// The caller, if nothing but a revocation ended her access.
fn open(state: &State, device: Device) -> Answer<Caller> {
    if device.account.disabled {
        return Err(DISABLED);
    }
    if device.expires_at <= clock::now() {
        return Err(EXPIRED);
    }
    Ok(caller(state, device))
}

fn caller(state: &State, device: Device) -> Caller {
    let territory = state.territory.id;
    Caller { territory, account: device.account.id, device: device.id, roles: device.account.roles }
}
