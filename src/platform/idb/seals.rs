//! A store that only writes, for a stand. What is under the fingers lies under a key of this page's memory; what has a
//! number is sealed to the server as well, in the same transaction. Once the form is over, only the seals stay: nobody
//! here can read them again.

use std::rc::Rc;

use domain::id::{DeviceId, OpId};
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use sync::protocol::Sealed;
use sync::protocol::access::{MAX_STAND_BYTES, SealedOperation};
use sync::{DeviceSeq, Operation, StoreError};
use wasm_bindgen::JsValue;

use super::commit;
use super::database::{self, Connection, read, store_error, write};
use super::row::{self, whole};
use super::store::{COUNTERS, IdbStore, KEPT, LAST_DEVICE_SEQ, OUTBOX, RECORDS, SEALED, UNREADABLE, crypto_error};
use crate::platform::crypto::{Key, SealedTo, seal_to};
use crate::platform::js::object;
use crate::platform::random::to_hex;

pub(super) const SEALS: &str = "seals";
const STORES: &[&str] = &[RECORDS, OUTBOX, KEPT, SEALED, COUNTERS, UNREADABLE, SEALS];

/// Bytes of an ephemeral public key and of an IV, in front of the content.
const KEY: usize = 65;
const IV: usize = 12;

/// One operation for the server alone. Its number is drawn later, and lies beside.
pub(super) async fn seal(public: &[u8], operation: &Operation) -> Result<Vec<u8>, StoreError> {
    let clear = serde_json::to_vec(&Operation { device_seq: 0, ..operation.clone() })
        .map_err(|_| row::corrupt("content that cannot be written"))?;
    let SealedTo { key, iv, content } = seal_to(public, Sealed::INFO, &clear).await.map_err(crypto_error)?;
    Ok([key, iv, content].concat())
}

/// The key of a row is its number: the rows come back in order, and one written again takes the place of the former.
pub(super) fn put(seals: &ObjectStore<'_>, op: OpId, number: DeviceSeq, seal: &[u8]) -> Result<(), StoreError> {
    let value =
        object(&[(row::OP, op.to_string().into()), (row::DEVICE_SEQ, whole(number)), (row::SEALED, row::bytes(seal))]);
    seals.put(JsValue::from(value)).with_key(whole(number)).primitive().map(drop).map_err(store_error)
}

/// One seal as it leaves, with the operation it holds. An error: it is spoilt, or longer than the server takes, and can
/// never leave.
fn on_the_wire(found: &JsValue) -> Result<(String, SealedOperation), StoreError> {
    let bytes = row::sealed(found).filter(|bytes| bytes.len() > KEY + IV).ok_or_else(|| row::corrupt(row::SEALED))?;
    let sealed = Sealed {
        format: Sealed::FORMAT.to_owned(),
        key: to_hex(&bytes[..KEY]),
        iv: to_hex(&bytes[KEY..KEY + IV]),
        content: to_hex(&bytes[KEY + IV..]),
    };
    if IdbStore::AROUND + IdbStore::AROUND_ONE + sealed.content.len() > MAX_STAND_BYTES {
        return Err(row::corrupt(row::SEALED));
    }
    Ok((row::text(found, row::OP)?, SealedOperation { device_seq: row::number(found, row::DEVICE_SEQ)?, sealed }))
}

impl IdbStore {
    /// Bytes of a push beside its seals, at most.
    pub const AROUND: usize = 8 * 1024;
    /// Bytes of a seal beside its content, at most.
    pub const AROUND_ONE: usize = 400;

    /// The store of a stand, whose operations are sealed to this public key of the server as well.
    #[must_use]
    pub fn write_only(device: DeviceId, key: Key, public: &[u8]) -> Self {
        Self::write_only_named(Self::name(device), key, public)
    }

    pub(super) fn write_only_named(name: String, key: Key, public: &[u8]) -> Self {
        Self { connection: Connection::new(name, STORES), key, sealed_to: Some(Rc::from(public)) }
    }

    /// Marks that this stand begins here, so that a browser that erases it is found out.
    pub async fn begin(&self) -> Result<(), StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = write(&database, &[COUNTERS])?;
                let counters = transaction.object_store(COUNTERS).map_err(store_error)?;
                commit::put(&counters, LAST_DEVICE_SEQ, object(&[(row::DEVICE_SEQ, whole(0))]).into())?;
                database::commit(transaction).await
            })
            .await
    }

    /// Whether the browser kept what this stand began with.
    pub async fn is_there(&self) -> Result<bool, StoreError> {
        Ok(self.one(COUNTERS, LAST_DEVICE_SEQ).await?.is_some())
    }

    /// Whether a form was under the fingers when the page went away: a key could open it.
    pub async fn holds_readable(&self) -> Result<bool, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[OUTBOX])?;
                let outbox = transaction.object_store(OUTBOX).map_err(store_error)?;
                Ok(outbox.count().primitive().map_err(store_error)?.await.map_err(store_error)? > 0)
            })
            .await
    }

    /// Takes away all that a key could open; the seals and the counter stay.
    pub async fn forget_readable(&self) -> Result<(), StoreError> {
        self.connection
            .run(async |database: Database| {
                let readable = [RECORDS, OUTBOX, KEPT, SEALED, UNREADABLE];
                let transaction = write(&database, &readable)?;
                for name in readable {
                    let store = transaction.object_store(name).map_err(store_error)?;
                    store.clear().map(drop).map_err(store_error)?;
                }
                database::commit(transaction).await
            })
            .await
    }

    /// The first seals that may leave, in order, at most so many. Those of the form under the fingers stay until it is
    /// over: their answers may still change.
    pub async fn seals(&self, most: usize) -> Result<Vec<SealedOperation>, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[SEALS, OUTBOX])?;
                let seals = transaction.object_store(SEALS).map_err(store_error)?;
                let outbox = transaction.object_store(OUTBOX).map_err(store_error)?;
                let rows = seals.get_all::<JsValue>().primitive().map_err(store_error)?;
                let held = outbox.get_all_keys::<String>().primitive().map_err(store_error)?;
                let rows = rows.await.map_err(store_error)?;
                let held: Vec<String> =
                    held.await.map_err(store_error)?.collect::<Result<_, _>>().map_err(store_error)?;
                let mut leaving = Vec::new();
                for found in rows {
                    // One that can never leave stays here alone: it does not hold back those behind it.
                    let Ok((op, seal)) = on_the_wire(&found.map_err(store_error)?) else { continue };
                    if leaving.len() == most || held.contains(&op) {
                        break;
                    }
                    leaving.push(seal);
                }
                Ok(leaving)
            })
            .await
    }

    /// How many seals can never leave.
    pub async fn seals_stuck(&self) -> Result<usize, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[SEALS])?;
                let seals = transaction.object_store(SEALS).map_err(store_error)?;
                let rows = seals.get_all::<JsValue>().primitive().map_err(store_error)?.await.map_err(store_error)?;
                let rows: Vec<JsValue> = rows.collect::<Result<_, _>>().map_err(store_error)?;
                Ok(rows.iter().filter(|found| on_the_wire(found).is_err()).count())
            })
            .await
    }

    /// How many seals wait here, those of the form under the fingers included.
    pub async fn seals_waiting(&self) -> Result<usize, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[SEALS])?;
                let seals = transaction.object_store(SEALS).map_err(store_error)?;
                let count = seals.count().primitive().map_err(store_error)?.await.map_err(store_error)?;
                Ok(usize::try_from(count).unwrap_or(usize::MAX))
            })
            .await
    }

    /// The server holds these: they need not stay.
    pub async fn seals_received(&self, received: &[DeviceSeq]) -> Result<(), StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = write(&database, &[SEALS])?;
                let seals = transaction.object_store(SEALS).map_err(store_error)?;
                for number in received {
                    commit::delete(&seals, whole(*number))?;
                }
                database::commit(transaction).await
            })
            .await
    }
}
