//! Codes that were taken: each serves once.

use domain::Timestamp;
use domain::id::{AccountId, TerritoryId};
use sqlx::SqliteConnection;

use super::{Store, StoreError};

impl Store {
    /// Takes the code of a step; false when one of that step or of a later one was taken, a moment ago perhaps.
    pub async fn take_step(&self, territory: TerritoryId, account: AccountId, step: i64) -> Result<bool, StoreError> {
        let statement =
            sqlx::query("UPDATE account SET totp_step = ? WHERE territory = ? AND account = ? AND totp_step < ?")
                .bind(step)
                .bind(territory.to_string())
                .bind(account.to_string())
                .bind(step);
        self.changed(statement).await
    }

    /// Takes a code on paper; false when there is none of that hash, or none any more.
    pub async fn take_recovery_code(
        &self,
        territory: TerritoryId,
        account: AccountId,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let statement = sqlx::query(
            "UPDATE recovery_code SET used_at = ?
             WHERE territory = ? AND account = ? AND code_hash = ? AND used_at IS NULL",
        )
        .bind(now.0)
        .bind(territory.to_string())
        .bind(account.to_string())
        .bind(hash);
        self.changed(statement).await
    }
}

/// Sets a second factor up, in the place of the former one and of its codes on paper.
pub async fn set(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    (secret, step): (&str, i64),
    recovery_hashes: &[String],
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET totp_secret = ?, totp_step = ? WHERE territory = ? AND account = ?")
        .bind(secret)
        .bind(step)
        .bind(territory.to_string())
        .bind(account.to_string())
        .execute(&mut *transaction)
        .await?;
    sqlx::query("DELETE FROM recovery_code WHERE territory = ? AND account = ?")
        .bind(territory.to_string())
        .bind(account.to_string())
        .execute(&mut *transaction)
        .await?;
    for hash in recovery_hashes {
        sqlx::query("INSERT INTO recovery_code (territory, account, code_hash) VALUES (?, ?, ?)")
            .bind(territory.to_string())
            .bind(account.to_string())
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}
