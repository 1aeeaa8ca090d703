//! The communes of the territory.

use domain::Timestamp;
use domain::annuaire::directory::Commune;
use domain::id::TerritoryId;
use domain::{Day, day_of};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError, annuaire};
use crate::annuaire::communes::with_former;

impl Store {
    /// The communes of the territory, by code.
    pub async fn communes(&self, territory: TerritoryId) -> Result<Vec<Commune>, StoreError> {
        let rows = sqlx::query("SELECT * FROM commune WHERE territory = ? ORDER BY insee")
            .bind(territory.to_string())
            .fetch_all(&self.read)
            .await?;
        let mut communes = rows.iter().map(commune).collect::<Result<Vec<_>, StoreError>>()?;
        with_former(&mut communes);
        Ok(communes)
    }

    /// Adds communes, or changes those that are there; all or none.
    pub async fn put_communes(
        &self,
        territory: TerritoryId,
        communes: &[Commune],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        annuaire::revise(&mut transaction, territory, now).await?;
        for commune in communes {
            let codes = serde_json::to_string(&commune.postal_codes).map_err(|_| StoreError::Corrupt("commune"))?;
            sqlx::query(
                "INSERT INTO commune (territory, insee, name, postal_codes, joins_on, latitude, longitude)
                 VALUES (?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (territory, insee) DO UPDATE SET name = excluded.name, postal_codes = excluded.postal_codes,
                 joins_on = excluded.joins_on, latitude = excluded.latitude, longitude = excluded.longitude",
            )
            .bind(territory.to_string())
            .bind(&commune.insee)
            .bind(&commune.name)
            .bind(codes)
            .bind(commune.joins_on.map(|day| day.to_string()))
            .bind(commune.at.map(|(latitude, _)| latitude))
            .bind(commune.at.map(|(_, longitude)| longitude))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Removes a commune; false when it was not there. Cards stay in the log, and leave the published file.
    pub async fn remove_commune(
        &self,
        territory: TerritoryId,
        insee: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query("DELETE FROM commune WHERE territory = ? AND insee = ?")
            .bind(territory.to_string())
            .bind(insee)
            .execute(&mut *transaction)
            .await?;
        annuaire::revise(&mut transaction, territory, now).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}

fn commune(row: &SqliteRow) -> Result<Commune, StoreError> {
    let joins_on: Option<&str> = row.get("joins_on");
    let at: (Option<f64>, Option<f64>) = (row.get("latitude"), row.get("longitude"));
    Ok(Commune {
        insee: row.get("insee"),
        name: row.get("name"),
        postal_codes: serde_json::from_str(row.get("postal_codes")).map_err(|_| StoreError::Corrupt("commune"))?,
        joins_on: joins_on.map(|text| day_of(text).map(Day).ok_or(StoreError::Corrupt("commune"))).transpose()?,
        at: at.0.zip(at.1),
        // What the list of this build says of it.
        former: Vec::new(),
    })
}
