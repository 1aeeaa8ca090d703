//! What comes into the sight of an account, or leaves it.

use domain::id::{AccountId, RecordId, TerritoryId};
use sqlx::SqliteConnection;
use sync::Seq;

use super::{StoreError, parsed};

/// Notes that what an account sees of a record changes at this sequence.
pub async fn note(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    seq: Seq,
    record: RecordId,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO scope (territory, account, seq, record) VALUES (?, ?, ?, ?)")
        .bind(territory.to_string())
        .bind(account.to_string())
        .bind(seq.cast_signed())
        .bind(record.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// The accounts whose sight of a record once changed.
pub async fn accounts(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<Vec<AccountId>, StoreError> {
    sqlx::query_scalar::<_, String>("SELECT DISTINCT account FROM scope WHERE territory = ? AND record = ?")
        .bind(territory.to_string())
        .bind(record.to_string())
        .fetch_all(transaction)
        .await?
        .iter()
        .map(|account| parsed(account))
        .collect()
}
