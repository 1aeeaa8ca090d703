//! One line per request: method, route, status, duration. No address typed by anybody, no body, no identifier.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

pub async fn request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // The template of the route, not the path itself: a path may carry an identifier, or anything a visitor typed.
    let route = request.extensions().get::<MatchedPath>().map_or("client", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let milliseconds = begun.elapsed().as_millis();
    tracing::info!(%method, route, status = response.status().as_u16(), milliseconds, "request");
    response
}
