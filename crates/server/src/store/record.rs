//! Where the log leads: the state of each record.

use std::collections::BTreeSet;

use domain::id::{AccountId, RecordId, TerritoryId};
use domain::record::PARENT;
use sqlx::{Row, SqliteConnection};
use sync::Record;

use super::{StoreError, parsed};

/// A record with whom it belongs to.
#[derive(Clone, Debug)]
pub struct Owned {
    pub owner: AccountId,
    pub record: Record,
}

/// One record, inside a transaction.
pub async fn find(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<Option<Owned>, StoreError> {
    let row = sqlx::query("SELECT owner, state FROM record WHERE territory = ? AND record = ?")
        .bind(territory.to_string())
        .bind(id.to_string())
        .fetch_optional(transaction)
        .await?;
    row.map(|row| {
        let record = serde_json::from_str(row.get("state")).map_err(|_| StoreError::Corrupt("record"))?;
        Ok(Owned { owner: parsed(row.get("owner"))?, record })
    })
    .transpose()
}

/// The record this one hangs on.
pub fn parent(record: &Record) -> Option<RecordId> {
    record.fields.get(PARENT)?.value.as_str()?.parse().ok()
}

/// The records that hang on this one.
pub async fn children(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    parent: RecordId,
) -> Result<BTreeSet<RecordId>, StoreError> {
    sqlx::query_scalar::<_, String>("SELECT record FROM record WHERE territory = ? AND parent = ?")
        .bind(territory.to_string())
        .bind(parent.to_string())
        .fetch_all(transaction)
        .await?
        .iter()
        .map(|record| parsed(record))
        .collect()
}

/// Writes the new state of a record.
pub async fn write(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    owned: &Owned,
) -> Result<(), StoreError> {
    let Owned { owner, record } = owned;
    let parent = parent(record).map(|parent| parent.to_string());
    let state = serde_json::to_string(record).map_err(|_| StoreError::Corrupt("record"))?;
    sqlx::query(
        "INSERT INTO record (territory, record, kind, owner, parent, seq, state) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (territory, record) DO UPDATE SET parent = excluded.parent, seq = excluded.seq, state = excluded.state",
    )
    .bind(territory.to_string())
    .bind(record.id.to_string())
    .bind(&record.kind)
    .bind(owner.to_string())
    .bind(parent)
    .bind(record.seq.cast_signed())
    .bind(state)
    .execute(transaction)
    .await?;
    Ok(())
}
