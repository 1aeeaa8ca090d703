//! `GET /api/territory`, `POST /api/territory`: the settings of the territory, an administrator's.
//! `GET /api/retention`: whom somebody who follows people will see no more, and when.

mod words;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use domain::annuaire::directory::Commune;
use domain::people::Role;
use domain::retention::Rule;
use sync::protocol::audit::Event;
use sync::protocol::territory::{Asked, Panel};

use super::State;
use super::problem::{Answer, FORBIDDEN, NO_SUCH_COMMUNE, UNREADABLE, WRONG_DAYS, WRONG_MONTHS};
use crate::annuaire::communes::{self, Found};
use crate::clock;
use crate::store::{Caller, Noted};

/// Days ahead that are told.
const AHEAD: u64 = 60;
/// Communes found by a name or a postal code, at most.
const MOST: usize = 30;

/// What may be asked, by its code.
mod act {
    pub const DAYS: &str = "days";
    pub const MONTHS: &str = "months";
    pub const CONFIRM: &str = "confirm";
    pub const SUSPEND: &str = "suspend";
    pub const FIND: &str = "find";
    pub const ADD: &str = "add";
    pub const REMOVE: &str = "remove";
}

pub async fn read(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Panel>> {
    keeps(&caller)?;
    panel(&state, &caller, String::new(), &[]).await
}

pub async fn ask(Shared(state): Shared<State>, caller: Caller, body: Bytes) -> Answer<Json<Panel>> {
    keeps(&caller)?;
    let Asked { act, value } = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let value = value.trim();
    let (act, rule) = act.split_once('/').map_or((act.as_str(), None), |(act, rule)| (act, Rule::of(rule)));
    let mut found = Vec::new();
    let said = match (act, rule) {
        (act::DAYS, None) => days(&state, &caller, value).await?,
        (act::MONTHS | act::CONFIRM | act::SUSPEND, Some(rule)) => months(&state, &caller, act, rule, value).await?,
        (act::FIND, None) => {
            found = find(&state, &caller, value).await?;
            return panel(&state, &caller, String::new(), &found).await;
        }
        (act::ADD, None) => add(&state, &caller, value).await?,
        (act::REMOVE, None) => remove(&state, &caller, value).await?,
        _ => return Err(UNREADABLE),
    };
    let noted = Noted::by(&caller, Event::Changed, None, Some("territory"));
    state.store.note(caller.territory, noted, clock::now()).await;
    panel(&state, &caller, said, &found).await
}

/// Her people who go soon: their numbers and their days, for names are on her device.
pub async fn leaving(Shared(state): Shared<State>, caller: Caller) -> Answer<Json<Panel>> {
    // A coordinator keeps those she signed up until they are entrusted.
    if !caller.roles.iter().any(|role| matches!(role, Role::Professional | Role::Sentinel | Role::Coordinator)) {
        return Err(FORBIDDEN);
    }
    let now = clock::now();
    let leaving = state.store.leaving(&caller, AHEAD, now).await?;
    Ok(Json(words::leaving(&leaving, now.local(0).date())))
}

fn keeps(caller: &Caller) -> Answer<()> {
    caller.roles.contains(&Role::Administrator).then_some(()).ok_or(FORBIDDEN)
}

/// The settings as they are now, below what was just done.
async fn panel(state: &State, caller: &Caller, said: String, found: &[Found]) -> Answer<Json<Panel>> {
    let (store, territory, now) = (&state.store, caller.territory, clock::now());
    let today = now.local(0).date();
    let mut parts = vec![words::exchanges(store.exchange_days(territory).await?), words::durations()];
    for term in store.durations(territory).await? {
        let forecast = store.forecast(territory, &term, now).await?;
        parts.push(words::duration(&term, forecast, today));
    }
    // The longest last.
    parts.push(words::communes(&store.communes(territory).await?, found));
    Ok(Json(Panel { second: state.territory.name.clone(), said, parts }))
}

async fn days(state: &State, caller: &Caller, value: &str) -> Answer<String> {
    let days = value.parse().ok().filter(|days| (1..=365).contains(days)).ok_or(WRONG_DAYS)?;
    state.store.set_exchange_days(caller.territory, days).await?;
    tracing::info!(by = %caller.account, days, "the days of exchange are changed");
    Ok(words::changed_days(days))
}

async fn months(state: &State, caller: &Caller, act: &str, rule: Rule, value: &str) -> Answer<String> {
    let months = value.parse().ok().filter(|months| rule.takes(*months)).ok_or(WRONG_MONTHS)?;
    let terms = state.store.durations(caller.territory).await?;
    let same = terms.iter().any(|term| (term.rule, term.months) == (rule, months));
    if act == act::MONTHS && same {
        return Ok(words::SAME.to_owned());
    }
    let confirmed = act == act::CONFIRM;
    let now = clock::now();
    state.store.set_duration(caller, rule, months, confirmed, now).await?;
    tracing::info!(by = %caller.account, rule = rule.code(), months, confirmed, "a duration is set");
    Ok(words::set(months, confirmed, now.local(0).date()))
}

/// By name, by code, or by a postal code that several share.
async fn find(state: &State, caller: &Caller, value: &str) -> Answer<Vec<Found>> {
    let there = state.store.communes(caller.territory).await?;
    let mut found = communes::by_name(value, None);
    found.extend(communes::by_postal_code(value));
    found.extend(communes::by_code(value).filter(|one| !found.contains(one)));
    found.retain(|one| there.iter().all(|here| here.insee != one.insee));
    found.truncate(MOST);
    if found.is_empty() { Err(NO_SUCH_COMMUNE) } else { Ok(found) }
}

async fn add(state: &State, caller: &Caller, insee: &str) -> Answer<String> {
    let commune: Commune = communes::by_code(insee).ok_or(NO_SUCH_COMMUNE)?.commune();
    if state.store.communes(caller.territory).await?.iter().all(|here| here.insee != insee) {
        state.store.put_communes(caller.territory, std::slice::from_ref(&commune), clock::now()).await?;
    }
    Ok(words::added(&commune.name))
}

async fn remove(state: &State, caller: &Caller, insee: &str) -> Answer<String> {
    let there = state.store.communes(caller.territory).await?;
    let commune = there.iter().find(|here| here.insee == insee).ok_or(NO_SUCH_COMMUNE)?;
    state.store.remove_commune(caller.territory, insee, clock::now()).await?;
    Ok(words::removed(&commune.name))
}
