//! `POST /api/stands`: opens one. The browser receives the key it seals to and a token it cannot read.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use domain::Timestamp;
use domain::id::DeviceId;
use domain::people::Role;
use sync::protocol::Account;
use sync::protocol::access::{NewStand, StandInvitation, StandOpened};
use uuid::Uuid;

use super::super::devices::name::clean;
use super::super::problem::{Answer, FAULT, FORBIDDEN, NO_NAME, NO_VENUE, STAND_OVER, UNREADABLE};
use super::super::{State, origin};
use crate::store::{Caller, Pass};
use crate::{clock, secret};

/// Milliseconds a stand lasts, at most.
const LONGEST: i64 = 24 * 3_600_000;
/// Milliseconds its invitation serves, at most: a day on a market, whatever the hour it began. The server knows no time zone.
const LONGEST_INVITATION: i64 = 16 * 3_600_000;
/// Volunteers who hold one, at most.
const MAX_VOLUNTEERS: usize = 40;

pub async fn open(
    Shared(state): Shared<State>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<StandOpened>> {
    if !caller.roles.iter().any(|role| matches!(role, Role::Coordinator | Role::Professional)) {
        return Err(FORBIDDEN);
    }
    let asked: NewStand = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.volunteers.len() > MAX_VOLUNTEERS {
        return Err(UNREADABLE);
    }
    let now = clock::now();
    let name = clean(&asked.name);
    if name.is_empty() {
        return Err(NO_NAME);
    }
    if asked.until <= now {
        return Err(STAND_OVER);
    }
    let territory = &*state.territory;
    if let Some(venue) = asked.venue {
        let known = state.store.venue(territory.id, venue).await?.is_some();
        if !known || !state.store.sees_whole(&caller, venue).await? {
            return Err(NO_VENUE);
        }
    }
    let pass = Pass {
        device: DeviceId(Uuid::new_v4()),
        token: secret::random_hex(),
        name,
        opened_by: caller.account,
        opened_at: now,
        // The clock of a tablet may be some minutes ahead: the answer says until when it is.
        until: asked.until.min(Timestamp(now.0.saturating_add(LONGEST))),
        venue: asked.venue,
        invited_by: None,
    };
    let volunteers: Vec<String> =
        asked.volunteers.iter().map(|name| clean(name)).filter(|name| !name.is_empty()).collect();
    // Made with the stand: it may be shown where there is no network.
    let invitation = pass.venue.map(|_| {
        let token = secret::random_hex();
        let qr = origin::qr(&headers, "inscription", &token);
        StandInvitation { token, until: pass.until.min(Timestamp(now.0.saturating_add(LONGEST_INVITATION))), qr }
    });
    let shown = invitation.as_ref().map(|shown| (shown.token.as_str(), shown.until));
    let opened = opened(&state, &pass, &volunteers, shown, now).await?;
    tracing::info!(by = %caller.account, device = %pass.device, "a stand is opened");
    Ok(Json(StandOpened { invitation, ..opened }))
}

/// Writes a stand, and answers what its browser must hold.
pub async fn opened(
    state: &State,
    pass: &Pass,
    volunteers: &[String],
    invitation: Option<(&str, Timestamp)>,
    now: Timestamp,
) -> Answer<StandOpened> {
    let territory = &*state.territory;
    let writer = state.store.put_stand(territory.id, pass, volunteers, invitation).await?.ok_or(FAULT)?;
    let secret = state.store.seal_secret(territory.id, now).await?;
    let token = secret.seal_own(&serde_json::to_vec(pass).map_err(|_| FAULT)?);
    Ok(StandOpened {
        device_id: pass.device,
        account: Account {
            id: writer.id,
            name: writer.name,
            profession: writer.profession,
            roles: writer.roles,
            territory: territory.id,
            territory_name: territory.name.clone(),
        },
        token,
        seal_key: secret.public(),
        until: pass.until,
        invitation: None,
    })
}
