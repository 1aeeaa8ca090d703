//! `GET /healthz`: for those who watch over the machine.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::State;

pub async fn health(axum::extract::State(state): axum::extract::State<State>) -> Response {
    match state.store.healthy(state.territory.id).await {
        Ok(()) => Json(json!({ "status": "ok" })).into_response(),
        Err(error) => {
            tracing::error!(%error, "unhealthy");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "failing" }))).into_response()
        }
    }
}
