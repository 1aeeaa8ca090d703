//! `POST /api/visit`: who scanned the code of a stand opens a stand session of her own, on her own telephone, for half an
//! hour. There is no `Authorization`. It writes and reads nothing, and what it begins belongs to who opened the stand.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::HeaderMap;
use domain::id::DeviceId;
use domain::programme::{Begun, Noted};
use domain::{Fields, Timestamp};
use sync::protocol::access::{Visit, Visited};
use uuid::Uuid;

use super::State;
use super::problem::{Answer, INVITATION_SPENT, Refusal, UNREADABLE};
use super::sign_in::address;
use super::stands::open::opened;
use crate::store::{Pass, Venue};
use crate::{clock, secret};

/// Characters of an invitation, as it was made: nothing longer is looked up.
const LENGTH: usize = 64;
/// Milliseconds she has.
const LASTS: i64 = 30 * 60_000;

pub async fn visit(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Visited>> {
    let asked: Visit = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.token.len() != LENGTH {
        return Err(INVITATION_SPENT);
    }
    let address = address(peer.ip(), state.proxy, &headers);
    let (hash, territory, now) = (secret::token_hash(&asked.token), state.territory.id, clock::now());
    // A code is shown to a whole market: whoever copied it does not fill the disk with it.
    state.visits.pass(&hash, address).map_err(Refusal::too_many_tries)?;
    let inviting = state.store.inviting(territory, &asked.token, now).await?.ok_or(INVITATION_SPENT)?;
    let venue = state.store.venue(territory, inviting.venue).await?.ok_or(INVITATION_SPENT)?;
    let pass = Pass {
        device: DeviceId(Uuid::new_v4()),
        token: secret::random_hex(),
        name: format!("{}, sur son téléphone", inviting.name),
        opened_by: inviting.opened_by,
        opened_at: now,
        until: Timestamp(now.0.saturating_add(LASTS)),
        venue: Some(inviting.venue),
        invited_by: Some(inviting.device),
    };
    let stand = opened(&state, &pass, &[], None, now).await?;
    tracing::info!(device = %pass.device, by = %inviting.device, "a stand is visited");
    let (venue_kind, seeds) = (venue.kind.id.into(), seeds(&venue, now));
    Ok(Json(Visited { stand, name: inviting.name, venue: inviting.venue, venue_kind, seeds }))
}

/// What her telephone, which holds no record, is told of the venue: what its kind says, as the stand itself has it.
fn seeds(venue: &Venue, now: Timestamp) -> Fields {
    let known: Vec<Noted<'_>> = venue.known.iter().map(|(id, kind, fields)| Noted { id: *id, kind, fields }).collect();
    let begun = Begun {
        today: now.local(0).date(),
        known: &known,
        venue: known.first().map(|noted| noted.fields),
        by_herself: true,
    };
    let prefill = venue.kind.prefill.map(|prefill| prefill(&begun));
    prefill.unwrap_or_default().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
