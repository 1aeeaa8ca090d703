//! The log itself.

use std::collections::BTreeSet;

use domain::id::{AccountId, DeviceId, OpId, RecordId, TerritoryId};
use sqlx::{Row, SqliteConnection};
use sync::protocol::Fate;
use sync::{Operation, Seq, Sequenced};

use super::quarantine::{code, quarantine};
use super::{StoreError, parsed, rewrite};

/// An operation the log already holds.
#[derive(Debug)]
pub struct Held {
    pub device: DeviceId,
    /// What its author is told when she sends it again.
    pub fate: Fate,
}

/// What the log holds under this identifier.
pub async fn held(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    op_id: OpId,
) -> Result<Option<Held>, StoreError> {
    let row = sqlx::query("SELECT seq, device, quarantine, clashes FROM operation WHERE territory = ? AND op_id = ?")
        .bind(territory.to_string())
        .bind(op_id.to_string())
        .fetch_optional(transaction)
        .await?;
    row.map(|row| {
        let seq = row.get::<i64, _>("seq").cast_unsigned();
        // A reply may be lost: what it said of a quarantine or a conflict is said again.
        let fate = match (row.get("quarantine"), row.get("clashes")) {
            (Some(reason), _) => Fate::Quarantined { seq, reason: quarantine(reason)? },
            (None, Some(fields)) => Fate::Conflict {
                seq,
                fields: serde_json::from_str(fields).map_err(|_| StoreError::Corrupt("clashes"))?,
            },
            (None, None) => Fate::Duplicate { seq },
        };
        Ok(Held { device: parsed(row.get("device"))?, fate })
    })
    .transpose()
}

/// Appends one operation with its fate and its conflicts.
pub async fn append(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    sequenced: &Sequenced,
    fate: &Fate,
) -> Result<(), StoreError> {
    let Sequenced { seq, author, received_at, operation, .. } = sequenced;
    let reason = match fate {
        Fate::Quarantined { reason, .. } => Some(code(*reason)?),
        _ => None,
    };
    sqlx::query(
        "INSERT INTO operation
         (territory, seq, op_id, device, device_seq, author, record, kind, body, received_at, quarantine, clashes,
         conflicts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(territory.to_string())
    .bind(seq.cast_signed())
    .bind(operation.op_id.to_string())
    .bind(operation.device_id.to_string())
    .bind(operation.device_seq.cast_signed())
    .bind(author.to_string())
    .bind(operation.record_id.to_string())
    .bind(&operation.record_kind)
    .bind(body(operation)?)
    .bind(received_at.0)
    .bind(reason)
    .bind(clashes(fate)?)
    .bind(conflicts(sequenced)?)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Who once asked for the creation of a record, and on which device, set aside or not.
pub async fn creators(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<BTreeSet<(AccountId, DeviceId)>, StoreError> {
    sqlx::query(
        "SELECT DISTINCT author, device FROM operation INDEXED BY operation_of_record
         WHERE territory = ? AND record = ? AND json_extract(body, '$.kind') = 'create'",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| Ok((parsed(row.get("author"))?, parsed(row.get("device"))?)))
    .collect()
}

/// The device with whose operation a record began.
pub async fn began_by(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<Option<DeviceId>, StoreError> {
    let device: Option<String> = sqlx::query_scalar(
        "SELECT device FROM operation INDEXED BY operation_of_record
         WHERE territory = ? AND record = ? AND quarantine IS NULL ORDER BY seq LIMIT 1",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .fetch_optional(transaction)
    .await?;
    device.map(|device| parsed(&device)).transpose()
}

/// Everybody who wrote on a record, applied or set aside.
pub async fn authors(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<BTreeSet<AccountId>, StoreError> {
    sqlx::query_scalar::<_, String>(
        "SELECT DISTINCT author FROM operation INDEXED BY operation_of_record WHERE territory = ? AND record = ?",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|author| parsed(author))
    .collect()
}

/// RGPD erasure: blanks the values of every operation of a record; identifiers and sequence stay.
pub async fn blank(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<(), StoreError> {
    rewrite::note(&mut *transaction).await?;
    let rows: Vec<(Seq, String)> = sqlx::query(
        "SELECT seq, body FROM operation INDEXED BY operation_of_record WHERE territory = ? AND record = ?",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .fetch_all(&mut *transaction)
    .await?
    .iter()
    .map(|row| (row.get::<i64, _>("seq").cast_unsigned(), row.get("body")))
    .collect();
    for (seq, text) in rows {
        let mut operation: Operation = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt("operation"))?;
        blank_values(&mut operation);
        sqlx::query("UPDATE operation SET body = ?, conflicts = NULL WHERE territory = ? AND seq = ?")
            .bind(body(&operation)?)
            .bind(territory.to_string())
            .bind(seq.cast_signed())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// What erasure leaves of an operation.
pub fn blank_values(operation: &mut Operation) {
    operation.fields.clear();
    operation.reason = None;
}

/// As the log keeps it.
pub fn body(operation: &Operation) -> Result<String, StoreError> {
    serde_json::to_string(operation).map_err(|_| StoreError::Corrupt("operation"))
}

/// The fields a push is told of, answered again when it is replayed.
pub fn clashes(fate: &Fate) -> Result<Option<String>, StoreError> {
    let Fate::Conflict { fields, .. } = fate else { return Ok(None) };
    serde_json::to_string(fields).map(Some).map_err(|_| StoreError::Corrupt("clashes"))
}

/// The conflicts that travel with an operation.
pub fn conflicts(sequenced: &Sequenced) -> Result<Option<String>, StoreError> {
    if sequenced.conflicts.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&sequenced.conflicts).map(Some).map_err(|_| StoreError::Corrupt("conflicts"))
}
