//! What the server remembers. The only place that names SQL; one file per noun.
//!
//! SQLite today: one writer, many readers. Every acknowledged change has been flushed to the disk
//! (`journal_mode=WAL`, `synchronous=FULL`).

mod account;
mod annuaire;
mod arrived;
mod audit;
pub mod backup;
mod batch;
mod commune;
mod compare;
mod device;
mod difference;
mod dossier;
mod entry;
pub mod erased;
mod erasure;
mod figures;
mod frame;
mod hand_over;
mod history;
mod import;
mod link;
mod lock;
pub mod objections;
mod operation;
mod pull;
mod push;
mod quarantine;
mod record;
mod report;
mod retention;
mod retention_clock;
mod retention_people;
mod rewrite;
mod scope;
mod seal;
mod second_factor;
mod sequence;
mod set_aside;
mod sight;
mod signature;
mod stand;
mod suppression;
mod territory;
mod trace;
mod verdict;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction, query::Query};

pub use account::{Account, Disabling, InUse, NewAccount, normal_login};
pub use annuaire::Edition;
pub use audit::Noted;
pub use device::{Device, Enrolled, GivenBack, Known};
pub use dossier::{Held, Kept};
pub use entry::Cards;
pub use figures::Counted;
pub use frame::Reached;
pub use hand_over::HandOverError;
pub use import::{Applied, NewImport, Taken};
pub use link::{Invite, Invited, NewLink, OpenLink, Ready};
pub use lock::Lock;
pub use pull::Pull;
pub use push::{Caller, PushError};
pub use retention::{Confirmed, Forecast, Leaving, Purged, Term};
pub use retention_clock::Wake;
pub use stand::{Inviting, Pass, Venue};
pub use suppression::{Objected, own};
pub use territory::Territory;

/// Name of the database in the data folder.
pub const FILE: &str = "cardabelle.sqlite";

/// Handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: writers wait for each other here, not in SQLite's busy loop.
    write: SqlitePool,
    read: SqlitePool,
    /// Whether the last write found the disk full or read-only.
    stuck: Arc<AtomicBool>,
    /// The data folder, where what was erased is listed.
    data: Arc<Path>,
    /// No restoration replaces the database while this handle lives.
    _lock: Arc<Lock>,
}

/// Why the database did not answer. Never holds data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full or read-only: nothing was written.
    #[error("the disk is full or read-only (SQLite code {0})")]
    Full(String),
    #[error("the database failed: {0}")]
    Sql(#[source] sqlx::Error),
    #[error("what is stored cannot be read: {0}")]
    Corrupt(&'static str),
    #[error("the database cannot be prepared: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("a file beside the database failed: {0}")]
    File(#[source] std::io::Error),
    #[error("a restoration is under way in this folder")]
    Restoring,
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            kind @ (ErrorKind::StorageFull | ErrorKind::ReadOnlyFilesystem) => Self::Full(kind.to_string()),
            _ => Self::File(error),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|error| error.code()) {
            Some(code) if is_disk_trouble(&code) => Self::Full(code.into_owned()),
            _ => Self::Sql(error),
        }
    }
}

/// `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_FULL`, whatever their extended code.
fn is_disk_trouble(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 8 | 10 | 13))
}

impl Store {
    /// Opens the database of a data folder, created and migrated if needed.
    pub async fn open(data: &Path) -> Result<Self, StoreError> {
        let lock = Lock::shared(data)?.ok_or(StoreError::Restoring)?;
        let options = SqliteConnectOptions::new()
            .filename(data.join(FILE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL flushes the log at each commit. NORMAL would lose acknowledged saves in a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What an erasure blanks is overwritten where it stands; `rewrite` sees to the copies.
            .pragma("secure_delete", "on")
            .busy_timeout(Duration::from_secs(10));
        // An import is one transaction of some hundred megabytes: with the usual two of cache, each page is written again
        // and again. In KiB, below zero.
        let writer = options.clone().pragma("cache_size", "-65536");
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(writer).await?;
        sqlx::migrate!("./migrations").run(&write).await?;
        // A body may weigh half a megabyte: few are read ahead of what is asked.
        let readers = options.pragma("query_only", "on").row_buffer_size(8);
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(readers).await?;
        Ok(Self { write, read, stuck: Arc::default(), data: data.into(), _lock: Arc::new(lock) })
    }

    /// Ends the connections, so that the write-ahead log is folded into the database.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Begins a transaction that holds the only writer from its first statement.
    async fn begin(&self) -> Result<Transaction<'_, Sqlite>, StoreError> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Begins a transaction that reads one snapshot.
    async fn snapshot(&self) -> Result<Transaction<'_, Sqlite>, StoreError> {
        Ok(self.read.begin().await?)
    }

    /// Runs a statement that changes one row at most; whether it did.
    async fn changed(&self, statement: Query<'_, Sqlite, SqliteArguments>) -> Result<bool, StoreError> {
        let done = statement.execute(&self.write).await.map_err(StoreError::from);
        Ok(self.noted(done)?.rows_affected() == 1)
    }

    /// Remembers whether the disk takes writes.
    fn noted<T, E: AsStoreError>(&self, result: Result<T, E>) -> Result<T, E> {
        match &result {
            Ok(_) => self.stuck.store(false, Ordering::Relaxed),
            Err(error) => {
                if let Some(StoreError::Full(_)) = error.as_store_error() {
                    self.stuck.store(true, Ordering::Relaxed);
                }
            }
        }
        result
    }
}

/// An identifier as the database keeps it.
fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt("identifier"))
}

/// An error that may come from the store.
trait AsStoreError {
    fn as_store_error(&self) -> Option<&StoreError>;
}

impl AsStoreError for StoreError {
    fn as_store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

#[cfg(test)]
mod plans;
#[cfg(test)]
mod tenancy;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn connections_are_durable_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        for pool in [&store.write, &store.read] {
            let mut live = pool.acquire().await.unwrap();
            let pragma = async |sql: &'static str, live: &mut sqlx::SqliteConnection| {
                sqlx::query_scalar::<_, i64>(sql).fetch_one(live).await.unwrap()
            };
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *live).await.unwrap();
            assert_eq!(mode, "wal");
            assert_eq!(pragma("PRAGMA synchronous", &mut live).await, 2, "FULL");
            assert_eq!(pragma("PRAGMA foreign_keys", &mut live).await, 1);
            assert!(pragma("PRAGMA busy_timeout", &mut live).await >= 5000);
        }
        let refused = sqlx::query("DELETE FROM territory").execute(&store.read).await;
        assert!(refused.is_err(), "readers cannot write");
    }
}
