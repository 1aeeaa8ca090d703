//! `GET /api/audit`: who did what. And what is noted of the requests themselves: those that were refused.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{MatchedPath, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::id::RecordId;
use domain::people::Role;
use serde::Deserialize;
use sync::protocol::audit::{Audit, Before, Event};

use super::State;
use super::problem::{Answer, FORBIDDEN, NO_RECORD, UNREADABLE};
use crate::clock;
use crate::store::{Caller, Noted};

#[derive(Deserialize)]
pub struct Asked {
    record: Option<RecordId>,
    entry: Option<u64>,
    seq: Option<u64>,
}

pub async fn read(
    Shared(state): Shared<State>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer<Json<Audit>> {
    let Query(Asked { record, entry, seq }) = asked.map_err(|_| UNREADABLE)?;
    match record {
        Some(record) => state.store.sees_whole(&caller, record).await?.then_some(()).ok_or(NO_RECORD)?,
        None => caller.roles.contains(&Role::Administrator).then_some(()).ok_or(FORBIDDEN)?,
    }
    let Before { entry: newest, seq: last } = Before::NEWEST;
    let before = Before { entry: entry.unwrap_or(newest).min(newest), seq: seq.unwrap_or(last).min(last) };
    Ok(Json(state.store.audit(caller.territory, record, before).await?))
}

/// Who sent a request, once her token has been read.
#[derive(Clone, Debug, Default)]
pub struct Knocker(Arc<OnceLock<Caller>>);

impl Knocker {
    pub fn is(&self, caller: &Caller) {
        // A request has one token: it is read once or says the same again.
        let _ = self.0.set(caller.clone());
    }
}

/// Notes what somebody known asked for and may not do.
pub async fn refusals(Shared(state): Shared<State>, mut request: Request, next: Next) -> Response {
    let knocker = Knocker::default();
    request.extensions_mut().insert(knocker.clone());
    // The template of the route: a path may carry an identifier.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN
        && let Some(caller) = knocker.0.get()
    {
        let noted = Noted::by(caller, Event::Refused, None, route.as_deref());
        state.store.note(caller.territory, noted, clock::now()).await;
    }
    response
}
