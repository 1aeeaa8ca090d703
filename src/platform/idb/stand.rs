//! The stands opened in this browser, in clear: nothing here opens anything. The token is sealed to the server.

use domain::id::{AccountId, DeviceId, RecordId, TerritoryId};
use domain::{Fields, Timestamp};
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use serde::{Deserialize, Serialize};
use sync::StoreError;
use sync::protocol::Sealed;
use sync::protocol::access::StandInvitation;

use super::database::{commit, delete, read, store_error, write};
use super::devices::{Devices, NAME, STANDS};
use super::row::corrupt;
use crate::platform::json;

/// One stand, from its opening until the server has all it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    pub device_id: DeviceId,
    /// Random ids, known to the server.
    pub account_id: AccountId,
    pub territory: TerritoryId,
    /// The server's public key, hexadecimal.
    pub seal_key: String,
    /// The device's token, which this browser cannot read.
    pub token: Sealed,
    /// Nothing is written after it.
    pub until: Timestamp,
    /// Somebody closed it before.
    pub closed: bool,
    /// Of a demonstration territory.
    pub demo: bool,
    /// What it is held for; `None`: people, of no programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    /// What it shows to those who sign up on their own telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<StandInvitation>,
    /// The telephone of somebody who signs herself up: nobody else holds it, and nothing brings it back.
    #[serde(default)]
    pub by_herself: bool,
    /// How many records of each kind were sealed here, and what those that count counted: see [`tallied`].
    #[serde(default)]
    pub counts: Fields,
}

/// The record a stand is held for, such as a day on a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Venue {
    pub record: RecordId,
    pub kind: String,
    /// What a record begun there knows of it: ids and days, nothing of anybody.
    pub seeds: Fields,
}

/// The name in [`Stand::counts`] of what a question of a kind counted.
#[must_use]
pub fn tallied(kind: &str, question: &str) -> String {
    format!("{kind}/{question}")
}

impl Stand {
    /// Whether something may still be written in it.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.closed && now < self.until
    }

    /// What of it is needed to send what it wrote.
    #[must_use]
    pub fn over(&self) -> Self {
        Self { closed: true, venue: None, invitation: None, counts: Fields::new(), ..self.clone() }
    }
}

impl Devices {
    /// Every stand of this browser, those that are over included, in no order.
    pub async fn stands(&self) -> Result<Vec<Stand>, StoreError> {
        let rows: Vec<String> = self
            .0
            .run(async |database: Database| {
                let transaction = read(&database, &[STANDS])?;
                let store = transaction.object_store(STANDS).map_err(store_error)?;
                let rows = store.get_all::<String>().primitive().map_err(store_error)?.await.map_err(store_error)?;
                rows.collect::<Result<_, _>>().map_err(store_error)
            })
            .await?;
        rows.iter().map(|text| json::read(text.as_bytes()).ok_or_else(|| corrupt(STANDS))).collect()
    }

    /// Whether the disk says that something may still be written in this stand: another tab may have closed it since, or
    /// sent all it held and forgotten it.
    pub async fn is_stand_open(&self, device: DeviceId, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.stands().await?.iter().any(|stand| stand.device_id == device && stand.is_open(now)))
    }

    /// Adds or replaces a stand.
    pub async fn keep_stand(&self, stand: &Stand) -> Result<(), StoreError> {
        let text = json::write(stand).ok_or_else(|| corrupt(STANDS))?;
        self.put(STANDS, &stand.device_id.to_string(), &text).await
    }

    /// Erases the list of this browser when there is nothing in it: neither device, nor stand, nor mark.
    pub async fn remove_if_empty(&self) -> Result<(), StoreError> {
        if self.list().await?.is_empty() && self.stands().await?.is_empty() && self.mark().await?.is_none() {
            self.0.close();
            delete(NAME).await?;
        }
        Ok(())
    }

    /// Takes a stand off the list.
    pub async fn forget_stand(&self, device: DeviceId) -> Result<(), StoreError> {
        self.0
            .run(async |database: Database| {
                let transaction = write(&database, &[STANDS])?;
                let rows = transaction.object_store(STANDS).map_err(store_error)?;
                rows.delete::<String, _>(device.to_string()).primitive().map_err(store_error)?;
                commit(transaction).await
            })
            .await
    }
}
