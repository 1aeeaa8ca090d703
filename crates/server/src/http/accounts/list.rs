//! `GET /api/accounts`: the accounts of the territory, by name, with their devices.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State as Shared;
use domain::french::fold;
use domain::id::AccountId;
use sync::protocol::access::{AccountLine, AccountState, Accounts, DeviceLine};

use super::super::State;
use super::super::problem::Answer;
use super::keeps;
use crate::clock;
use crate::store::{Account, Caller};

pub async fn list(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Accounts>> {
    keeps(&caller)?;
    let (store, territory, now) = (&state.store, caller.territory, clock::now());
    let mut devices: BTreeMap<AccountId, Vec<DeviceLine>> = BTreeMap::new();
    for (account, device) in store.devices_of(territory, None, caller.device, now).await? {
        devices.entry(account).or_default().push(device);
    }
    let psc = state.psc.is_some();
    let waiting = store.links_waiting(territory).await?;
    let mut accounts: Vec<AccountLine> = store
        .accounts(territory)
        .await?
        .into_iter()
        .filter(Account::is_a_person)
        .map(|account| AccountLine {
            state: said(&account, psc),
            second_factor: account.totp_secret.is_some(),
            link_until: waiting.get(&account.id).copied(),
            devices: devices.remove(&account.id).unwrap_or_default(),
            id: account.id,
            login: account.login,
            name: account.name,
            profession: account.profession,
            roles: account.roles,
            rpps: account.rpps,
        })
        .collect();
    accounts.sort_by_cached_key(|account| (fold(&account.name), account.login.clone()));
    Ok(Json(Accounts { accounts }))
}

fn said(account: &Account, psc: bool) -> AccountState {
    match account {
        account if account.disabled => AccountState::Disabled,
        // Through Pro Santé Connect it signs in without having used any link.
        account if psc && account.rpps.is_some() => AccountState::Active,
        account if account.password_hash.is_empty() => AccountState::Invited,
        _ => AccountState::Active,
    }
}
