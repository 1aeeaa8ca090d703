//! The counter row of a territory: the lock under which sequences are drawn.

use domain::id::TerritoryId;
use sqlx::{Row, SqliteConnection};
use sync::Seq;

use super::StoreError;

/// Where the log stands.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Last sequence given.
    pub seq: Seq,
    pub epoch: u64,
    pub backed_up_seq: Seq,
}

/// Reads where the log stands, inside a transaction.
pub async fn head(transaction: &mut SqliteConnection, territory: TerritoryId) -> Result<Head, StoreError> {
    let row = sqlx::query("SELECT seq, epoch, backed_up_seq FROM territory WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_one(transaction)
        .await?;
    let number = |name: &str| row.get::<i64, _>(name).cast_unsigned();
    Ok(Head { seq: number("seq"), epoch: number("epoch"), backed_up_seq: number("backed_up_seq") })
}

/// Draws the sequences a transaction gave. Its last statement, under the row that all writers share: sequences commit
/// in order, so the cursor of a device skips none.
pub async fn draw(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    before: Seq,
    after: Seq,
) -> Result<(), StoreError> {
    let drawn = sqlx::query("UPDATE territory SET seq = ? WHERE territory = ? AND seq = ?")
        .bind(after.cast_signed())
        .bind(territory.to_string())
        .bind(before.cast_signed())
        .execute(transaction)
        .await?;
    if drawn.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Corrupt("sequence drawn twice")) }
}
