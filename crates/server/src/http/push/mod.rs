//! `POST /api/push`: a device hands its operations over. What parses is stored whatever its fate; what does not is named
//! by its position, so that the device sets it aside and goes on. A revoked device hands over what it wrote, once: when it
//! has said that it holds nothing any more, nothing comes from it.

mod parse;

use axum::Json;
use axum::body::Body;
use axum::extract::State as Shared;
use sync::protocol::{Fate, MAX_BYTES, Pushed};

use super::State;
use super::auth::MaybeRevoked;
use super::problem::{Answer, FAULT, REVOKED, Refusal, UNREADABLE};
use super::protocol::Version;
use crate::clock;
use crate::store::PushError;
pub use parse::{fitting, operation as readable};

pub async fn push(
    Shared(state): Shared<State>,
    from: MaybeRevoked,
    version: Version,
    body: Body,
) -> Answer<Json<Pushed>> {
    let MaybeRevoked { caller, wiped: false } = from else {
        return Err(REVOKED);
    };
    let (bytes, whole) = read(body).await?;
    let operations = parse::parse(&bytes, whole, caller.device)?;
    let now = clock::now();
    let today = clock::latest_day(now);
    // On its own task: a visitor who hangs up midway does not stop what she sent from being stored.
    let stored = tokio::spawn(async move { state.store.push(&caller, operations, now, today).await });
    match stored.await.map_err(|_| FAULT)? {
        Ok(mut pushed) => {
            for (_, fate) in &mut pushed.fates {
                if let Fate::Quarantined { reason, .. } = fate {
                    *reason = reason.told_to(version.0);
                }
            }
            Ok(Json(pushed))
        }
        Err(PushError::Taken(position)) => Err(Refusal::bad_operation(position)),
        Err(PushError::Store(error)) => Err(error.into()),
    }
}

/// Reads up to the limit; answers what was read and whether that is all.
async fn read(body: Body) -> Answer<(Vec<u8>, bool)> {
    use axum::body::HttpBody;
    use std::pin::pin;

    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| UNREADABLE)?.into_data() else {
            continue;
        };
        bytes.extend_from_slice(&data);
        if bytes.len() > MAX_BYTES {
            bytes.truncate(MAX_BYTES);
            return Ok((bytes, false));
        }
    }
    Ok((bytes, true))
}
