//! `POST /api/accounts/sheet`: what a members' spreadsheet holds, line by line. Nothing is made, nothing is kept.

use std::error::Error;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State as Shared;
use http_body_util::LengthLimitError;
use sync::protocol::access::Sheet;
use tokio::sync::Semaphore;

use super::super::State;
use super::super::problem::{Answer, FAULT, SHEET_TOO_LARGE, SHEET_UNREADABLE, SHEET_WITHOUT_NAMES, UNREADABLE};
use super::keeps;
use crate::members::{self, MAX_BYTES, Unreadable};
use crate::store::{Account, Caller};

/// A file may unfold into some megabytes: one is read at a time, the others wait.
static TURNS: Semaphore = Semaphore::const_new(1);

pub async fn sheet(Shared(state): Shared<State>, caller: Caller, body: Body) -> Answer<Json<Sheet>> {
    keeps(&caller)?;
    let too_large = |error: &axum::Error| error.source().is_some_and(|source| source.is::<LengthLimitError>());
    let bytes = to_bytes(body, MAX_BYTES)
        .await
        .map_err(|error| if too_large(&error) { SHEET_TOO_LARGE } else { UNREADABLE })?;
    let accounts = state.store.accounts(caller.territory).await?;
    let named = |account: Account| (account.login, account.name);
    let accounts: Vec<_> = accounts.into_iter().map(named).collect();
    let turn = TURNS.acquire().await.map_err(|_| FAULT)?;
    // Away from the threads that answer everybody. Whatever a reader makes of a hostile file ends there.
    let read = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        members::read(&bytes, &accounts)
    });
    match read.await.map_err(|_| SHEET_UNREADABLE)? {
        Ok(sheet) => Ok(Json(sheet)),
        Err(Unreadable::NotASheet) => Err(SHEET_UNREADABLE),
        Err(Unreadable::TooLarge) => Err(SHEET_TOO_LARGE),
        Err(Unreadable::NoNames) => Err(SHEET_WITHOUT_NAMES),
    }
}
