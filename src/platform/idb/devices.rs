//! The devices enrolled in this browser: random ids, and data keys wrapped twice. No name, no login.

use domain::id::{AccountId, DeviceId};
use domain::order::sort_by_key;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use serde::{Deserialize, Serialize};
use sync::StoreError;
use wasm_bindgen::JsValue;

use super::database::{Connection, commit, read, store_error, write};
use super::row::corrupt;
use crate::platform::json;

const NAME: &str = "cardabelle";
const DEVICES: &str = "devices";
const MARKS: &str = "marks";
const MARK: &str = "mark";

/// One device of this browser, as it lies on disk. Bytes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub device_id: DeviceId,
    /// A random id, known to the server alone.
    pub account_id: AccountId,
    pub salt: String,
    pub rounds: u32,
    /// The data key under the passphrase.
    pub by_passphrase: String,
    /// The data key under the recovery key the server keeps.
    pub by_recovery: String,
    /// Grows at each opening: the last one used is tried first.
    pub used: u64,
}

/// The list of devices.
#[derive(Clone, Debug)]
pub struct Devices(Connection);

impl Default for Devices {
    fn default() -> Self {
        Self(Connection::new(NAME.into(), &[DEVICES, MARKS]))
    }
}

impl Devices {
    /// Last used first.
    pub async fn list(&self) -> Result<Vec<Enrolled>, StoreError> {
        let rows: Vec<String> = self
            .0
            .run(async |database: Database| {
                let transaction = read(&database, &[DEVICES])?;
                let store = transaction.object_store(DEVICES).map_err(store_error)?;
                let rows = store.get_all::<String>().primitive().map_err(store_error)?.await.map_err(store_error)?;
                rows.collect::<Result<_, _>>().map_err(store_error)
            })
            .await?;
        let mut devices: Vec<Enrolled> = rows
            .iter()
            .map(|text| json::read(text.as_bytes()).ok_or_else(|| corrupt(DEVICES)))
            .collect::<Result<_, _>>()?;
        sort_by_key(&mut devices, |device| std::cmp::Reverse(device.used));
        Ok(devices)
    }

    /// Adds or replaces a device.
    pub async fn keep(&self, device: &Enrolled) -> Result<(), StoreError> {
        let text = json::write(device).ok_or_else(|| corrupt(DEVICES))?;
        self.put(DEVICES, &device.device_id.to_string(), &text).await
    }

    /// Takes a device off the list.
    pub async fn forget(&self, device: DeviceId) -> Result<(), StoreError> {
        self.0
            .run(async |database: Database| {
                let transaction = write(&database, &[DEVICES])?;
                let rows = transaction.object_store(DEVICES).map_err(store_error)?;
                rows.delete::<String, _>(device.to_string()).primitive().map_err(store_error)?;
                commit(transaction).await
            })
            .await
    }

    /// The random mark that is also kept outside IndexedDB: a mark there and none here means the browser erased us.
    pub async fn mark(&self) -> Result<Option<String>, StoreError> {
        self.0
            .run(async |database: Database| {
                let transaction = read(&database, &[MARKS])?;
                let store = transaction.object_store(MARKS).map_err(store_error)?;
                let request = store.get::<JsValue, _, _>(MARK).primitive().map_err(store_error)?;
                Ok(request.await.map_err(store_error)?.and_then(|mark| mark.as_string()))
            })
            .await
    }

    pub async fn keep_mark(&self, mark: &str) -> Result<(), StoreError> {
        self.put(MARKS, MARK, mark).await
    }

    async fn put(&self, store: &str, key: &str, text: &str) -> Result<(), StoreError> {
        self.0
            .run(async |database: Database| {
                let transaction = write(&database, &[store])?;
                let rows = transaction.object_store(store).map_err(store_error)?;
                rows.put(text).with_key(key).primitive().map_err(store_error)?;
                commit(transaction).await
            })
            .await
    }
}
