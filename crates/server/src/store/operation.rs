//! The log itself.

use domain::id::{DeviceId, OpId, RecordId, TerritoryId};
use sqlx::{Row, SqliteConnection};
use sync::protocol::{Fate, Quarantine};
use sync::{Operation, Seq, Sequenced};

use super::{StoreError, parsed};

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

/// Whether something this device wrote on this record is set aside.
pub async fn is_held_behind(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
    record: RecordId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM operation
         WHERE territory = ? AND record = ? AND device = ? AND quarantine IS NOT NULL)",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .bind(device.to_string())
    .fetch_one(transaction)
    .await?)
}

/// Appends one operation with its fate.
pub async fn append(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    sequenced: &Sequenced,
    fate: &Fate,
) -> Result<(), StoreError> {
    let Sequenced { seq, author, received_at, operation, .. } = sequenced;
    let reason = match fate {
        Fate::Quarantined { reason, .. } => Some(quarantine_code(*reason)?),
        _ => None,
    };
    let clashes = match fate {
        Fate::Conflict { fields, .. } => {
            Some(serde_json::to_string(fields).map_err(|_| StoreError::Corrupt("clashes"))?)
        }
        _ => None,
    };
    sqlx::query(
        "INSERT INTO operation
         (territory, seq, op_id, device, device_seq, author, record, kind, body, received_at, quarantine, clashes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    .bind(clashes)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Records that two values stand on a field: `op_id` joins the item of that record and field.
pub async fn open_conflict(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    sequenced: &Sequenced,
    field: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO conflict (territory, record, field, op_id, opened_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(territory.to_string())
    .bind(sequenced.operation.record_id.to_string())
    .bind(field)
    .bind(sequenced.operation.op_id.to_string())
    .bind(sequenced.received_at.0)
    .execute(transaction)
    .await?;
    Ok(())
}

/// RGPD erasure: blanks the values of every operation of a record; identifiers and sequence stay.
pub async fn blank(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<(), StoreError> {
    let rows: Vec<(Seq, String)> = sqlx::query("SELECT seq, body FROM operation WHERE territory = ? AND record = ?")
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
        sqlx::query("UPDATE operation SET body = ? WHERE territory = ? AND seq = ?")
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

fn body(operation: &Operation) -> Result<String, StoreError> {
    serde_json::to_string(operation).map_err(|_| StoreError::Corrupt("operation"))
}

fn quarantine_code(reason: Quarantine) -> Result<String, StoreError> {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(code)) => Ok(code),
        _ => Err(StoreError::Corrupt("quarantine")),
    }
}

fn quarantine(code: &str) -> Result<Quarantine, StoreError> {
    serde_json::from_value(code.into()).map_err(|_| StoreError::Corrupt("quarantine"))
}
