//! The stands opened in this browser, in clear: nothing here opens anything. The token is sealed to the server.

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, TerritoryId};
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use serde::{Deserialize, Serialize};
use sync::StoreError;
use sync::protocol::Sealed;

use super::database::{commit, read, store_error, write};
use super::devices::{Devices, STANDS};
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
}

impl Stand {
    /// Whether something may still be written in it.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.closed && now < self.until
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
