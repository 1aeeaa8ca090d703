//! Rows that cannot be read any more: put apart, never erased, so that one of them does not keep the others shut.

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use js_sys::Array;
use sync::{Cursor, FirstPull, Store, StoreError};
use wasm_bindgen::JsValue;

use super::commit::{delete, put};
use super::database::{commit, read, store_error, write};
use super::row::{self, whole};
use super::store::{COUNTERS, CURSOR, IdbStore, KEPT, OUTBOX, RECORDS, UNREADABLE};
use crate::platform::js::object;

impl IdbStore {
    /// Looks at every row and puts those that cannot be read apart. A record that was is asked of the server again, by a
    /// first pull. Answers how many were moved.
    pub async fn put_apart(&self) -> Result<usize, StoreError> {
        let mut unreadable = Vec::new();
        for store in [RECORDS, OUTBOX, KEPT] {
            for (key, row) in self.rows(store).await? {
                let read = match store {
                    RECORDS => self.stored(&row).await.map(drop),
                    OUTBOX => self.operation(&row).await.and(row::read_phase(&row)).map(drop),
                    _ => self.operation(&row).await.map(drop),
                };
                match read {
                    Err(StoreError::Corrupt(_)) => unreadable.push((store, key, row)),
                    other => other?,
                }
            }
        }
        let cursor = self.cursor().await?;
        self.connection.run(async |database: Database| move_apart(&database, &unreadable, cursor).await).await
    }

    /// How many entries of this device lie apart: the server will never have them.
    pub async fn unreadable(&self) -> Result<usize, StoreError> {
        let apart = self.rows(UNREADABLE).await?;
        Ok(apart.iter().filter(|(key, _)| Array::from(key).get(0).as_string().as_deref() == Some(OUTBOX)).count())
    }

    async fn rows(&self, store: &str) -> Result<Vec<(JsValue, JsValue)>, StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = read(&database, &[store])?;
                let store = transaction.object_store(store).map_err(store_error)?;
                let keys = store.get_all_keys::<JsValue>().primitive().map_err(store_error)?;
                let rows = store.get_all::<JsValue>().primitive().map_err(store_error)?;
                let (keys, rows) = (keys.await.map_err(store_error)?, rows.await.map_err(store_error)?);
                keys.zip(rows).map(|(key, row)| Ok((key.map_err(store_error)?, row.map_err(store_error)?))).collect()
            })
            .await
    }
}

async fn move_apart(
    database: &Database,
    unreadable: &[(&str, JsValue, JsValue)],
    cursor: Cursor,
) -> Result<usize, StoreError> {
    let transaction = write(database, &[RECORDS, OUTBOX, KEPT, COUNTERS, UNREADABLE])?;
    let apart = transaction.object_store(UNREADABLE).map_err(store_error)?;
    let mut moved = 0;
    let mut again = false;
    for (name, key, found) in unreadable {
        let store = transaction.object_store(name).map_err(store_error)?;
        let now: Option<JsValue> =
            store.get(key.clone()).primitive().map_err(store_error)?.await.map_err(store_error)?;
        // Another tab may have written it again meanwhile.
        if now.as_ref().map(row::sealed) != Some(row::sealed(found)) {
            continue;
        }
        let place = Array::of2(&JsValue::from_str(name), key);
        apart.put(found.clone()).with_key(JsValue::from(place)).primitive().map_err(store_error)?;
        match (*name, row::number(found, row::REV)) {
            (RECORDS, Ok(rev)) => {
                // Its revision goes on growing, so that whoever read it sees it move.
                let emptied =
                    object(&[(row::RECORD, key.clone()), (row::REV, whole(rev + 1)), (row::SEALED, JsValue::NULL)]);
                put(&store, &key.as_string().unwrap_or_default(), emptied.into())?;
            }
            _ => delete(&store, key.clone())?,
        }
        again |= *name == RECORDS;
        moved += 1;
    }
    if again {
        let counters = transaction.object_store(COUNTERS).map_err(store_error)?;
        let cursor = Cursor { first: Some(FirstPull::default()), ..cursor };
        put(&counters, CURSOR, row::cursor(cursor))?;
    }
    commit(transaction).await?;
    Ok(moved)
}
