//! Whole copies of the database, made while a server writes to it, and what becomes of one that is put back.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use domain::Timestamp;
use domain::id::TerritoryId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use sync::Seq;

use super::erased::{self, Erased};
use super::sequence::{self, Head};
use super::{FILE, Store, StoreError, parsed, suppression};

/// What a database file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    pub territory: TerritoryId,
    /// « CPTS de la vallée de l’Ariège »
    pub name: String,
    pub epoch: u64,
    /// The last sequence given.
    pub seq: Seq,
    pub backed_up_seq: Seq,
    pub operations: u64,
}

/// Writes a copy of the database of a folder to a new file: one instant of it, whatever is written meanwhile. The
/// database is neither migrated nor changed: an older server may be using it.
pub async fn copy(data: &Path, to: &Path) -> Result<(), StoreError> {
    // SQLite makes the file as its umask says; this text is the path it is given.
    let to = to.to_str().ok_or(StoreError::Corrupt("path"))?;
    let mut live = connect(&data.join(FILE), false).await?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut live).await?;
    Ok(live.close().await?)
}

/// Reads a database file through, checks each page of it, and says what it holds.
pub async fn examine(file: &Path) -> Result<Contents, StoreError> {
    let mut connection = connect(file, true).await?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
    if verdict != "ok" {
        return Err(StoreError::Corrupt("the database fails its integrity check"));
    }
    // SQLite reads zeros beyond the end of a file that lost its last bytes, and its check does not read what values hold.
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut connection).await?;
    let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut connection).await?;
    let length = std::fs::metadata(file).map_err(|_| StoreError::Corrupt("the file cannot be read"))?.len();
    if (pages * size).cast_unsigned() != length {
        return Err(StoreError::Corrupt("the file is not as long as its pages"));
    }
    let contents = contents(&mut connection).await?;
    connection.close().await?;
    Ok(contents)
}

/// What the database of a folder holds, with its write-ahead log folded in.
pub async fn settled(data: &Path) -> Result<Contents, StoreError> {
    let mut connection = connect(&data.join(FILE), false).await?;
    let contents = contents(&mut connection).await?;
    // The last connection to leave folds the log in.
    connection.close().await?;
    Ok(contents)
}

/// Notes in the database of a folder that a backup holds everything up to there: devices may let go of what they kept.
pub async fn hold(data: &Path, backup: &Contents) -> Result<(), StoreError> {
    let mut live = connect(&data.join(FILE), false).await?;
    // Not after a restoration: the sequences of another epoch are not those of this backup.
    sqlx::query("UPDATE territory SET backed_up_seq = max(backed_up_seq, ?) WHERE territory = ? AND epoch = ?")
        .bind(backup.seq.cast_signed())
        .bind(backup.territory.to_string())
        .bind(backup.epoch.cast_signed())
        .execute(&mut live)
        .await?;
    Ok(live.close().await?)
}

async fn connect(file: &Path, read_only: bool) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(read_only)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(60));
    Ok(options.connect().await?)
}

async fn contents(connection: &mut SqliteConnection) -> Result<Contents, StoreError> {
    let row = sqlx::query("SELECT territory, name, demo FROM territory ORDER BY territory LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(StoreError::Corrupt("no territory"))?;
    let territory = parsed(row.get("territory"))?;
    let Head { seq, epoch, backed_up_seq } = sequence::head(connection, territory).await?;
    let operations: i64 = sqlx::query_scalar("SELECT count(*) FROM operation WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_one(&mut *connection)
        .await?;
    Ok(Contents { territory, name: row.get("name"), epoch, seq, backed_up_seq, operations: operations.cast_unsigned() })
}

impl Store {
    /// Makes of a copied database the one to serve: a new epoch, so that devices read everything again and send what is
    /// missing here, and no value of what was erased since. Who objected since is kept out of every import, and whatever
    /// card she has here is erased: its list may have been lost, or it may be another than the one that was erased. The
    /// notice of every confirmed duration begins again. Answers how many records that blanked.
    pub async fn restored(
        &self,
        territory: TerritoryId,
        epoch: u64,
        erased: &[Erased],
        objected: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE territory SET epoch = ?, backed_up_seq = seq WHERE territory = ?")
            .bind(epoch.cast_signed())
            .bind(territory.to_string())
            .execute(&mut *transaction)
            .await?;
        // Devices send again what is missing here: whoever was met since must not go before that.
        sqlx::query(
            "UPDATE retention SET confirmed_at = max(confirmed_at, ?) WHERE territory = ? AND confirmed_at IS NOT NULL",
        )
        .bind(now.0)
        .bind(territory.to_string())
        .execute(&mut *transaction)
        .await?;
        let mut blanked = erased::replay(&mut transaction, territory, erased).await?;
        for identifier in objected {
            suppression::suppress(&mut transaction, territory, identifier, now).await?;
        }
        blanked += suppression::replay(&mut transaction, territory, objected, now).await?;
        transaction.commit().await?;
        self.rewritten().await?;
        Ok(blanked)
    }
}
