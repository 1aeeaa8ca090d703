//! The database file written anew. `secure_delete` blanks what is deleted where it stands, but SQLite moves rows between
//! pages as these fill: copies of what was erased may lie in the unused part of a page until it serves again.

use sqlx::{Row, SqliteConnection};

use super::{Store, StoreError};

/// Notes, with an erasure, that the file is to be written anew: `user_version` is of no other use here.
pub async fn note(transaction: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("PRAGMA user_version = 1").execute(transaction).await?;
    Ok(())
}

impl Store {
    /// Writes the whole file anew if something was erased since it was last done, so that no byte of it is left. Nobody
    /// else writes meanwhile. Answers whether nothing is left to do: somebody who reads for long keeps the write-ahead log.
    pub async fn rewritten(&self) -> Result<bool, StoreError> {
        let mut writer = self.write.acquire().await?;
        let noted: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *writer).await?;
        if noted == 0 {
            return Ok(true);
        }
        sqlx::query("VACUUM").execute(&mut *writer).await?;
        let folded = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *writer).await?;
        if folded.get::<i64, _>(0) != 0 {
            return Ok(false);
        }
        sqlx::query("PRAGMA user_version = 0").execute(&mut *writer).await?;
        Ok(true)
    }
}
