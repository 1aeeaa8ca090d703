//! `GET /api/history?record=`: what was ever offered of one record. The answer is the same for a record that does not
//! exist and for one the caller may not see.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use domain::id::RecordId;
use serde::Deserialize;
use sync::protocol::History;
use sync::protocol::audit::Event;

use super::State;
use super::problem::{Answer, NO_RECORD, UNREADABLE};
use super::protocol::Version;
use crate::clock;
use crate::store::{Caller, Noted};

#[derive(Deserialize)]
pub struct Of {
    record: RecordId,
}

pub async fn history(
    Shared(state): Shared<State>,
    caller: Caller,
    version: Version,
    of: Result<Query<Of>, QueryRejection>,
) -> Answer<Json<History>> {
    let Query(Of { record }) = of.map_err(|_| UNREADABLE)?;
    let history = state.store.history(&caller, record).await?;
    let event = if history.is_some() { Event::Opened } else { Event::Refused };
    let noted = Noted::by(&caller, event, Some(record), Some("history"));
    state.store.note(caller.territory, noted, clock::now()).await;
    let mut history = history.ok_or(NO_RECORD)?;
    for entry in &mut history.entries {
        entry.set_aside = entry.set_aside.map(|reason| reason.told_to(version.0));
    }
    Ok(Json(history))
}
