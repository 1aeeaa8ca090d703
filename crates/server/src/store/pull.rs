//! Giving the log back, within what the caller may see.

use domain::Timestamp;
use futures_util::TryStreamExt;
use sqlx::Row;
use sync::protocol::Pulled;
use sync::{Seq, Sequenced};

use super::{Caller, Store, StoreError, parsed};

/// Operations in one page, at most.
const MAX_OPERATIONS: usize = 500;
/// Bytes of operations in one page, at most; one alone may be larger.
const MAX_BYTES: usize = 512 * 1024;

impl Store {
    /// The operations after `since` on the records the caller owns. Another `epoch` than the server's reads from the start.
    pub async fn pull(&self, caller: &Caller, epoch: u64, since: Seq, now: Timestamp) -> Result<Pulled, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let row = sqlx::query("SELECT seq, epoch, backed_up_seq FROM territory WHERE territory = ?")
            .bind(caller.territory.to_string())
            .fetch_one(&mut *snapshot)
            .await?;
        let top = row.get::<i64, _>("seq").cast_unsigned();
        let current = row.get::<i64, _>("epoch").cast_unsigned();
        let since = if epoch == current { since.min(top) } else { 0 };
        // One more than a page, to know whether there is more.
        let mut rows = sqlx::query(
            "SELECT operation.seq, operation.author, operation.received_at, operation.body FROM operation
             JOIN record ON record.territory = operation.territory AND record.record = operation.record
             WHERE operation.territory = ? AND operation.seq > ? AND operation.quarantine IS NULL AND record.owner = ?
             ORDER BY operation.seq LIMIT ?",
        )
        .bind(caller.territory.to_string())
        .bind(since.cast_signed())
        .bind(caller.account.to_string())
        .bind(i64::try_from(MAX_OPERATIONS + 1).unwrap_or(i64::MAX))
        .fetch(&mut *snapshot);

        let mut operations = Vec::new();
        let mut bytes = 0;
        let mut more = false;
        while let Some(row) = rows.try_next().await? {
            let body: &str = row.get("body");
            bytes += body.len();
            if operations.len() == MAX_OPERATIONS || (bytes > MAX_BYTES && !operations.is_empty()) {
                more = true;
                break;
            }
            operations.push(Sequenced::new(
                row.get::<i64, _>("seq").cast_unsigned(),
                parsed(row.get("author"))?,
                Timestamp(row.get("received_at")),
                serde_json::from_str(body).map_err(|_| StoreError::Corrupt("operation"))?,
            ));
        }
        drop(rows);
        let reached = operations.last().map_or(since, |last| last.seq);
        Ok(Pulled {
            epoch: current,
            // At the end, past the operations of others too: the next pull does not read them again.
            since: if more { reached } else { top },
            more,
            operations,
            entered: Vec::new(),
            left: Vec::new(),
            check: None,
            backed_up_seq: row.get::<i64, _>("backed_up_seq").cast_unsigned(),
            server_time: now,
        })
    }
}
