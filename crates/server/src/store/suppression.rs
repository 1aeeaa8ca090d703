//! Who objected to being in the directory.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::Timestamp;
use domain::annuaire::import::{Suppressed, identifiers};
use domain::id::{RecordId, TerritoryId};
use sqlx::SqliteConnection;

use super::batch::Batch;
use super::erased::sync_folder;
use super::push::PushError;
use super::{Store, StoreError, annuaire, entry, objections, record, sequence};

impl Store {
    /// Who is left out of every import.
    pub async fn suppressed(&self, territory: TerritoryId) -> Result<BTreeSet<Suppressed>, StoreError> {
        let identifiers: Vec<String> = sqlx::query_scalar("SELECT identifier FROM suppression WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_all(&self.read)
            .await?;
        Ok(identifiers.into_iter().map(Suppressed).collect())
    }

    /// Honours an objection at once: erases the cards for good, what imports kept of them included, and keeps their
    /// identifiers, with those given, out of every import to come. Answers how many cards were erased.
    pub async fn object(
        &self,
        territory: TerritoryId,
        cards: &[RecordId],
        given: &[String],
        now: Timestamp,
        today: NaiveDate,
    ) -> Result<usize, PushError> {
        let mut transaction = self.begin().await?;
        annuaire::revise(&mut transaction, territory, now).await?;
        let author = annuaire::author(&mut transaction, territory, now).await?;
        let mut objected: BTreeSet<String> = given.iter().cloned().collect();
        for card in cards {
            if let Some(owned) = record::find(&mut transaction, territory, *card).await? {
                objected.extend(identifiers(&entry::values(&owned.record)));
            }
            forget(&mut transaction, territory, *card).await?;
        }
        for identifier in &objected {
            suppress(&mut transaction, territory, identifier, now).await?;
        }
        let head = sequence::head(&mut transaction, territory).await?;
        let mut device_seq = entry::last_of(&mut transaction, &author).await?;
        let mut batch = Batch::after(head.seq, &mut transaction, &author, today).await?;
        for (position, card) in cards.iter().enumerate() {
            device_seq += 1;
            batch.receive(position, entry::erasure(*card, &author, device_seq, now), now).await?;
        }
        let received = batch.flush().await?;
        entry::set_last(&mut transaction, &author, device_seq).await?;
        sequence::draw(&mut transaction, territory, head.seq, received.seq).await?;
        // Listed beside the database before the commit: a backup made before today must not bring anybody back.
        let data = self.data.clone();
        let list = move || {
            objections::append(&data, territory, &objected)?;
            sync_folder(&data)
        };
        tokio::task::spawn_blocking(list).await.expect("appending does not panic").map_err(StoreError::from)?;
        self.list_erased(received.erased).await?;
        transaction.commit().await?;
        Ok(cards.len())
    }
}

/// Keeps an identifier out of every import to come.
pub async fn suppress(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    identifier: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO suppression (territory, identifier, since) VALUES (?, ?, ?)
         ON CONFLICT (territory, identifier) DO NOTHING",
    )
    .bind(territory.to_string())
    .bind(identifier)
    .bind(now.0)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Removes what imports kept of a card.
pub async fn forget(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    card: RecordId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM import_card WHERE territory = ? AND record = ?")
        .bind(territory.to_string())
        .bind(card.to_string())
        .execute(&mut *transaction)
        .await?;
    sqlx::query("DELETE FROM seen WHERE territory = ? AND record = ?")
        .bind(territory.to_string())
        .bind(card.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}
