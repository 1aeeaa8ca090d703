//! `GET /api/figures/{programme}/{id}?of=&offset=`: what is counted over everybody, for those who may read it. With `.csv` or
//! `.xlsx` behind, a file that leaves, which is noted.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use domain::figures::{Document, Figures, World};
use domain::french::{full_day, time};
use domain::id::RecordId;
use domain::programme::{Clock, Noted as Known};
use domain::programmes::{self, FIGURES};
use serde::Deserialize;
use sync::protocol::audit::Event;

use super::State;
use super::problem::{Answer, FAULT, FORBIDDEN, FULL, NOT_FOUND, UNREADABLE};
use crate::clock;
use crate::figures::{csv, xlsx};
use crate::store::{Caller, Counted, Noted};

#[derive(Deserialize)]
pub struct Asked {
    /// The record it is asked about.
    of: Option<RecordId>,
    /// Minutes by which the reader's clock is ahead of UTC.
    #[serde(default)]
    offset: i16,
}

pub async fn figures(
    Shared(state): Shared<State>,
    caller: Caller,
    Path((programme, id)): Path<(String, String)>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer<Response> {
    let Query(Asked { of, offset }) = asked.map_err(|_| UNREADABLE)?;
    let (id, shape) = id.split_once('.').map_or((id.as_str(), None), |(id, shape)| (id, Some(shape)));
    let figures = FIGURES.iter().find(|figures| (figures.programme, figures.id) == (programme.as_str(), id));
    let (Some(figures), Some(programme)) = (figures.copied(), programmes::programme(&programme)) else {
        return Err(NOT_FOUND);
    };
    let write = match shape {
        None => None,
        Some("csv") => Some(as_csv as Write),
        Some("xlsx") => Some(as_xlsx as Write),
        Some(_) => return Err(NOT_FOUND),
    };
    if !caller.roles.iter().any(|role| figures.readers.contains(role)) {
        return Err(FORBIDDEN);
    }
    let (now, offset) = (clock::now(), i32::from(offset).clamp(-14 * 60, 14 * 60));
    let territory = state.territory.name.clone();
    let counted = state.store.counted(caller.territory, programme).await?;
    // Over thousands of people it takes a while: others are served meanwhile.
    let work = move || {
        let document = draw(figures, &counted, of, now, offset);
        let stem = document.file_name(figures.id, programme.name, &territory);
        let file = write.map(|write| write(&document, &[territory, counted_at(now, offset)])).transpose()?;
        Ok::<_, super::problem::Refusal>((document, stem, file))
    };
    let (document, stem, file) = tokio::task::spawn_blocking(work).await.map_err(|_| FAULT)??;
    let Some((kind, content)) = file else {
        return Ok(([(CACHE_CONTROL, "no-store")], Json(document)).into_response());
    };
    let noted = Noted::by(&caller, Event::Exported, None, Some("figures"));
    if !state.store.note(caller.territory, noted, now).await {
        // A file leaves no other trace.
        return Err(FULL);
    }
    let name = format!("attachment; filename=\"{stem}.{}\"", shape.unwrap_or_default());
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store"), (CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, content).into_response())
}

fn draw(figures: &Figures, counted: &Counted, of: Option<RecordId>, now: Timestamp, offset: i32) -> Document {
    let records: Vec<Known<'_>> =
        counted.records.iter().map(|(id, kind, fields)| Known { id: *id, kind, fields }).collect();
    let clock = Clock { today: now.local(offset).date(), day: &|at| at.local(offset).date() };
    (figures.draw)(&World {
        records: &records,
        owners: &counted.owners,
        accounts: &counted.accounts,
        clock: &clock,
        of,
    })
}

/// « Compté le 23 novembre 2026 à 9 h 51 »
fn counted_at(now: Timestamp, offset: i32) -> String {
    let at = now.local(offset);
    format!("Compté le {} à {}", full_day(at.date()), time(at))
}

/// A document as a file, under where and when it was counted: its type and its bytes.
type Write = fn(&Document, &[String]) -> Answer<(&'static str, Vec<u8>)>;

fn as_csv(document: &Document, origin: &[String]) -> Answer<(&'static str, Vec<u8>)> {
    csv(document, origin).map(|file| ("text/csv; charset=utf-8", file)).map_err(|error| told(&error))
}

fn as_xlsx(document: &Document, origin: &[String]) -> Answer<(&'static str, Vec<u8>)> {
    const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    xlsx(document, origin).map(|file| (TYPE, file)).map_err(|error| told(&error))
}

fn told(error: &dyn std::error::Error) -> super::problem::Refusal {
    tracing::error!(%error, "figures cannot be written as a file");
    FAULT
}
