//! Giving the log back, within what the caller may see.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::id::RecordId;
use futures_util::TryStreamExt;
use sqlx::{Row, SqliteConnection};
use sync::protocol::{Check, Pulled};
use sync::{Record, Seq, Sequenced};

use super::{Caller, Store, StoreError, parsed, sequence, sight};

/// Operations in one page, at most; and records that come into sight or leave it.
const MAX_OPERATIONS: usize = 500;
/// Bytes of operations in one page, at most, and as many of records; one alone may be larger.
const MAX_BYTES: usize = 512 * 1024;

/// What a device asks of the log.
#[derive(Clone, Copy, Debug)]
pub struct Pull {
    pub epoch: u64,
    pub since: Seq,
    /// Whether to say what the device must hold then.
    pub check: bool,
    /// The device speaks the version before this one: it knows the log and nothing else.
    pub log_only: bool,
}

/// A part of the answer, and where it was cut.
struct Page<T> {
    content: T,
    /// The last sequence of the part, when there is more behind it.
    cut: Option<Seq>,
}

impl Store {
    /// What happened after `since` on the records the caller sees. Of another epoch than the server's there is nothing to
    /// tell but the epoch: the device begins again by records. One that knows only the log reads it from the start.
    pub async fn pull(&self, caller: &Caller, asked: Pull, now: Timestamp) -> Result<Pulled, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let head = sequence::head(&mut snapshot, caller.territory).await?;
        let mut pulled = Pulled {
            epoch: head.epoch,
            operations: Vec::new(),
            since: 0,
            more: false,
            entered: Vec::new(),
            left: Vec::new(),
            check: None,
            backed_up_seq: head.backed_up_seq,
            server_time: now,
        };
        let since = match (asked.epoch == head.epoch, asked.log_only) {
            (true, _) => asked.since.min(head.seq),
            (false, true) => 0,
            (false, false) => return Ok(pulled),
        };
        let log = operations(&mut snapshot, caller, since, asked.log_only).await?;
        pulled.operations = log.content;
        // At the end, past the operations of others too: the next pull does not read them again.
        pulled.since = log.cut.unwrap_or(head.seq);
        pulled.more = log.cut.is_some();
        if !asked.log_only {
            let moves = moves(&mut snapshot, caller, since, pulled.since).await?;
            (pulled.entered, pulled.left) = moves.content;
            if let Some(cut) = moves.cut {
                pulled.operations.retain(|sequenced| sequenced.seq <= cut);
                (pulled.since, pulled.more) = (cut, true);
            }
            if asked.check && !pulled.more {
                pulled.check = Some(check(&mut snapshot, caller).await?);
            }
        }
        Ok(pulled)
    }
}

/// The operations after `since` on the records the caller sees, without those a record that came into sight holds already.
async fn operations(
    snapshot: &mut SqliteConnection,
    caller: &Caller,
    since: Seq,
    log_only: bool,
) -> Result<Page<Vec<Sequenced>>, StoreError> {
    // The log alone does not tell the whole of a record that came into sight: it comes once the device is updated.
    let seen_at_most = if log_only { 0 } else { i64::MAX };
    // One more than a page, to know whether there is more.
    let mut rows = sqlx::query(
        "SELECT operation.seq, operation.author, operation.received_at, operation.body, operation.conflicts, sight.part
         FROM operation CROSS JOIN sight ON sight.territory = operation.territory AND sight.record = operation.record
         WHERE operation.territory = ? AND operation.seq > ? AND operation.quarantine IS NULL AND sight.account = ?
         AND operation.seq > sight.since AND sight.since <= ? ORDER BY operation.seq LIMIT ?",
    )
    .bind(caller.territory.to_string())
    .bind(since.cast_signed())
    .bind(caller.account.to_string())
    .bind(seen_at_most)
    .bind(i64::try_from(MAX_OPERATIONS + 1).unwrap_or(i64::MAX))
    .fetch(snapshot);
    let mut page: Page<Vec<Sequenced>> = Page { content: Vec::new(), cut: None };
    let mut bytes = 0;
    while let Some(row) = rows.try_next().await? {
        let (body, conflicts): (&str, Option<&str>) = (row.get("body"), row.get("conflicts"));
        bytes += body.len() + conflicts.map_or(0, str::len);
        if let Some(last) = page.content.last()
            && (page.content.len() == MAX_OPERATIONS || bytes > MAX_BYTES)
        {
            page.cut = Some(last.seq);
            break;
        }
        let mut sequenced = Sequenced::new(
            row.get::<i64, _>("seq").cast_unsigned(),
            parsed(row.get("author"))?,
            Timestamp(row.get("received_at")),
            serde_json::from_str(body).map_err(|_| StoreError::Corrupt("operation"))?,
        );
        if let Some(conflicts) = conflicts {
            sequenced.conflicts = serde_json::from_str(conflicts).map_err(|_| StoreError::Corrupt("conflicts"))?;
        }
        page.content.push(sight::told(sequenced, row.get("part")));
    }
    Ok(page)
}

/// The records that came into the caller's sight in these bounds, as they are now, and those that left it. One that did
/// both is where it is now. One erased since comes, empty, and leaves: her devices purge what they still hold of it.
async fn moves(
    snapshot: &mut SqliteConnection,
    caller: &Caller,
    since: Seq,
    to: Seq,
) -> Result<Page<(Vec<Record>, Vec<RecordId>)>, StoreError> {
    let mut rows = sqlx::query(
        "SELECT scope.seq, record.state, sight.account, sight.part FROM scope
         JOIN record ON record.territory = scope.territory AND record.record = scope.record
         LEFT JOIN sight ON sight.territory = scope.territory AND sight.account = scope.account
         AND sight.record = scope.record
         WHERE scope.territory = ? AND scope.account = ? AND scope.seq > ? AND scope.seq <= ? ORDER BY scope.seq",
    )
    .bind(caller.territory.to_string())
    .bind(caller.account.to_string())
    .bind(since.cast_signed())
    .bind(to.cast_signed())
    .fetch(snapshot);
    let mut page = Page { content: (Vec::new(), Vec::new()), cut: None };
    let mut moved = BTreeSet::new();
    let (mut bytes, mut last) = (0, None);
    while let Some(row) = rows.try_next().await? {
        let state: &str = row.get("state");
        bytes += state.len();
        if moved.len() == MAX_OPERATIONS || (bytes > MAX_BYTES && last.is_some()) {
            page.cut = last;
            break;
        }
        last = Some(row.get::<i64, _>("seq").cast_unsigned());
        let record: Record = serde_json::from_str(state).map_err(|_| StoreError::Corrupt("record"))?;
        let id = record.id;
        if moved.insert(id) {
            let seen = row.get::<Option<&str>, _>("account").is_some();
            if seen || record.is_erased() {
                page.content.0.push(sight::shown(record, row.get("part")));
            }
            if !seen {
                page.content.1.push(id);
            }
        }
    }
    Ok(page)
}

/// What a device of the caller holds once it has read everything.
async fn check(snapshot: &mut SqliteConnection, caller: &Caller) -> Result<Check, StoreError> {
    let mut rows = sqlx::query(
        "SELECT record.record, record.seq FROM sight
         CROSS JOIN record INDEXED BY record_seq ON record.territory = sight.territory AND record.record = sight.record
         WHERE sight.territory = ? AND sight.account = ?",
    )
    .bind(caller.territory.to_string())
    .bind(caller.account.to_string())
    .fetch(snapshot);
    let mut check = Check::default();
    while let Some(row) = rows.try_next().await? {
        check.add(parsed(row.get("record"))?, row.get::<i64, _>("seq").cast_unsigned());
    }
    Ok(check)
}
