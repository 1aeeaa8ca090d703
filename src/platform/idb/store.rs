//! The store of one device: every record and operation sealed under its data key.

use domain::id::{DeviceId, OpId, RecordId};
use domain::order::sort_by_key;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::{Commit, Cursor, DeviceSeq, Operation, Queued, Record, Seq, Store, StoreError, Stored};
use wasm_bindgen::JsValue;

use super::commit::Prepared;
use super::database::{Connection, read, store_error};
use super::{SEAL, row};
use crate::platform::crypto::{CryptoError, Key};
use crate::platform::js::get;
use crate::platform::json;

pub(super) const RECORDS: &str = "records";
pub(super) const OUTBOX: &str = "outbox";
pub(super) const KEPT: &str = "kept";
pub(super) const SEALED: &str = "sealed";
pub(super) const COUNTERS: &str = "counters";
pub(super) const UNREADABLE: &str = "unreadable";
const STORES: &[&str] = &[RECORDS, OUTBOX, KEPT, SEALED, COUNTERS, UNREADABLE];

/// Key, in `counters`, of the last number drawn and of the cursor.
pub(super) const LAST_DEVICE_SEQ: &str = "deviceSeq";
pub(super) const CURSOR: &str = "cursor";

/// A [`Store`] in IndexedDB. Clones share the connection and the key.
#[derive(Clone, Debug)]
pub struct IdbStore {
    pub(super) connection: Connection,
    pub(super) key: Key,
}

impl IdbStore {
    /// The store of a device; nothing is opened yet.
    #[must_use]
    pub fn of(device: DeviceId, key: Key) -> Self {
        Self::named(Self::name(device), key)
    }

    /// Name of the database of a device.
    #[must_use]
    pub fn name(device: DeviceId) -> String {
        format!("cardabelle-{device}")
    }

    pub(super) fn named(name: String, key: Key) -> Self {
        Self { connection: Connection::new(name, STORES), key }
    }

    /// Closes the connection: to be used before deleting the database, or to start anew after a fault.
    pub fn close(&self) {
        self.connection.close();
    }

    pub(super) async fn seal<T: Serialize>(&self, place: &str, content: &T) -> Result<Vec<u8>, StoreError> {
        let clear = serde_json::to_vec(content).map_err(|_| row::corrupt("content that cannot be written"))?;
        self.key.seal(place, &clear).await.map_err(crypto_error)
    }

    pub(super) async fn unseal<T: DeserializeOwned>(&self, place: &str, row: &JsValue) -> Result<T, StoreError> {
        let sealed = row::sealed(row).ok_or_else(|| row::corrupt(row::SEALED))?;
        let clear = self.key.open(place, &sealed).await.map_err(crypto_error)?;
        serde_json::from_slice(&clear).map_err(|_| row::corrupt("content of another version"))
    }

    pub(super) async fn one(&self, store: &str, key: &str) -> Result<Option<JsValue>, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[store])?;
                let store = transaction.object_store(store).map_err(store_error)?;
                let request = store.get::<JsValue, _, _>(key).primitive().map_err(store_error)?;
                request.await.map_err(store_error)
            })
            .await
    }

    async fn all(&self, store: &str) -> Result<Vec<JsValue>, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[store])?;
                let store = transaction.object_store(store).map_err(store_error)?;
                let rows = store.get_all::<JsValue>().primitive().map_err(store_error)?.await.map_err(store_error)?;
                rows.collect::<Result<_, _>>().map_err(store_error)
            })
            .await
    }

    pub(super) async fn stored(&self, row: &JsValue) -> Result<Option<Stored>, StoreError> {
        if row::sealed(row).is_none() {
            return Ok(None);
        }
        let place = place(RECORDS, &row::text(row, row::RECORD)?);
        let record: Record = self.unseal(&place, row).await?;
        Ok(Some(Stored { rev: row::number(row, row::REV)?, record }))
    }

    pub(super) async fn operation(&self, row: &JsValue) -> Result<Operation, StoreError> {
        let mut operation: Operation = self.unseal(&operation_place(&row::text(row, row::OP)?), row).await?;
        // The number was drawn after the operation was sealed.
        operation.device_seq = row::number(row, row::DEVICE_SEQ)?;
        Ok(operation)
    }

    async fn queue(&self, keep: impl Fn(&str) -> bool) -> Result<Vec<Queued>, StoreError> {
        let mut queue = Vec::new();
        for row in self.all(OUTBOX).await? {
            if keep(&row::text(&row, row::RECORD)?) {
                queue.push(Queued { operation: self.operation(&row).await?, phase: row::read_phase(&row)? });
            }
        }
        sort_by_key(&mut queue, |queued| {
            let number = queued.operation.device_seq;
            (number == 0, number, queued.operation.op_id)
        });
        Ok(queue)
    }
}

/// What is authenticated with sealed bytes, so that a row moved elsewhere does not open.
pub(super) fn place(store: &str, id: &str) -> String {
    format!("{store}|{id}|{SEAL}")
}

/// An operation is sealed once for the outbox and for those kept aside: it moves between them as it is.
pub(super) fn operation_place(op: &str) -> String {
    place("operations", op)
}

fn crypto_error(error: CryptoError) -> StoreError {
    match error {
        CryptoError::Refused => row::corrupt("sealed bytes that do not open"),
        CryptoError::Unavailable => StoreError::Failed("cryptography".into()),
    }
}

impl Store for IdbStore {
    async fn records(&self) -> Result<Vec<Stored>, StoreError> {
        let mut records = Vec::new();
        for row in self.all(RECORDS).await? {
            records.extend(self.stored(&row).await?);
        }
        Ok(records)
    }

    async fn record(&self, id: RecordId) -> Result<Option<Stored>, StoreError> {
        match self.one(RECORDS, &id.to_string()).await? {
            Some(row) => self.stored(&row).await,
            None => Ok(None),
        }
    }

    async fn ids(&self, after: Option<RecordId>, up_to: Option<RecordId>) -> Result<Vec<RecordId>, StoreError> {
        // As texts, identifiers sort as they do as numbers; "g" is above them all.
        let low = after.map_or_else(String::new, |id| id.to_string());
        let high = up_to.map_or_else(|| "g".to_owned(), |id| id.to_string());
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[RECORDS])?;
                let store = transaction.object_store(RECORDS).map_err(store_error)?;
                let keys = store.get_all_keys::<String>().with_query(low.clone()..=high.clone());
                let mut ids = Vec::new();
                for key in keys.primitive().map_err(store_error)?.await.map_err(store_error)? {
                    let key = key.map_err(store_error)?;
                    if key != low {
                        ids.push(key.parse().map_err(|_| row::corrupt(row::RECORD))?);
                    }
                }
                Ok(ids)
            })
            .await
    }

    async fn revision(&self, id: RecordId) -> Result<u64, StoreError> {
        let row = self.one(RECORDS, &id.to_string()).await?;
        row.map_or(Ok(0), |row| row::number(&row, row::REV))
    }

    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        self.queue(|_| true).await
    }

    async fn outbox_of(&self, id: RecordId) -> Result<Vec<Queued>, StoreError> {
        let id = id.to_string();
        self.queue(|record| record == id).await
    }

    async fn kept(&self) -> Result<Vec<(Seq, Operation)>, StoreError> {
        let mut kept = Vec::new();
        for row in self.all(KEPT).await? {
            kept.push((row::number(&row, row::SEQ)?, self.operation(&row).await?));
        }
        sort_by_key(&mut kept, |(seq, _)| *seq);
        Ok(kept)
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        match self.one(COUNTERS, CURSOR).await? {
            Some(row) => Ok(Cursor {
                epoch: row::number(&row, "epoch")?,
                since: row::number(&row, "since")?,
                first: get(&row, "first").as_string().and_then(|text| json::read(text.as_bytes())),
            }),
            None => Ok(Cursor::default()),
        }
    }

    async fn last_device_seq(&self) -> Result<DeviceSeq, StoreError> {
        let row = self.one(COUNTERS, LAST_DEVICE_SEQ).await?;
        row.map_or(Ok(0), |row| row::number(&row, row::DEVICE_SEQ))
    }

    async fn commit(&self, commit: Commit) -> Result<Vec<(OpId, DeviceSeq)>, StoreError> {
        let prepared = Prepared::seal(self, commit).await?;
        self.connection.run(async |database: Database| prepared.write(&database).await).await
    }
}
