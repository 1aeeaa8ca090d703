//! What the server answers: the API, the client it carries, and whether it is well.

mod accounts;
mod annuaire;
mod audit;
mod auth;
mod client;
mod colleagues;
mod devices;
mod doors;
mod dossier;
mod figures;
mod headers;
mod health;
mod history;
mod link;
mod log;
mod origin;
mod problem;
mod protocol;
mod psc;
mod pull;
mod push;
mod sealed;
mod set_aside;
mod sign_in;
mod sign_out;
mod snapshot;
mod stand_push;
mod stands;
mod territory;
mod visit;
mod wiped;

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
use crate::psc::{CALLBACK, Psc};
use crate::store::{Store, Territory};
pub use push::{fitting, readable};
use sign_in::{Doorman, Pace};

/// What every route needs.
#[derive(Clone)]
pub struct State {
    store: Store,
    territory: Arc<Territory>,
    doorman: Arc<Doorman>,
    /// Of those who come back from Pro Santé Connect: what they knock with costs nothing to invent.
    returns: Arc<Doorman>,
    /// Of the stands alone: one that is not recognised slows nobody's sign-in down.
    stands: Arc<Doorman>,
    /// Those who scanned the code of a stand.
    visits: Arc<Pace>,
    publisher: Arc<Publisher>,
    /// `None`: not configured, hence nothing of it is shown and nobody is called.
    psc: Option<Arc<Psc>>,
    proxy: Option<IpAddr>,
}

/// The whole server, ready to be served with the address of its visitors. `proxy` is believed when it says for whom it
/// speaks.
pub fn router(store: Store, territory: Territory, proxy: Option<IpAddr>, psc: Option<Arc<Psc>>) -> Router {
    crate::secret::prepare();
    let (doorman, returns, stands) = (Arc::default(), Arc::default(), Arc::default());
    let (visits, publisher) = (Arc::default(), Arc::default());
    let territory = Arc::new(territory);
    let state = State { store, territory, doorman, returns, stands, visits, publisher, psc, proxy };
    let api = Router::new()
        .route("/sign-in", post(sign_in::sign_in))
        .route("/doors", get(doors::doors))
        .route("/psc/begin", post(psc::begin::begin))
        .route("/psc/finish", post(psc::finish::finish))
        .route("/link", post(link::open::open))
        .route("/link/use", post(link::spend::spend))
        .route("/link/mine", post(link::mine::mine))
        .route("/accounts", get(accounts::list::list).post(accounts::create::create))
        .route("/accounts/sheet", post(accounts::sheet::sheet))
        .route("/accounts/{id}/link", post(accounts::link::link))
        .route("/accounts/{id}/disabled", post(accounts::disabled::disable).delete(accounts::disabled::enable))
        .route("/colleagues", get(colleagues::list))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/devices", get(devices::list::list))
        .route("/devices/{id}/name", post(devices::name::name))
        .route("/devices/{id}/revoked", post(devices::revoked::revoke).delete(devices::revoked::give_back))
        .route("/devices/neighbours", post(devices::neighbours::neighbours))
        .route("/wiped", post(wiped::wiped))
        .route("/stands", get(stands::list::list).post(stands::open::open))
        .route("/stands/{device}/closed", post(stands::close::close))
        .route("/visit", post(visit::visit))
        .route("/stand/push", post(stand_push::push))
        .route("/push", post(push::push))
        .route("/pull", get(pull::pull))
        .route("/snapshot", get(snapshot::snapshot))
        .route("/history", get(history::history))
        .route("/audit", get(audit::read))
        .route("/people/{id}/dossier", get(dossier::dossier))
        .route("/figures/{programme}/{id}", get(figures::figures))
        .route("/set-aside", get(set_aside::list))
        .route("/set-aside/apply", post(set_aside::apply))
        .route("/territory", get(territory::read).post(territory::ask))
        .route("/retention", get(territory::leaving))
        .route("/seal-key", get(sealed::key))
        .route("/sealed", post(sealed::sealed))
        .route("/annuaire", get(annuaire::file::members))
        .route("/public/annuaire", get(annuaire::file::public))
        .route("/annuaire/imports", get(annuaire::imports::list).post(annuaire::imports::submit))
        .route("/annuaire/imports/{id}/undo", post(annuaire::undo::undo))
        .route("/annuaire/imports/{id}/informed", post(annuaire::imports::informed))
        .route("/annuaire/differences", get(annuaire::differences::list).post(annuaire::differences::settle))
        .route("/annuaire/reports", get(annuaire::reports::list))
        .route("/annuaire/reports/{id}/settled", post(annuaire::reports::settle).delete(annuaire::reports::settle))
        .fallback(async || problem::NOT_FOUND)
        .method_not_allowed_fallback(async || problem::NOT_ALLOWED)
        .route_layer(middleware::from_fn_with_state(state.clone(), audit::refusals))
        .layer(middleware::from_fn(protocol::check))
        .layer(middleware::from_fn(origin::check))
        // A body that inflates is measured once inflated: `push` reads no further than its limit.
        .layer(RequestDecompressionLayer::new())
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60)))
        .layer(middleware::from_fn(problem::worded));
    Router::new()
        .nest("/api", api)
        .route("/healthz", get(health::health))
        .route(CALLBACK, get(psc::callback::callback))
        .fallback(client::client)
        .layer(middleware::from_fn(headers::set))
        .layer(middleware::from_fn(log::request))
        .with_state(state)
}
