//! `GET /api/annuaire`: the members' file of the directory, for anybody signed in. `GET /api/public/annuaire`: the public
//! file, for anybody at all. Each is sent whole, or not at all to who holds it already.

use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::super::State;
use super::super::problem::Answer;
use crate::annuaire::File;
use crate::store::Caller;

/// The browser keeps it sealed under the key of the account: no cache may keep it in clear.
const MEMBERS: &str = "private, no-store";
/// Kept, and asked again each time.
const PUBLIC: &str = "no-cache";

pub async fn members(Shared(state): Shared<State>, _: Caller, headers: HeaderMap) -> Answer<Response> {
    let published = state.publisher.now(&state.store, &state.territory).await?;
    Ok(answer(&published.members, MEMBERS, &headers))
}

pub async fn public(Shared(state): Shared<State>, headers: HeaderMap) -> Answer<Response> {
    let published = state.publisher.now(&state.store, &state.territory).await?;
    Ok(answer(&published.public, PUBLIC, &headers))
}

fn answer(file: &File, cache: &'static str, headers: &HeaderMap) -> Response {
    let mut answer = HeaderMap::new();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::ETAG, HeaderValue::from_str(&file.etag).expect("hexadecimal between quotes"));
    if holds(headers, &file.etag) {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // Compressed once for everybody, where the other answers are compressed each time.
    if takes_gzip(headers) {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        (answer, file.gzip.clone()).into_response()
    } else {
        (answer, file.plain.clone()).into_response()
    }
}

/// Whether the visitor holds this very file.
fn holds(headers: &HeaderMap, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    words(headers, &header::IF_NONE_MATCH).any(|tag| bare(tag) == bare(etag))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    words(headers, &header::ACCEPT_ENCODING).any(|one| {
        let (name, quality) = one.split_once(';').unwrap_or((one, "q=1"));
        let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        name.trim() == "gzip" && !refused
    })
}

fn words<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','))
}
