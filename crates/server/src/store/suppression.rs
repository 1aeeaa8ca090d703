//! Who objected to being in the directory.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::Timestamp;
use domain::annuaire::entry::ENTRY;
use domain::annuaire::import::{Suppressed, identifiers};
use domain::id::{RecordId, TerritoryId};
use domain::record::Fields;
use sqlx::SqliteConnection;
use sync::protocol::Fate;

use super::batch::Batch;
use super::erased::{self, Erased, sync_folder};
use super::push::PushError;
use super::record::Owned;
use super::{Store, StoreError, annuaire, entry, objections, record, sequence, sight};

/// What an objection did.
#[derive(Debug)]
pub struct Objected {
    /// How many cards were erased.
    pub cards: usize,
    /// What keeps her out of every import to come. Empty: nothing identifies her, and an import may bring her back.
    pub identifiers: BTreeSet<String>,
}

impl Store {
    /// Who is left out of every import.
    pub async fn suppressed(&self, territory: TerritoryId) -> Result<BTreeSet<Suppressed>, StoreError> {
        let identifiers: Vec<String> = sqlx::query_scalar("SELECT identifier FROM suppression WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_all(&self.read)
            .await?;
        Ok(identifiers.into_iter().map(Suppressed).collect())
    }

    /// Honours an objection at once: erases for good the card named and those that bear an identifier of hers, deleted
    /// ones and what imports kept of them included, and keeps her identifiers out of every import to come. `None`: no card
    /// is the one named, and nothing was done.
    pub async fn object(
        &self,
        territory: TerritoryId,
        card: Option<RecordId>,
        given: &[String],
        now: Timestamp,
        today: NaiveDate,
    ) -> Result<Option<Objected>, PushError> {
        let mut transaction = self.begin().await?;
        let mut objected: BTreeSet<String> = given.iter().cloned().collect();
        if let Some(card) = card {
            let Some(owned) = record::find(&mut transaction, territory, card).await?.filter(is_card) else {
                return Ok(None);
            };
            objected.extend(own(&entry::values(&owned.record)));
        }
        let mut cards = entry::bearers(&mut transaction, territory, &objected).await?;
        cards.extend(card);
        annuaire::revise(&mut transaction, territory, now).await?;
        let author = annuaire::author(&mut transaction, territory, now).await?;
        for card in &cards {
            if let Some(owned) = record::find(&mut transaction, territory, *card).await? {
                objected.extend(own(&entry::values(&owned.record)));
            }
            forget(&mut transaction, territory, *card).await?;
            // No device holds the cards through the log, hence nobody sees them: the directory does what it erases.
            sight::begin_alone(&mut transaction, territory, *card, author.account).await?;
        }
        for identifier in &objected {
            suppress(&mut transaction, territory, identifier, now).await?;
        }
        let head = sequence::head(&mut transaction, territory).await?;
        let mut device_seq = entry::last_of(&mut transaction, &author).await?;
        let mut batch = Batch::after(head.seq, &mut transaction, &author, today).await?;
        for (position, card) in cards.iter().enumerate() {
            device_seq += 1;
            let fate = batch.receive(position, entry::erasure(*card, &author, device_seq, now), now).await?;
            if !matches!(fate, Fate::Applied { .. }) {
                return Err(StoreError::Corrupt("a card is not the directory's").into());
            }
        }
        let received = batch.flush().await?;
        entry::set_last(&mut transaction, &author, device_seq).await?;
        sequence::draw(&mut transaction, territory, head.seq, received.seq).await?;
        // Listed beside the database before the commit: a backup made before today must not bring anybody back.
        let data = self.data.clone();
        let listed = objected.clone();
        let list = move || {
            objections::append(&data, territory, &listed)?;
            sync_folder(&data)
        };
        tokio::task::spawn_blocking(list).await.expect("appending does not panic").map_err(StoreError::from)?;
        self.list_erased(received.erased).await?;
        transaction.commit().await?;
        Ok(Some(Objected { cards: cards.len(), identifiers: objected }))
    }
}

/// The identifiers of a card that are hers alone: two structures may share a SIRET, and one may object without the other.
pub fn own(fields: &Fields) -> impl Iterator<Item = String> {
    identifiers(fields).into_iter().filter(|one| !one.starts_with("siret:"))
}

/// Erases the cards that bear an identifier of somebody who objected, in a database that was restored. Answers how many.
pub async fn replay(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    objected: &BTreeSet<String>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let cards = entry::bearers(transaction, territory, objected).await?;
    if cards.is_empty() {
        return Ok(0);
    }
    let author = annuaire::author(transaction, territory, now).await?;
    let erasure = |card| Erased::by(&entry::erasure(card, &author, 0, now), author.account, now);
    let erasures: Vec<Erased> = cards.into_iter().map(erasure).collect();
    erased::replay(transaction, territory, &erasures).await
}

fn is_card(owned: &Owned) -> bool {
    owned.record.kind == ENTRY && !owned.record.is_erased()
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
    sqlx::query("DELETE FROM difference WHERE territory = ? AND record = ?")
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
