//! What was ever offered of one record.

use domain::id::RecordId;
use domain::record::Fields;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;
use sync::protocol::{History, HistoryEntry};
use sync::{Conflict, Operation};

use super::quarantine::quarantine;
use super::signature::signature;
use super::{Caller, Store, StoreError, sight};

impl Store {
    /// All of it for whoever sees the whole record; for anybody else, what she wrote herself and is set aside. `None`: nothing
    /// she may see.
    pub async fn history(&self, caller: &Caller, record: RecordId) -> Result<Option<History>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let whole = sight::is_whole(&mut snapshot, caller.territory, caller.account, record).await?;
        let rows = sqlx::query(
            "SELECT operation.seq, operation.body, operation.conflicts, operation.quarantine, operation.author,
             operation.received_at, json_extract(operation.body, '$.device_time') AS written_at,
             account.name AS author_name, account.profession, device.name AS device_name
             FROM operation INDEXED BY operation_of_record
             JOIN account ON account.territory = operation.territory AND account.account = operation.author
             JOIN device ON device.territory = operation.territory AND device.device = operation.device
             WHERE operation.territory = ? AND operation.record = ? ORDER BY operation.seq",
        )
        .bind(caller.territory.to_string())
        .bind(record.to_string())
        .fetch_all(&mut *snapshot)
        .await?;
        let mut entries = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        if !whole {
            entries.retain(|entry| entry.by.author == caller.account && entry.set_aside.is_some());
        }
        // What others offered before the record began, and could not be applied, is theirs alone.
        let begun = entries.iter().find(|entry| entry.set_aside.is_none()).map_or(0, |entry| entry.seq);
        entries.retain(|entry| entry.set_aside.is_none() || entry.by.author == caller.account || entry.seq > begun);
        Ok((!entries.is_empty()).then_some(History { entries }))
    }
}

fn entry(row: &SqliteRow) -> Result<HistoryEntry, StoreError> {
    let operation: Operation = serde_json::from_str(row.get("body")).map_err(|_| StoreError::Corrupt("operation"))?;
    let conflicts: BTreeMap<String, Conflict> = match row.get::<Option<&str>, _>("conflicts") {
        Some(text) => serde_json::from_str(text).map_err(|_| StoreError::Corrupt("conflicts"))?,
        None => BTreeMap::new(),
    };
    let settles = conflicts.into_iter().filter(|(_, item)| !item.is_open()).map(|(name, _)| name).collect();
    Ok(HistoryEntry {
        seq: row.get::<i64, _>("seq").cast_unsigned(),
        op_id: operation.op_id,
        kind: operation.kind,
        by: signature(row)?,
        fields: operation.fields.into_iter().map(|(name, edit)| (name, edit.value)).collect::<Fields>(),
        settles,
        reason: operation.reason,
        set_aside: row.get::<Option<&str>, _>("quarantine").map(quarantine).transpose()?,
    })
}
