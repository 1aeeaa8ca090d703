//! The first pull: the records the caller may see, by id, whole.

use domain::Timestamp;
use domain::id::RecordId;
use futures_util::TryStreamExt;
use sqlx::{Row, SqliteConnection};
use sync::protocol::Frame;
use sync::{Record, Seq};

use super::{Caller, Store, StoreError, sequence, sight};

/// Records in one frame, at most.
const MAX_RECORDS: usize = 200;
/// Bytes of records in one frame, at most; one alone may be larger.
const MAX_BYTES: usize = 256 * 1024;

/// How far a first pull has come.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    pub epoch: u64,
    /// The sequence noted before the first frame.
    pub at: Seq,
    /// The last id read.
    pub after: RecordId,
}

impl Store {
    /// The frame that follows what was reached, or the first one. Each is read by itself: a device that reads slowly, or
    /// is taken up again the next day, holds no connection; what was written since `at` reaches it by the log.
    pub async fn frame(&self, caller: &Caller, reached: Option<Reached>, now: Timestamp) -> Result<Frame, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let head = sequence::head(&mut snapshot, caller.territory).await?;
        // What was read before a restore of the server says nothing of what it holds now.
        let reached = reached.filter(|reached| reached.epoch == head.epoch);
        let from = reached.map(|reached| reached.after);
        let total: i64 = sqlx::query_scalar("SELECT count(*) FROM sight WHERE territory = ? AND account = ?")
            .bind(caller.territory.to_string())
            .bind(caller.account.to_string())
            .fetch_one(&mut *snapshot)
            .await?;
        // One more than a frame, to know whether it is the last. Identifiers sort as texts as they do as numbers.
        let mut rows = sqlx::query(
            "SELECT record.state, sight.part FROM sight
             CROSS JOIN record ON record.territory = sight.territory AND record.record = sight.record
             WHERE sight.territory = ? AND sight.account = ? AND sight.record > ? ORDER BY sight.record LIMIT ?",
        )
        .bind(caller.territory.to_string())
        .bind(caller.account.to_string())
        .bind(from.map(|from| from.to_string()).unwrap_or_default())
        .bind(i64::try_from(MAX_RECORDS + 1).unwrap_or(i64::MAX))
        .fetch(&mut *snapshot);
        let mut records: Vec<Record> = Vec::new();
        let mut bytes = 0;
        let mut to = None;
        while let Some(row) = rows.try_next().await? {
            let state: &str = row.get("state");
            bytes += state.len();
            if records.len() == MAX_RECORDS || (bytes > MAX_BYTES && !records.is_empty()) {
                to = records.last().map(|record| record.id);
                break;
            }
            let record = serde_json::from_str(state).map_err(|_| StoreError::Corrupt("record"))?;
            records.push(sight::shown(record, row.get("part")));
        }
        drop(rows);
        let erased = if to.is_none() { erased_of_others(&mut snapshot, caller).await? } else { Vec::new() };
        Ok(Frame {
            epoch: head.epoch,
            at: reached.map_or(head.seq, |reached| reached.at),
            from,
            to,
            total: total.cast_unsigned(),
            records,
            erased,
            backed_up_seq: head.backed_up_seq,
            server_time: now,
        })
    }
}

/// What the caller once saw, sees no more, and is erased.
async fn erased_of_others(snapshot: &mut SqliteConnection, caller: &Caller) -> Result<Vec<Record>, StoreError> {
    sqlx::query_scalar::<_, String>(
        "SELECT DISTINCT record.state FROM scope
         JOIN record ON record.territory = scope.territory AND record.record = scope.record
         WHERE scope.territory = ? AND scope.account = ?
         AND NOT EXISTS (SELECT 1 FROM sight WHERE sight.territory = scope.territory
         AND sight.account = scope.account AND sight.record = scope.record)
         AND json_extract(record.state, '$.deletion.state') = 'erased'",
    )
    .bind(caller.territory.to_string())
    .bind(caller.account.to_string())
    .fetch_all(snapshot)
    .await?
    .iter()
    .map(|state| serde_json::from_str(state).map_err(|_| StoreError::Corrupt("record")))
    .collect()
}
