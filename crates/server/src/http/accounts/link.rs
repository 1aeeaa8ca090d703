//! `POST /api/accounts/{id}/link`: a new link, to choose another password, and another second factor if the telephone is
//! lost. Both stay as they are until it is used.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::HeaderMap;
use sync::protocol::access::{self, Link};

use super::super::State;
use super::super::problem::{ACCOUNT_CLOSED, Answer, NO_ACCOUNT, UNREADABLE};
use super::{keeps, named, shown};
use crate::clock;
use crate::store::{Account, Caller, NewLink};

pub async fn link(
    Shared(state): Shared<State>,
    caller: Caller,
    id: Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Link>> {
    keeps(&caller)?;
    let asked: access::NewLink = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let territory = &*state.territory;
    let account = state.store.account(territory.id, named(&id)?).await?;
    let account = account.filter(Account::is_a_person).ok_or(NO_ACCOUNT)?;
    if account.disabled {
        return Err(ACCOUNT_CLOSED);
    }
    let new = NewLink::another(&account, territory, asked.forget_second_factor);
    let link = state.store.make_link(territory.id, account.id, &new, clock::now()).await?;
    let second_factor = new.totp_secret.is_some();
    tracing::info!(by = %caller.account, account = %account.id, second_factor, "a link is made");
    Ok(Json(shown(link, &headers)))
}
