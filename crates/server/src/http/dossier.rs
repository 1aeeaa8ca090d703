//! `GET /api/people/{id}/dossier?as=&offset=`: a copy of all that is held of one person, for whom it is about. Given to those
//! who look after her; who took it is noted.

use std::cmp::Reverse;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::id::RecordId;
use domain::people::Role;
use serde::Deserialize;
use sync::protocol::audit::{Before, Event};

use super::State;
use super::problem::{Answer, FORBIDDEN, FULL, NO_RECORD, UNREADABLE};
use crate::clock;
use crate::dossier::Dossier;
use crate::store::{Caller, Noted};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(rename = "as")]
    shape: Shape,
    /// Minutes by which the reader's clock is ahead of UTC.
    #[serde(default)]
    offset: i16,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    Html,
    Json,
}

pub async fn dossier(
    Shared(state): Shared<State>,
    caller: Caller,
    Path(person): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer<Response> {
    let Query(Asked { shape, offset }) = asked.map_err(|_| UNREADABLE)?;
    if !caller.roles.contains(&Role::Professional) {
        return Err(FORBIDDEN);
    }
    let person: RecordId = person.parse().map_err(|_| NO_RECORD)?;
    let held = state.store.dossier(&caller, person).await?;
    let event = if held.is_some() { Event::Exported } else { Event::Refused };
    let noted = Noted::by(&caller, event, Some(person), Some("dossier"));
    let now = clock::now();
    let written = state.store.note(caller.territory, noted, now).await;
    let held = held.ok_or(NO_RECORD)?;
    if !written {
        // A copy leaves no other trace.
        return Err(FULL);
    }
    let mut audit = Vec::new();
    for kept in &held.records {
        let mut next = Some(Before::NEWEST);
        while let Some(before) = next {
            let page = state.store.audit(caller.territory, Some(kept.record.id), before).await?;
            audit.extend(page.entries);
            next = page.next;
        }
    }
    audit.sort_by_key(|entry| Reverse(entry.at));
    let offset = i32::from(offset).clamp(-14 * 60, 14 * 60);
    let dossier = Dossier { territory: &state.territory.name, made_at: now, offset, held: &held, audit: &audit };
    let (kind, text) = match shape {
        Shape::Html => ("text/html; charset=utf-8", dossier.html()),
        Shape::Json => ("application/json", dossier.json().to_string()),
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response())
}
