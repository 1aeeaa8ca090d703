//! What the server answers: the API, the client it carries, and whether it is well.

mod annuaire;
mod auth;
mod client;
mod headers;
mod health;
mod history;
mod log;
mod problem;
mod protocol;
mod pull;
mod push;
mod sealed;
mod set_aside;
mod sign_in;
mod sign_out;
mod snapshot;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::annuaire::Publisher;
use crate::store::{Store, Territory};
pub use push::readable;
use sign_in::Doorman;

/// What every route needs.
#[derive(Clone)]
pub struct State {
    store: Store,
    territory: Arc<Territory>,
    doorman: Arc<Doorman>,
    publisher: Arc<Publisher>,
    proxy: Option<IpAddr>,
}

/// The whole server, ready to be served with the address of its visitors. `proxy` is believed when it says for whom it
/// speaks.
pub fn router(store: Store, territory: Territory, proxy: Option<IpAddr>) -> Router {
    crate::secret::prepare();
    let (doorman, publisher) = (Arc::default(), Arc::default());
    let state = State { store, territory: Arc::new(territory), doorman, publisher, proxy };
    let api = Router::new()
        .route("/sign-in", post(sign_in::sign_in))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/push", post(push::push))
        .route("/pull", get(pull::pull))
        .route("/snapshot", get(snapshot::snapshot))
        .route("/history", get(history::history))
        .route("/set-aside", get(set_aside::list))
        .route("/set-aside/apply", post(set_aside::apply))
        .route("/seal-key", get(sealed::key))
        .route("/sealed", post(sealed::sealed))
        .route("/annuaire", get(annuaire::file::members))
        .route("/public/annuaire", get(annuaire::file::public))
        .route("/annuaire/imports", get(annuaire::imports::list).post(annuaire::imports::submit))
        .route("/annuaire/imports/{id}/undo", post(annuaire::undo::undo))
        .route("/annuaire/imports/{id}/informed", post(annuaire::imports::informed))
        .route("/annuaire/reports", get(annuaire::reports::list))
        .route("/annuaire/reports/{id}/settled", post(annuaire::reports::settle).delete(annuaire::reports::settle))
        .fallback(async || problem::NOT_FOUND)
        .method_not_allowed_fallback(async || problem::NOT_ALLOWED)
        .layer(middleware::from_fn(protocol::check))
        // A body that inflates is measured once inflated: `push` reads no further than its limit.
        .layer(RequestDecompressionLayer::new())
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60)))
        .layer(middleware::from_fn(problem::worded));
    Router::new()
        .nest("/api", api)
        .route("/healthz", get(health::health))
        .fallback(client::client)
        .layer(middleware::from_fn(headers::set))
        .layer(middleware::from_fn(log::request))
        .with_state(state)
}
