//! Where the log leads: the state of each record.

use std::collections::BTreeSet;

use domain::id::{AccountId, RecordId, TerritoryId};
use domain::people::{CONSENT, SHARE};
use domain::record::{MERGED_INTO, PARENT};
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

/// The record this one was merged into, unless two people say otherwise.
pub fn merged(record: &Record) -> Option<RecordId> {
    let into = record.fields.get(MERGED_INTO).filter(|_| record.open(MERGED_INTO).is_none())?;
    into.value.as_str()?.parse().ok()
}

/// The records that name this one as what they were merged into, whether two people agree on it or not.
pub async fn naming(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<BTreeSet<RecordId>, StoreError> {
    sqlx::query_scalar::<_, String>(
        "SELECT record FROM record INDEXED BY record_merged WHERE territory = ?
         AND json_extract(state, '$.fields.merged_into.value') = ?
         AND json_extract(state, '$.fields.merged_into.value') IS NOT NULL",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|record| parsed(record))
    .collect()
}

/// All the records that were made of the same person, this one among them.
pub async fn same(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut same = BTreeSet::from([id]);
    let mut near = vec![id];
    while let Some(next) = near.pop() {
        let Some(owned) = find(transaction, territory, next).await? else { continue };
        let mut others: Vec<RecordId> = merged(&owned.record).into_iter().collect();
        for other in naming(transaction, territory, next).await? {
            let joined = find(transaction, territory, other).await?.and_then(|owned| merged(&owned.record));
            others.extend(joined.filter(|into| *into == next).map(|_| other));
        }
        near.extend(others.into_iter().filter(|other| same.insert(*other)));
    }
    Ok(same)
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

/// The record this one hangs on, as it was last written.
pub async fn parent_of(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<Option<RecordId>, StoreError> {
    let parent: Option<Option<String>> =
        sqlx::query_scalar("SELECT parent FROM record WHERE territory = ? AND record = ?")
            .bind(territory.to_string())
            .bind(id.to_string())
            .fetch_optional(transaction)
            .await?;
    parent.flatten().map(|parent| parsed(&parent)).transpose()
}

/// The records that hang on this one, with the kind of each and whose it is.
pub async fn hanging(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    parent: RecordId,
) -> Result<Vec<(RecordId, String, AccountId)>, StoreError> {
    sqlx::query("SELECT record, kind, owner FROM record WHERE territory = ? AND parent = ? ORDER BY record")
        .bind(territory.to_string())
        .bind(parent.to_string())
        .fetch_all(transaction)
        .await?
        .iter()
        .map(|row| Ok((parsed(row.get("record"))?, row.get("kind"), parsed(row.get("owner"))?)))
        .collect()
}

/// The records of a kind.
pub async fn of_kind(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    kind: &str,
) -> Result<Vec<RecordId>, StoreError> {
    sqlx::query_scalar::<_, String>("SELECT record FROM record WHERE territory = ? AND kind = ? ORDER BY record")
        .bind(territory.to_string())
        .bind(kind)
        .fetch_all(transaction)
        .await?
        .iter()
        .map(|record| parsed(record))
        .collect()
}

/// The shares and the consents that hang on a record and are not deleted.
pub async fn deciding(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    parent: RecordId,
) -> Result<Vec<Record>, StoreError> {
    let states: Vec<String> = sqlx::query_scalar(
        "SELECT state FROM record WHERE territory = ? AND parent = ? AND kind IN (?, ?) ORDER BY record",
    )
    .bind(territory.to_string())
    .bind(parent.to_string())
    .bind(SHARE.id)
    .bind(CONSENT.id)
    .fetch_all(transaction)
    .await?;
    read(&states)
}

/// The consents of a territory that are not deleted.
pub async fn consents(transaction: &mut SqliteConnection, territory: TerritoryId) -> Result<Vec<Record>, StoreError> {
    let states: Vec<String> = sqlx::query_scalar("SELECT state FROM record WHERE territory = ? AND kind = ?")
        .bind(territory.to_string())
        .bind(CONSENT.id)
        .fetch_all(transaction)
        .await?;
    read(&states)
}

fn read(states: &[String]) -> Result<Vec<Record>, StoreError> {
    let records = states.iter().map(|state| serde_json::from_str(state).map_err(|_| StoreError::Corrupt("record")));
    Ok(records.collect::<Result<Vec<Record>, _>>()?.into_iter().filter(|record| !record.is_deleted()).collect())
}

/// Who begins a record; `None` when it is erased, or not there.
pub async fn author(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<Option<AccountId>, StoreError> {
    let author: Option<Option<String>> = sqlx::query_scalar(
        "SELECT json_extract(state, '$.origin.author') FROM record WHERE territory = ? AND record = ?",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .fetch_optional(transaction)
    .await?;
    author.flatten().map(|author| parsed(&author)).transpose()
}

/// Whose a person is once her owner holds her no more ([`domain::people::access::Whose`]).
pub async fn entrusted_by(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<Option<AccountId>, StoreError> {
    let by: Option<Option<String>> =
        sqlx::query_scalar("SELECT entrusted_by FROM record WHERE territory = ? AND record = ?")
            .bind(territory.to_string())
            .bind(id.to_string())
            .fetch_optional(transaction)
            .await?;
    by.flatten().map(|by| parsed(&by)).transpose()
}

/// Says who entrusted a person to her owner; `None`: she is the owner's for good.
pub async fn entrust(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
    by: Option<AccountId>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE record SET entrusted_by = ? WHERE territory = ? AND record = ?")
        .bind(by.map(|by| by.to_string()))
        .bind(territory.to_string())
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Somebody leaves: whom she had been entrusted with is entrusted no more, whoever receives them holds them for good; whom she
/// entrusted come back to that one.
pub async fn leave_entrusted(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    from: AccountId,
    to: AccountId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE record SET entrusted_by = NULL WHERE territory = ? AND owner = ?")
        .bind(territory.to_string())
        .bind(from.to_string())
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE record SET entrusted_by = ? WHERE entrusted_by = ? AND territory = ?")
        .bind(to.to_string())
        .bind(from.to_string())
        .bind(territory.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Says whose a record is.
pub async fn give(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
    owner: AccountId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE record SET owner = ? WHERE territory = ? AND record = ?")
        .bind(owner.to_string())
        .bind(territory.to_string())
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
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
