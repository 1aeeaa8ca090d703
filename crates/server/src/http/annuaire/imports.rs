//! `GET /api/annuaire/imports`: the official files that were applied, and who is still to be told.
//! `POST /api/annuaire/imports`: a small extract that a browser read: what it would do, then doing it.
//! `POST /api/annuaire/imports/{id}/informed`: the people it brought in were told.

use std::error::Error;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use domain::annuaire::import::{Imported, Imports};
use http_body_util::LengthLimitError;
use uuid::Uuid;

use super::super::State;
use super::super::problem::{Answer, FAULT, IMPORT_TOO_LARGE, IMPORT_UNREADABLE, NO_IMPORT};
use super::{bounds, keeps};
use crate::annuaire::import::{Import, aside};
use crate::clock;
use crate::store::Caller;

/// Bytes of an extract, at most, once inflated: as many cards as it may hold weigh half of it.
pub const MAX_IMPORT: usize = 16 * 1024 * 1024;

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Imports>> {
    keeps(&caller)?;
    Ok(Json(Imports { imports: state.store.imports(caller.territory).await? }))
}

pub async fn submit(Shared(state): Shared<State>, caller: Caller, body: Body) -> Answer<Json<Imported>> {
    keeps(&caller)?;
    let too_large = |error: &axum::Error| error.source().is_some_and(|source| source.is::<LengthLimitError>());
    let text = to_bytes(body, MAX_IMPORT)
        .await
        .map_err(|error| if too_large(&error) { IMPORT_TOO_LARGE } else { IMPORT_UNREADABLE })?;
    let communes = state.store.communes(caller.territory).await?;
    // Away from the threads that answer everybody: it may be long.
    let read = tokio::task::spawn_blocking(move || bounds::read(&text, &communes));
    let (submission, elsewhere) = read.await.map_err(|_| FAULT)??;
    let apply = submission.apply;
    let import = Import::submitted(submission, caller.account);
    if !apply {
        let previewed = aside(async move { import.preview(&state.store, caller.territory, clock::now()).await });
        let plan = previewed.await.ok_or(FAULT)??.plan;
        return Ok(Json(Imported { plan, import: None, elsewhere }));
    }
    tracing::info!(account = %caller.account, "applies an extract of an official file");
    let applied = aside(async move { import.apply(&state.store, caller.territory, clock::now()).await });
    let (plan, import) = applied.await.ok_or(FAULT)??;
    Ok(Json(Imported { plan, import: Some(import), elsewhere }))
}

pub async fn informed(Shared(state): Shared<State>, caller: Caller, id: Path<String>) -> Answer<StatusCode> {
    keeps(&caller)?;
    let id: Uuid = id.parse().map_err(|_| NO_IMPORT)?;
    let known = state.store.informed(caller.territory, id, clock::now()).await?;
    known.then_some(StatusCode::NO_CONTENT).ok_or(NO_IMPORT)
}
