//! Small sealed values of one device beside its records: its token, its account, where she was.

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::StoreError;

use super::database::{commit, store_error, write};
use super::row;
use super::store::{IdbStore, SEALED, crypto_error, place};
use crate::platform::js::object;
use crate::platform::json;

impl IdbStore {
    /// The value kept under this name.
    pub async fn sealed<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let Some(clear) = self.sealed_file(name).await? else { return Ok(None) };
        json::read(&clear).map(Some).ok_or_else(|| row::corrupt("content of another version"))
    }

    /// Keeps a value under this name, durably.
    pub async fn keep_sealed<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let clear = json::write(value).ok_or_else(|| row::corrupt("content that cannot be written"))?;
        self.keep_sealed_file(name, clear.as_bytes()).await
    }

    /// The file kept under this name, as it came.
    pub async fn sealed_file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(found) = self.one(SEALED, name).await? else { return Ok(None) };
        let sealed = row::sealed(&found).ok_or_else(|| row::corrupt(row::SEALED))?;
        self.key.open(&place(SEALED, name), &sealed).await.map(Some).map_err(crypto_error)
    }

    /// Keeps a file under this name, durably: its bytes are sealed once, without being written as a value first.
    pub async fn keep_sealed_file(&self, name: &str, file: &[u8]) -> Result<(), StoreError> {
        let sealed = self.key.seal(&place(SEALED, name), file).await.map_err(crypto_error)?;
        self.put_sealed(name, &sealed).await
    }

    async fn put_sealed(&self, name: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.connection
            .run(async |database: Database| {
                let transaction = write(&database, &[SEALED])?;
                let store = transaction.object_store(SEALED).map_err(store_error)?;
                let value = object(&[(row::SEALED, row::bytes(sealed))]);
                store.put(wasm_bindgen::JsValue::from(value)).with_key(name).primitive().map_err(store_error)?;
                commit(transaction).await
            })
            .await
    }
}
