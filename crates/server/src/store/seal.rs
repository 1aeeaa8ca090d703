//! The secret of a territory, to which devices seal what is carried by hand.

use domain::Timestamp;
use domain::id::TerritoryId;
use sqlx::SqlitePool;
use sync::Seq;

use super::{Store, StoreError, sequence};
use crate::seal::Secret;

impl Store {
    /// The secret of this territory, drawn the first time.
    pub async fn seal_secret(&self, territory: TerritoryId, now: Timestamp) -> Result<Secret, StoreError> {
        if let Some(secret) = stored(&self.read, territory).await? {
            return Ok(secret);
        }
        let drawn =
            sqlx::query("INSERT INTO seal (territory, secret, made_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(territory.to_string())
                .bind(Secret::draw().to_hex())
                .bind(now.0)
                .execute(&self.write)
                .await
                .map_err(StoreError::from);
        self.noted(drawn)?;
        // Read again: of two processes at once, both must say the same key.
        stored(&self.write, territory).await?.ok_or(StoreError::Corrupt("seal"))
    }

    /// The last sequence given.
    pub async fn sequence(&self, territory: TerritoryId) -> Result<Seq, StoreError> {
        let mut connection = self.read.acquire().await?;
        Ok(sequence::head(&mut connection, territory).await?.seq)
    }
}

async fn stored(pool: &SqlitePool, territory: TerritoryId) -> Result<Option<Secret>, StoreError> {
    let secret: Option<String> = sqlx::query_scalar("SELECT secret FROM seal WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_optional(pool)
        .await?;
    secret.map(|text| Secret::from_hex(&text).ok_or(StoreError::Corrupt("seal"))).transpose()
}
