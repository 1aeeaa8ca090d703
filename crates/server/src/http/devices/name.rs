//! `POST /api/devices/{id}/name`: what its owner calls it.

use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use sync::protocol::access::Name;

use super::super::State;
use super::super::problem::{Answer, NO_DEVICE, NO_NAME, UNREADABLE};
use super::named;
use crate::store::Caller;

/// Characters of the name of a device or of a stand, at most.
const MAX_NAME: usize = 60;

pub async fn name(Shared(state): Shared<State>, caller: Caller, id: Path<String>, body: Bytes) -> Answer<StatusCode> {
    let device = named(&id)?;
    let asked: Name = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    let name = clean(&asked.name);
    if name.is_empty() {
        return Err(NO_NAME);
    }
    let known = state.store.name_device(caller.territory, caller.account, device, &name).await?;
    known.then_some(StatusCode::NO_CONTENT).ok_or(NO_DEVICE)
}

/// A name on one line, as short as a list can show; empty when nothing of it is left.
pub fn clean(name: &str) -> String {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    name.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_on_one_line() {
        assert_eq!(clean(" Tablette\n bleue\u{0} "), "Tablette bleue");
        assert_eq!(clean(&"é".repeat(200)).chars().count(), MAX_NAME);
        assert_eq!(clean(" \t\n"), "");
    }
}
