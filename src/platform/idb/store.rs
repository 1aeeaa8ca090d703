//! The store of one device: every record and operation sealed under its data key.

use std::future::Future;
use std::rc::Rc;

use domain::id::{DeviceId, OpId, RecordId};
use domain::order::sort_by_key;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::{Commit, Cursor, DeviceSeq, Operation, Queued, Record, Seq, Store, StoreError, Stored, Whole};
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
pub(super) const STORES: &[&str] = &[RECORDS, OUTBOX, KEPT, SEALED, COUNTERS, UNREADABLE];

/// Key, in `counters`, of the last number drawn and of the cursor.
pub(super) const LAST_DEVICE_SEQ: &str = "deviceSeq";
pub(super) const CURSOR: &str = "cursor";

/// A [`Store`] in IndexedDB. Clones share the connection and the key.
#[derive(Clone, Debug)]
pub struct IdbStore {
    pub(super) connection: Connection,
    pub(super) key: Key,
    /// The server's public key, where what is numbered is sealed to it as well: see [`super::seals`].
    pub(super) sealed_to: Option<Rc<[u8]>>,
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
        Self { connection: Connection::new(name, STORES), key, sealed_to: None }
    }

    /// Closes the connection: to be used before deleting the database, or to start anew after a fault.
    pub fn close(&self) {
        self.connection.close();
    }

    /// Begins at the call: many rows are sealed together.
    pub(super) fn seal<T: Serialize>(
        &self,
        place: &str,
        content: &T,
    ) -> impl Future<Output = Result<Vec<u8>, StoreError>> + use<T> {
        let begun = serde_json::to_vec(content)
            .map(|clear| self.key.seal(place, &clear))
            .map_err(|_| row::corrupt("content that cannot be written"));
        async move { begun?.await.map_err(crypto_error) }
    }

    /// Begins at the call: many rows are opened together.
    pub(super) fn unseal<T: DeserializeOwned>(
        &self,
        place: &str,
        row: &JsValue,
    ) -> impl Future<Output = Result<T, StoreError>> + use<T> {
        let begun =
            row::sealed(row).map(|sealed| self.key.open(place, &sealed)).ok_or_else(|| row::corrupt(row::SEALED));
        async move {
            let clear = begun?.await.map_err(crypto_error)?;
            serde_json::from_slice(&clear).map_err(|_| row::corrupt("content of another version"))
        }
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

    /// The state in a row, `None` for a record known only by its operations. Begins at the call.
    pub(super) fn stored(&self, row: &JsValue) -> impl Future<Output = Result<Option<Stored>, StoreError>> + use<> {
        let begun = row::sealed(row).map(|_| {
            let place = place(RECORDS, &row::text(row, row::RECORD)?);
            Ok((row::number(row, row::REV)?, self.unseal::<Record>(&place, row)))
        });
        async move {
            match begun.transpose()? {
                Some((rev, record)) => Ok(Some(Stored { rev, record: record.await? })),
                None => Ok(None),
            }
        }
    }

    /// Begins at the call.
    pub(super) fn operation(&self, row: &JsValue) -> impl Future<Output = Result<Operation, StoreError>> + use<> {
        let begun = row::text(row, row::OP).and_then(|op| {
            // The number was drawn after the operation was sealed.
            Ok((row::number(row, row::DEVICE_SEQ)?, self.unseal::<Operation>(&operation_place(&op), row)))
        });
        async move {
            let (device_seq, operation) = begun?;
            Ok(Operation { device_seq, ..operation.await? })
        }
    }

    async fn queued(&self, rows: impl Iterator<Item = JsValue>) -> Result<Vec<Queued>, StoreError> {
        let mut opening = Vec::new();
        for row in rows {
            opening.push((row::read_phase(&row)?, self.operation(&row)));
        }
        let mut queue = Vec::with_capacity(opening.len());
        for (phase, operation) in opening {
            queue.push(Queued { operation: operation.await?, phase });
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

pub(super) fn crypto_error(error: CryptoError) -> StoreError {
    match error {
        CryptoError::Refused => row::corrupt("sealed bytes that do not open"),
        CryptoError::Unavailable => StoreError::Failed("cryptography".into()),
    }
}

impl Store for IdbStore {
    async fn records(&self) -> Result<Vec<Stored>, StoreError> {
        let opening: Vec<_> = self.all(RECORDS).await?.iter().map(|row| self.stored(row)).collect();
        let mut records = Vec::with_capacity(opening.len());
        for stored in opening {
            records.extend(stored.await?);
        }
        Ok(records)
    }

    async fn some(&self, ids: &[RecordId]) -> Result<Vec<Option<Stored>>, StoreError> {
        let rows = self
            .connection
            .run(async |database: Database| {
                let transaction = read(&database, &[RECORDS])?;
                let store = transaction.object_store(RECORDS).map_err(store_error)?;
                let ask = |id: &RecordId| store.get::<JsValue, _, _>(id.to_string()).primitive().map_err(store_error);
                let asked: Vec<_> = ids.iter().map(ask).collect::<Result<_, _>>()?;
                let mut rows = Vec::with_capacity(asked.len());
                for row in asked {
                    rows.push(row.await.map_err(store_error)?);
                }
                Ok(rows)
            })
            .await?;
        let opening: Vec<_> = rows.iter().map(|row| row.as_ref().map(|row| self.stored(row))).collect();
        let mut some = Vec::with_capacity(opening.len());
        for stored in opening {
            some.push(match stored {
                Some(stored) => stored.await?,
                None => None,
            });
        }
        Ok(some)
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
        self.queued(self.all(OUTBOX).await?.into_iter()).await
    }

    async fn whole(&self, id: RecordId) -> Result<Whole, StoreError> {
        let id = id.to_string();
        let (row, outbox) = self
            .connection
            .run(async |database: Database| {
                let transaction = read(&database, &[RECORDS, OUTBOX])?;
                let records = transaction.object_store(RECORDS).map_err(store_error)?;
                let outbox = transaction.object_store(OUTBOX).map_err(store_error)?;
                // Both are asked for before the first answer is awaited.
                let record = records.get::<JsValue, _, _>(id.as_str()).primitive().map_err(store_error)?;
                let queued = outbox.get_all::<JsValue>().primitive().map_err(store_error)?;
                let record = record.await.map_err(store_error)?;
                let queued = queued.await.map_err(store_error)?.collect::<Result<Vec<_>, _>>().map_err(store_error)?;
                Ok((record, queued))
            })
            .await?;
        let rev = row.as_ref().map_or(Ok(0), |row| row::number(row, row::REV))?;
        let stored = row.as_ref().map(|row| self.stored(row));
        let own = outbox.into_iter().filter(|row| row::text(row, row::RECORD).is_ok_and(|record| record == id));
        let operations = self.queued(own).await?;
        let record = match stored {
            Some(stored) => stored.await?.map(|stored| stored.record),
            None => None,
        };
        Ok(Whole { rev, record, operations })
    }

    async fn kept(&self) -> Result<Vec<(Seq, Operation)>, StoreError> {
        let mut opening = Vec::new();
        for row in self.all(KEPT).await? {
            opening.push((row::number(&row, row::SEQ)?, self.operation(&row)));
        }
        let mut kept = Vec::with_capacity(opening.len());
        for (seq, operation) in opening {
            kept.push((seq, operation.await?));
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
