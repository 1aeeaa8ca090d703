//! Who knocks: a password, then the code of a second factor. Whatever is wrong with the password is told alike, after the
//! same work.

use std::net::IpAddr;

use domain::id::AccountId;
use sync::protocol::SignIn;
use sync::protocol::audit::Event;

use super::super::State;
use super::super::problem::{Answer, CODE_WANTED, Refusal, WRONG_CODE, WRONG_PASSWORD};
use crate::store::{Account, Noted};
use crate::{clock, recovery, secret, totp};

/// Bytes: Argon2 is not asked to chew a novel.
pub const MAX_PASSWORD: usize = 1024;

/// The account of who has shown all that it asks for. One that has no second factor asks for none: whether it may go on
/// without is for the caller to say.
pub async fn identify(state: &State, address: IpAddr, asked: &SignIn) -> Answer<Account> {
    if asked.password.len() > MAX_PASSWORD || asked.login.len() > MAX_PASSWORD {
        return Err(WRONG_PASSWORD);
    }
    let visit = state.doorman.knock(&asked.login, address).map_err(Refusal::too_many_tries)?;

    let territory = &*state.territory;
    // Where Pro Santé Connect is, who has an RPPS signs in through it: her password is a wrong one.
    let by_password = |account: &Account| account.is_active() && !(state.psc.is_some() && account.rpps.is_some());
    let found = state.store.account_by_login(territory.id, &asked.login).await?.filter(by_password);
    let stored = found.as_ref().map(|account| account.password_hash.clone());
    let right = secret::verify_password(&asked.password, stored).await;
    let known = found.as_ref().map(|account| account.id);
    let Some(account) = found.filter(|_| right) else {
        tracing::warn!("sign-in refused");
        // For an unknown login too: the same work, hence the same time.
        refused(state, known, "wrong-password").await;
        return Err(WRONG_PASSWORD);
    };
    let Some(secret) = &account.totp_secret else {
        if account.lacks_second_factor(territory) {
            visit.half_way()
        } else {
            visit.welcome()
        }
        return Ok(account);
    };
    let Some(code) = asked.code.as_deref().map(str::trim).filter(|code| !code.is_empty()) else {
        visit.half_way();
        return Err(CODE_WANTED);
    };
    if !takes(state, &account, secret, code).await? {
        tracing::warn!(account = %account.id, "sign-in refused: wrong code");
        refused(state, known, "wrong-code").await;
        return Err(WRONG_CODE);
    }
    visit.welcome();
    Ok(account)
}

async fn refused(state: &State, account: Option<AccountId>, reason: &str) {
    let noted = Noted { event: Event::Refused, account, device: None, record: None, detail: Some(reason) };
    state.store.note(state.territory.id, noted, clock::now()).await;
}

/// Takes the code somebody typed, of her telephone or on paper: it serves no more.
async fn takes(state: &State, account: &Account, secret: &str, code: &str) -> Answer<bool> {
    let (store, territory, now) = (&state.store, state.territory.id, clock::now());
    if totp::six_digits(code).is_some() {
        let Some(step) = totp::matching(secret, code, now, account.totp_step) else { return Ok(false) };
        return Ok(store.take_step(territory, account.id, step).await?);
    }
    let Some(hash) = recovery::hash(code) else { return Ok(false) };
    let taken = store.take_recovery_code(territory, account.id, &hash, now).await?;
    if taken {
        tracing::info!(account = %account.id, "a code on paper was used");
    }
    Ok(taken)
}
