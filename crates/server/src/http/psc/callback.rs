//! `GET /psc/callback`: the provider sends somebody back. Not a route of the API, whose pages of other sites are refused.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::response::Redirect;
use serde::Deserialize;
use sync::protocol::access::PscRefusal;

use super::super::State;
use super::super::problem::Answer;
use super::configured;
use crate::psc::{Back, Psc};
use crate::secret;

/// What the provider writes in the address. Its words on an error are not read.
#[derive(Deserialize)]
pub struct Came {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Whatever came of it, the page of the return says it: what follows `#` reaches no server and no log.
pub async fn callback(Shared(state): Shared<State>, came: Result<Query<Came>, QueryRejection>) -> Answer<Redirect> {
    let psc = configured(&state)?;
    let told = match came {
        Ok(Query(came)) => settle(&state, &psc, came).await,
        Err(_) => Err(PscRefusal::Fault),
    };
    Ok(Redirect::to(&match told {
        Ok(ticket) => format!("/retour-psc#{ticket}"),
        Err(refusal) => format!("/retour-psc#!{}", refusal.code()),
    }))
}

async fn settle(state: &State, psc: &Psc, came: Came) -> Result<String, PscRefusal> {
    // Ours, once, and not too late; before anything else of the address is believed.
    let going = came.state.and_then(|state| psc.going.take(&state)).ok_or(PscRefusal::Expired)?;
    let code = match (came.error.as_deref(), came.code) {
        (None, Some(code)) => code,
        (Some("access_denied"), _) => return Err(PscRefusal::Refused),
        (Some("server_error" | "temporarily_unavailable"), _) => return Err(PscRefusal::Down),
        _ => return Err(PscRefusal::Fault),
    };
    let rpps = psc.provider.identify(code, &going.nonce, going.verifier).await?;
    let found = state.store.account_by_rpps(state.territory.id, &rpps).await.map_err(|error| {
        tracing::error!(%error, "the database failed");
        PscRefusal::Fault
    })?;
    let Some(account) = found.filter(|account| !account.disabled && account.is_a_person()) else {
        tracing::warn!("Pro Santé Connect: no open account has this number");
        return Err(PscRefusal::Stranger);
    };
    let ticket = secret::random_hex();
    psc.back.put(&ticket, Back { account: account.id, binding: going.binding, from: going.from });
    Ok(ticket)
}
