//! What waits in a notebook that is not open: the phases of its entries lie in clear, and are counted without its key.

use domain::id::DeviceId;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use sync::{Phase, StoreError};
use wasm_bindgen::JsValue;

use super::database::{Connection, read, store_error};
use super::row;
use super::store::{IdbStore, OUTBOX, STORES};
use crate::platform::js::get;

/// Entries of this device that have not reached the server.
pub async fn waiting(device: DeviceId) -> Result<usize, StoreError> {
    let rows: Vec<JsValue> = Connection::new(IdbStore::name(device), STORES)
        .run(async |database: Database| {
            let transaction = read(&database, &[OUTBOX])?;
            let store = transaction.object_store(OUTBOX).map_err(store_error)?;
            let rows = store.get_all::<JsValue>().primitive().map_err(store_error)?.await.map_err(store_error)?;
            rows.collect::<Result<_, _>>().map_err(store_error)
        })
        .await?;
    let waits =
        |row: &&JsValue| !matches!(row::read_phase(row), Ok(Phase::SetAside(_))) && !get(row, row::QUIET).is_truthy();
    Ok(rows.iter().filter(waits).count())
}
