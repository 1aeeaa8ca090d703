//! The CPTS this server works for.

use std::sync::atomic::Ordering;

use domain::id::TerritoryId;
use sqlx::{Row, SqliteConnection};
use sync::protocol::MAX_BYTES;
use uuid::Uuid;

use super::{NewAccount, Store, StoreError};

/// One CPTS.
#[derive(Clone, Debug, PartialEq)]
pub struct Territory {
    pub id: TerritoryId,
    /// « CPTS de la vallée de l’Ariège »
    pub name: String,
    pub demo: bool,
}

impl Store {
    /// The territory of this database, `None` before `init`.
    pub async fn territory(&self) -> Result<Option<Territory>, StoreError> {
        let row = sqlx::query("SELECT territory, name, demo FROM territory ORDER BY territory LIMIT 1")
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| {
            Ok(Territory { id: super::parsed(row.get("territory"))?, name: row.get("name"), demo: row.get("demo") })
        })
        .transpose()
    }

    /// Writes the territory of a new database and its first accounts, all or nothing.
    pub async fn create_territory(
        &self,
        name: &str,
        demo: bool,
        accounts: &[NewAccount],
    ) -> Result<Territory, StoreError> {
        let territory = Territory { id: TerritoryId(Uuid::new_v4()), name: name.to_owned(), demo };
        let mut transaction = self.begin().await?;
        sqlx::query("INSERT INTO territory (territory, name, demo) VALUES (?, ?, ?)")
            .bind(territory.id.to_string())
            .bind(name)
            .bind(demo)
            .execute(&mut *transaction)
            .await?;
        for account in accounts {
            // Of two with the same login, the first one stays.
            let _ = super::account::insert(&mut transaction, territory.id, account).await?;
        }
        transaction.commit().await?;
        Ok(territory)
    }

    /// Days a device exchanges after a full sign-in.
    pub async fn exchange_days(&self, territory: TerritoryId) -> Result<u16, StoreError> {
        let mut connection = self.read.acquire().await?;
        exchange_days(&mut connection, territory).await
    }

    /// Changes them for the sign-ins to come, from 1 to 365.
    pub async fn set_exchange_days(&self, territory: TerritoryId, days: u16) -> Result<(), StoreError> {
        sqlx::query("UPDATE territory SET exchange_days = ? WHERE territory = ?")
            .bind(days)
            .bind(territory.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Whether the database answers and, if the last write failed, whether it writes again.
    pub async fn healthy(&self, territory: TerritoryId) -> Result<(), StoreError> {
        sqlx::query("SELECT seq FROM territory WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_one(&self.read)
            .await?;
        // A write at each call would let anybody wear the disk out: only a disk in doubt is tried.
        if self.stuck.load(Ordering::Relaxed) {
            let room = self.try_room(territory).await;
            self.noted(room)?;
        }
        Ok(())
    }

    /// Whether the disk has room for a whole push.
    async fn try_room(&self, territory: TerritoryId) -> Result<(), StoreError> {
        sqlx::query("INSERT OR REPLACE INTO probe (territory, filler) VALUES (?, zeroblob(?))")
            .bind(territory.to_string())
            .bind(i64::try_from(MAX_BYTES).unwrap_or(i64::MAX))
            .execute(&self.write)
            .await?;
        sqlx::query("DELETE FROM probe WHERE territory = ?").bind(territory.to_string()).execute(&self.write).await?;
        Ok(())
    }
}

/// Days a device exchanges after a full sign-in, inside a transaction.
pub async fn exchange_days(connection: &mut SqliteConnection, territory: TerritoryId) -> Result<u16, StoreError> {
    Ok(sqlx::query_scalar("SELECT exchange_days FROM territory WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_one(connection)
        .await?)
}
