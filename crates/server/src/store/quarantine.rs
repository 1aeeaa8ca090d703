//! What is stored without being applied.

use domain::Timestamp;
use domain::id::{DeviceId, OpId, RecordId, TerritoryId};
use sqlx::{Row, SqliteConnection};
use sync::protocol::{Fate, Quarantine};
use sync::{Seq, Sequenced};

use super::operation::{body, clashes, conflicts};
use super::{StoreError, parsed};

/// Whether something this device wrote on this record is set aside, and may be applied one day.
pub async fn is_held_behind(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
    record: RecordId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM operation INDEXED BY operation_set_aside
         WHERE territory = ? AND record = ? AND device = ? AND quarantine IS NOT NULL
         AND quarantine NOT IN (SELECT value FROM json_each(?)))",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .bind(device.to_string())
    .bind(codes(&Quarantine::FINAL)?)
    .fetch_one(transaction)
    .await?)
}

/// Where operations of those who see a record, or of anybody when it is common, are set aside because it did not exist, by
/// record and device. Those of others would not be applied either.
pub async fn for_want_of(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
    common: bool,
) -> Result<Vec<(RecordId, DeviceId)>, StoreError> {
    sqlx::query(
        "SELECT DISTINCT operation.record, operation.device FROM operation INDEXED BY operation_set_aside
         LEFT JOIN sight ON sight.territory = operation.territory AND sight.account = operation.author
         AND sight.record = ? AND sight.part IS NULL
         WHERE operation.territory = ? AND operation.quarantine = ? AND COALESCE(sight.record, ?) IS NOT NULL
         AND instr(operation.body, ?) > 0 ORDER BY operation.record, operation.device",
    )
    .bind(record.to_string())
    .bind(territory.to_string())
    .bind(code(Quarantine::UnknownRecord)?)
    .bind(common.then_some(""))
    .bind(record.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| Ok((parsed(row.get("record"))?, parsed(row.get("device"))?)))
    .collect()
}

/// Where operations are set aside because their author did not see the whole of a record that came into her sight after
/// this sequence, by record and device.
pub async fn for_want_of_sight(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    after: Seq,
) -> Result<Vec<(RecordId, DeviceId)>, StoreError> {
    sqlx::query(
        "SELECT DISTINCT operation.record, operation.device FROM operation INDEXED BY operation_set_aside
         CROSS JOIN scope ON scope.territory = operation.territory AND scope.account = operation.author
         JOIN sight ON sight.territory = scope.territory AND sight.account = scope.account
         AND sight.record = scope.record
         WHERE operation.territory = ? AND operation.quarantine = ? AND scope.seq > ? AND sight.part IS NULL
         AND instr(operation.body, scope.record) > 0 ORDER BY operation.record, operation.device",
    )
    .bind(territory.to_string())
    .bind(code(Quarantine::NoRight)?)
    .bind(after.cast_signed())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| Ok((parsed(row.get("record"))?, parsed(row.get("device"))?)))
    .collect()
}

/// Creations that are set aside and would hang on this record.
pub async fn to_hang_on(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    parent: RecordId,
) -> Result<Vec<Sequenced>, StoreError> {
    sqlx::query(
        "SELECT seq, author, received_at, body FROM operation INDEXED BY operation_set_aside
         WHERE territory = ? AND quarantine IS NOT NULL AND json_extract(body, '$.kind') = 'create'
         AND json_extract(body, '$.fields.parent.value') = ? ORDER BY seq",
    )
    .bind(territory.to_string())
    .bind(parent.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| {
        let operation = serde_json::from_str(row.get("body")).map_err(|_| StoreError::Corrupt("operation"))?;
        let (seq, received_at) = (row.get::<i64, _>("seq").cast_unsigned(), Timestamp(row.get("received_at")));
        Ok(Sequenced::new(seq, parsed(row.get("author"))?, received_at, operation))
    })
    .collect()
}

/// What a device wrote on a record that is set aside, in the order it was written, and why. The sequence is the one of its
/// arrival.
pub async fn set_aside(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
    device: DeviceId,
) -> Result<Vec<(Sequenced, Quarantine)>, StoreError> {
    sqlx::query(
        "SELECT seq, author, received_at, body, quarantine FROM operation INDEXED BY operation_set_aside
         WHERE territory = ? AND record = ? AND device = ? AND quarantine IS NOT NULL ORDER BY device_seq, seq",
    )
    .bind(territory.to_string())
    .bind(record.to_string())
    .bind(device.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| {
        let sequenced = Sequenced::new(
            row.get::<i64, _>("seq").cast_unsigned(),
            parsed(row.get("author"))?,
            Timestamp(row.get("received_at")),
            serde_json::from_str(row.get("body")).map_err(|_| StoreError::Corrupt("operation"))?,
        );
        Ok((sequenced, quarantine(row.get("quarantine"))?))
    })
    .collect()
}

/// Applies what was set aside: the operation moves to the end of the log, where every device will read it.
pub async fn lift(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    sequenced: &Sequenced,
    fate: &Fate,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE operation SET seq = ?, body = ?, quarantine = NULL, clashes = ?, conflicts = ?
         WHERE territory = ? AND op_id = ?",
    )
    .bind(sequenced.seq.cast_signed())
    .bind(body(&sequenced.operation)?)
    .bind(clashes(fate)?)
    .bind(conflicts(sequenced)?)
    .bind(territory.to_string())
    .bind(sequenced.operation.op_id.to_string())
    .execute(transaction)
    .await?;
    Ok(())
}

/// Notes why an operation stays set aside.
pub async fn keep_aside(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    op_id: OpId,
    reason: Quarantine,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE operation SET quarantine = ? WHERE territory = ? AND op_id = ?")
        .bind(code(reason)?)
        .bind(territory.to_string())
        .bind(op_id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// A quarantine as the log keeps it.
pub fn quarantine(code: &str) -> Result<Quarantine, StoreError> {
    serde_json::from_value(code.into()).map_err(|_| StoreError::Corrupt("quarantine"))
}

/// How the log keeps several, as a JSON array to be bound.
pub fn codes(reasons: &[Quarantine]) -> Result<String, StoreError> {
    serde_json::to_string(reasons).map_err(|_| StoreError::Corrupt("quarantine"))
}

/// How the log keeps it.
pub fn code(reason: Quarantine) -> Result<String, StoreError> {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(code)) => Ok(code),
        _ => Err(StoreError::Corrupt("quarantine")),
    }
}
