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
    /// The server knows that it is over, so that its code serves nobody any more; or it never showed one.
    #[serde(default)]
    pub told: bool,
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
    /// What a record begun there knows of it: ids, days and numbers, nothing of anybody.
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

    /// What it has counted so far; `None` once it is closed: a stand that is over keeps nothing that its sending does not need.
    #[must_use]
    pub fn counting(self, counts: &Fields) -> Option<Self> {
        (!self.closed).then(|| Self { counts: counts.clone(), ..self })
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

    /// Changes a stand that is on the list, as it is there now: it may have been closed, or sent and forgotten, since it was
    /// last read, and is not put back. `None` from `change`: it stays as it is.
    pub async fn change_stand(
        &self,
        device: DeviceId,
        change: impl Fn(Stand) -> Option<Stand>,
    ) -> Result<Option<Stand>, StoreError> {
        self.alter(STANDS, &device.to_string(), change).await
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests {
    use domain::id::AccountId;
    use wasm_bindgen_futures::future_to_promise;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::database::Connection;
    use super::*;
    use crate::platform::js::settled;
    use crate::platform::random;

    fn stand() -> Stand {
        let text = r#"{"format":"","key":"","iv":"","content":""}"#;
        Stand {
            device_id: DeviceId(random::record_id().0),
            account_id: AccountId(random::record_id().0),
            territory: TerritoryId(random::record_id().0),
            seal_key: String::new(),
            token: json::read(text.as_bytes()).unwrap(),
            until: Timestamp(i64::MAX),
            closed: false,
            told: false,
            demo: false,
            venue: None,
            invitation: None,
            by_herself: false,
            counts: Fields::new(),
        }
    }

    fn devices() -> Devices {
        Devices(Connection::new(format!("test-stands-{}", random::random_id()), &[STANDS]))
    }

    fn seven() -> Fields {
        Fields::from([("sign-up".to_owned(), 7.into())])
    }

    #[wasm_bindgen_test]
    async fn a_stand_closed_while_it_counted_stays_closed_whoever_comes_first() {
        for count_first in [true, false] {
            let (devices, stand) = (devices(), stand());
            devices.keep_stand(&stand).await.unwrap();
            let (also, id) = (devices.clone(), stand.device_id);
            let count = async move |devices: Devices| {
                devices.change_stand(id, |there| there.counting(&seven())).await.unwrap();
            };
            let close = async move |devices: Devices| {
                devices.change_stand(id, |there| Some(there.over())).await.unwrap();
            };
            // One transaction waits for the other, so the second reads what the first wrote.
            let first = future_to_promise(async move {
                if count_first {
                    count(also).await
                } else {
                    close(also).await
                }
                Ok(wasm_bindgen::JsValue::NULL)
            });
            if count_first {
                close(devices.clone()).await
            } else {
                count(devices.clone()).await
            }
            settled(first).await.unwrap();
            assert_eq!(devices.stands().await.unwrap(), [stand.over()]);
        }
    }

    #[wasm_bindgen_test]
    async fn a_stand_that_was_sent_and_forgotten_does_not_come_back() {
        let (devices, stand) = (devices(), stand());
        devices.keep_stand(&stand).await.unwrap();
        devices.forget_stand(stand.device_id).await.unwrap();
        let counted = devices.change_stand(stand.device_id, |there| there.counting(&seven())).await;
        assert_eq!((counted.unwrap(), devices.stands().await.unwrap()), (None, Vec::new()));
    }
}
