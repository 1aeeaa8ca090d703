//! The end of every full sign-in, whichever the door: a browser becomes a device of its account.

use domain::id::{AccountId, DeviceId};
use sync::protocol::audit::Event;
use sync::protocol::{Account, SignedIn};

use super::super::State;
use super::super::problem::Answer;
use crate::clock;
use crate::store::{self, Known, Noted};

/// Characters of a device's name.
const MAX_NAME: usize = 60;

/// What a browser says of the databases it holds: see [`sync::protocol::SignIn`].
pub struct Browser {
    pub device_id: Option<DeviceId>,
    pub account: Option<AccountId>,
    pub others: Vec<(DeviceId, AccountId)>,
    pub device_name: String,
}

/// Enrols the browser for an account whose holder has shown all that is asked.
pub async fn enrol(state: &State, account: store::Account, browser: Browser) -> Answer<SignedIn> {
    let (territory, now) = (&*state.territory, clock::now());
    let name: String = browser.device_name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let of_hers = browser.others.iter().find(|(_, owner)| *owner == account.id);
    let known = match of_hers {
        Some((device, owner)) => Known { device: Some(*device), account: Some(*owner) },
        None => Known { device: browser.device_id, account: browser.account },
    };
    let enrolled = state.store.enrol(territory.id, account.id, known, name.trim(), now).await?;
    tracing::info!(account = %account.id, device = %enrolled.device, "signed in");
    let (person, device) = (Some(account.id), Some(enrolled.device));
    let noted = Noted { event: Event::SignedIn, account: person, device, record: None, detail: None };
    state.store.note(territory.id, noted, now).await;
    Ok(SignedIn {
        account: Account {
            id: account.id,
            name: account.name,
            profession: account.profession,
            roles: account.roles,
            territory: territory.id,
            territory_name: territory.name.clone(),
        },
        device_id: enrolled.device,
        token: enrolled.token,
        recovery_key: enrolled.recovery_key,
        server_time: now,
        demo: territory.demo,
    })
}
