//! The devices enrolled in this browser: random ids, and data keys wrapped two or three times. No name, no login.

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

pub(super) const NAME: &str = "cardabelle";
const DEVICES: &str = "devices";
const MARKS: &str = "marks";
pub(super) const STANDS: &str = "stands";
const MARK: &str = "mark";

/// One device of this browser, as it lies on disk. Bytes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub device_id: DeviceId,
    /// A random id, known to the server alone.
    pub account_id: AccountId,
    /// Of the passphrase; a device opened by fingerprint alone has none.
    #[serde(default)]
    pub salt: String,
    #[serde(default)]
    pub rounds: u32,
    /// The data key under the passphrase; empty where there is none.
    #[serde(default)]
    pub by_passphrase: String,
    /// The data key under the fingerprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_fingerprint: Option<ByFingerprint>,
    /// The data key under the recovery key the server keeps.
    pub by_recovery: String,
    /// Grows at each opening: the last one used is tried first.
    pub used: u64,
}

/// A data key wrapped by what the authenticator of this machine answers to one salt. Bytes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByFingerprint {
    /// The authenticator's name for its own key: random.
    pub credential: String,
    pub salt: String,
    pub wrapped: String,
}

impl Enrolled {
    /// Whether a passphrase opens it.
    #[must_use]
    pub fn has_passphrase(&self) -> bool {
        !self.by_passphrase.is_empty()
    }
}

/// The list of devices.
#[derive(Clone, Debug)]
pub struct Devices(pub(super) Connection);

impl Default for Devices {
    fn default() -> Self {
        Self(Connection::new(NAME.into(), &[DEVICES, MARKS, STANDS]))
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

    /// Changes a device that is on the list, as it is there now: another tab may have changed it since it was last read.
    /// Answers what it became, `None` when it is there no more.
    pub async fn change(
        &self,
        device: DeviceId,
        change: impl Fn(&mut Enrolled),
    ) -> Result<Option<Enrolled>, StoreError> {
        let changed = |mut device: Enrolled| {
            change(&mut device);
            Some(device)
        };
        self.alter(DEVICES, &device.to_string(), changed).await
    }

    /// Changes what lies under this key, in one transaction with its reading. `None`: it is not there, or `change` leaves it.
    pub(super) async fn alter<T: Serialize + for<'de> Deserialize<'de>>(
        &self,
        store: &'static str,
        key: &str,
        change: impl Fn(T) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        self.0
            .run(async |database: Database| {
                let transaction = write(&database, &[store])?;
                let rows = transaction.object_store(store).map_err(store_error)?;
                let request = rows.get::<JsValue, _, _>(key).primitive().map_err(store_error)?;
                let Some(text) = request.await.map_err(store_error)?.and_then(|row| row.as_string()) else {
                    return Ok(None);
                };
                let found: T = json::read(text.as_bytes()).ok_or_else(|| corrupt(store))?;
                let Some(changed) = change(found) else { return Ok(None) };
                let text = json::write(&changed).ok_or_else(|| corrupt(store))?;
                rows.put(text).with_key(key).primitive().map_err(store_error)?;
                commit(transaction).await?;
                Ok(Some(changed))
            })
            .await
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

    pub(super) async fn put(&self, store: &str, key: &str, text: &str) -> Result<(), StoreError> {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests {
    use wasm_bindgen_futures::future_to_promise;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::platform::js::settled;
    use crate::platform::random;

    /// As a device enrolled before fingerprints were known lies on its disk.
    const OLD: &str = r#"{"device_id":"0197d5f2-0000-7000-8000-000000000001","account_id":"0197d5f2-0000-7000-8000-000000000002",
        "salt":"00","rounds":600000,"by_passphrase":"11","by_recovery":"22","used":3}"#;

    #[wasm_bindgen_test]
    fn a_device_enrolled_before_fingerprints_still_opens() {
        let old: Enrolled = json::read(OLD.as_bytes()).unwrap();
        assert!(old.has_passphrase() && old.by_fingerprint.is_none());
        assert_eq!((old.rounds, old.used), (600_000, 3));
    }

    #[wasm_bindgen_test]
    async fn two_changes_at_once_both_hold_and_none_brings_back_a_device_that_left() {
        let name = format!("test-devices-{}", random::random_id());
        let devices = Devices(Connection::new(name, &[DEVICES, MARKS]));
        let old: Enrolled = json::read(OLD.as_bytes()).unwrap();
        assert_eq!(devices.change(old.device_id, |_| {}).await.unwrap(), None);
        devices.keep(&old).await.unwrap();
        // One transaction waits for the other, so the second reads what the first wrote.
        let (also, id) = (devices.clone(), old.device_id);
        let first = future_to_promise(async move {
            also.change(id, |device| device.by_passphrase = "33".into()).await.unwrap();
            Ok(JsValue::NULL)
        });
        devices.change(id, |device| device.used = 4).await.unwrap();
        settled(first).await.unwrap();
        let now = devices.list().await.unwrap();
        assert_eq!((now[0].by_passphrase.as_str(), now[0].used), ("33", 4));
        devices.forget(id).await.unwrap();
        assert_eq!(devices.change(id, |_| {}).await.unwrap(), None);
        assert_eq!(devices.list().await.unwrap(), []);
    }
}
