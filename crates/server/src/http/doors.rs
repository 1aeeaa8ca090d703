//! `GET /api/doors`: whose server it is, and which ways to a full sign-in are open here. For anybody: a page asks before it
//! shows them.

use axum::Json;
use axum::extract::State as Shared;
use sync::protocol::access::Doors;

use super::State;

pub async fn doors(Shared(state): Shared<State>) -> Json<Doors> {
    Json(Doors { territory: state.territory.name.clone(), psc: state.psc.is_some() })
}
