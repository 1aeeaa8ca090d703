//! `POST /api/stands`: opens one. The browser receives the key it seals to and a token it cannot read.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use domain::Timestamp;
use domain::id::DeviceId;
use domain::people::Role;
use sync::protocol::Account;
use sync::protocol::access::{NewStand, StandOpened};
use uuid::Uuid;

use super::super::State;
use super::super::devices::name::clean;
use super::super::problem::{Answer, FAULT, FORBIDDEN, NO_NAME, STAND_OVER, UNREADABLE};
use crate::store::{Caller, Pass};
use crate::{clock, secret};

/// Milliseconds a stand lasts, at most.
const LONGEST: i64 = 24 * 3_600_000;
/// Volunteers who hold one, at most.
const MAX_VOLUNTEERS: usize = 40;

pub async fn open(Shared(state): Shared<State>, caller: Caller, body: Bytes) -> Answer<Json<StandOpened>> {
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
    let pass = Pass {
        device: DeviceId(Uuid::new_v4()),
        token: secret::random_hex(),
        name,
        opened_by: caller.account,
        opened_at: now,
        // The clock of a tablet may be some minutes ahead: the answer says until when it is.
        until: asked.until.min(Timestamp(now.0.saturating_add(LONGEST))),
    };
    let volunteers: Vec<String> =
        asked.volunteers.iter().map(|name| clean(name)).filter(|name| !name.is_empty()).collect();
    let territory = &*state.territory;
    let writer = state.store.put_stand(territory.id, &pass, &volunteers).await?.ok_or(FAULT)?;
    let secret = state.store.seal_secret(territory.id, now).await?;
    let token = secret.seal_own(&serde_json::to_vec(&pass).map_err(|_| FAULT)?);
    tracing::info!(by = %caller.account, device = %pass.device, "a stand is opened");
    Ok(Json(StandOpened {
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
    }))
}
