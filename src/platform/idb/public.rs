//! The directory for everybody, in clear, in a database of its own: nothing of a notebook is ever written there.

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use js_sys::Uint8Array;
use sync::StoreError;
use wasm_bindgen::{JsCast, JsValue};

use super::database::{Connection, commit, read, store_error, write};
use super::row;
use crate::platform::js::{get, object};
use crate::platform::server::Published;

const NAME: &str = "cardabelle-public";
const FILES: &str = "files";
const ANNUAIRE: &str = "annuaire";
const MARK: &str = "mark";
const BYTES: &str = "bytes";

/// The one file of the public page.
#[derive(Clone, Debug)]
pub struct PublicFile(Connection);

impl Default for PublicFile {
    fn default() -> Self {
        Self(Connection::new(NAME.into(), &[FILES]))
    }
}

impl PublicFile {
    /// What was kept at the last visit.
    pub async fn kept(&self) -> Result<Option<Published>, StoreError> {
        let row: Option<JsValue> = self
            .0
            .run(async |database: Database| {
                let transaction = read(&database, &[FILES])?;
                let files = transaction.object_store(FILES).map_err(store_error)?;
                files.get(ANNUAIRE).primitive().map_err(store_error)?.await.map_err(store_error)
            })
            .await?;
        row.map(|row| {
            let bytes = get(&row, BYTES).dyn_into::<Uint8Array>().map_err(|_| row::corrupt(BYTES))?;
            Ok(Published { mark: row::text(&row, MARK)?, bytes: bytes.to_vec() })
        })
        .transpose()
    }

    /// Keeps a file in place of the former one.
    pub async fn keep(&self, file: &Published) -> Result<(), StoreError> {
        self.0
            .run(async |database: Database| {
                let transaction = write(&database, &[FILES])?;
                let files = transaction.object_store(FILES).map_err(store_error)?;
                let value = object(&[(MARK, file.mark.as_str().into()), (BYTES, row::bytes(&file.bytes))]);
                files.put(JsValue::from(value)).with_key(ANNUAIRE).primitive().map_err(store_error)?;
                commit(transaction).await
            })
            .await
    }
}
