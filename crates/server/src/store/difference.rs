//! What was declared of a card and an official file says otherwise: the coordination settles it.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::annuaire::entry::{fact, field_origin};
use domain::annuaire::fact::{Origin, Source};
use domain::annuaire::import::{Difference, Differences, Settlement, ToSettle, Write, WriteKind, who};
use domain::id::{AccountId, RecordId, TerritoryId};
use domain::record::{Fields, Value};
use sqlx::{Row, SqliteConnection};
use sync::Record;
use uuid::Uuid;

use super::entry::{Pen, values};
use super::import::{json, read};
use super::{Store, StoreError, annuaire, parsed, record};

/// The facts to settle, by card.
pub type Open = BTreeMap<RecordId, Vec<String>>;

impl Store {
    /// What is to be settled, by card.
    pub async fn differences(&self, territory: TerritoryId) -> Result<Differences, StoreError> {
        let rows = sqlx::query(
            "SELECT difference.fact, difference.theirs, difference.source, record.state FROM difference
             JOIN record ON record.territory = difference.territory AND record.record = difference.record
             WHERE difference.territory = ? AND difference.kept_at IS NULL ORDER BY difference.record, difference.fact",
        )
        .bind(territory.to_string())
        .fetch_all(&self.read)
        .await?;
        let mut differences = Vec::with_capacity(rows.len());
        for row in &rows {
            let record: Record = read(row.get("state"))?;
            let source = row.get::<&str, _>("source").parse().map_err(|_| StoreError::Corrupt("source"))?;
            differences.extend(to_settle(&record, row.get("fact"), read(row.get("theirs"))?, source));
        }
        Ok(Differences { differences })
    }

    /// What was kept against a value of a file.
    pub async fn kept(&self, territory: TerritoryId) -> Result<BTreeMap<(RecordId, String), Value>, StoreError> {
        sqlx::query("SELECT record, fact, theirs FROM difference WHERE territory = ? AND kept_at IS NOT NULL")
            .bind(territory.to_string())
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(|row| Ok(((parsed(row.get("record"))?, row.get("fact")), read(row.get("theirs"))?)))
            .collect()
    }

    /// Keeps what is declared, or writes what the file says. False: this difference is there no more, and nothing is done.
    pub async fn settle_difference(
        &self,
        territory: TerritoryId,
        one: &Settlement,
        by: AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let source: Option<String> = sqlx::query_scalar(
            "SELECT source FROM difference
             WHERE territory = ? AND record = ? AND fact = ? AND theirs = ? AND kept_at IS NULL",
        )
        .bind(territory.to_string())
        .bind(one.card.to_string())
        .bind(&one.fact)
        .bind(json(&one.theirs)?)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(source) = source else { return Ok(false) };
        let source: Source = source.parse().map_err(|_| StoreError::Corrupt("source"))?;
        let Some(owned) = record::find(&mut transaction, territory, one.card).await? else { return Ok(false) };
        // Decided of what she saw: somebody may have declared something else since.
        let found = to_settle(&owned.record, one.fact.clone(), one.theirs.clone(), source);
        if found.is_none_or(|found| found.ours != one.ours) {
            return Ok(false);
        }
        // What is planned of the cards, and what a preview showed, holds no more.
        annuaire::revise(&mut transaction, territory, now).await?;
        if one.take {
            let day = source.day().ok_or(StoreError::Corrupt("source"))?;
            let field = fact(one.theirs.clone(), Origin { source, confirmed_on: day });
            let fields = Fields::from([(one.fact.clone(), field)]);
            let write = Write { card: one.card, what: WriteKind::Set, fields };
            let author = annuaire::author(&mut transaction, territory, now).await?;
            let mut pen = Pen::take(&mut transaction, &author, now).await?;
            pen.write(&mut transaction, &author, &write, Some(owned)).await?;
            pen.lay(&mut transaction, &author).await?;
            close(&mut transaction, territory, one.card, &one.fact).await?;
        } else {
            sqlx::query(
                "UPDATE difference SET kept_at = ?, account = ? WHERE territory = ? AND record = ? AND fact = ?",
            )
            .bind(now.0)
            .bind(by.to_string())
            .bind(territory.to_string())
            .bind(one.card.to_string())
            .bind(&one.fact)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// `None`: the card is gone, or what is declared of it no longer differs.
fn to_settle(record: &Record, fact: String, theirs: Value, source: Source) -> Option<ToSettle> {
    let field = record.fields.get(&fact).filter(|_| !record.is_deleted())?;
    let origin = field_origin(&field.value).filter(|origin| !origin.source.is_official())?;
    let ours = field.value.get("v").filter(|ours| !ours.is_null() && **ours != theirs)?.clone();
    let (card, who) = (record.id, who(&values(record)));
    Some(ToSettle { card, who, fact, ours, origin, theirs, source: source.to_string() })
}

/// What earlier files left to be settled.
pub async fn open(connection: &mut SqliteConnection, territory: TerritoryId) -> Result<Open, StoreError> {
    let rows = sqlx::query("SELECT record, fact FROM difference WHERE territory = ? AND kept_at IS NULL")
        .bind(territory.to_string())
        .fetch_all(connection)
        .await?;
    let mut open = Open::new();
    for row in &rows {
        open.entry(parsed(row.get("record"))?).or_default().push(row.get("fact"));
    }
    Ok(open)
}

/// Proposes a difference. One that is proposed already stays that of the import that found it.
pub async fn note(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    one: &Difference,
    source: Source,
    import: Uuid,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO difference (territory, record, fact, theirs, source, import) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (territory, record, fact) DO UPDATE SET theirs = excluded.theirs, source = excluded.source,
         import = excluded.import, kept_at = NULL, account = NULL WHERE difference.theirs <> excluded.theirs",
    )
    .bind(territory.to_string())
    .bind(one.card.to_string())
    .bind(&one.fact)
    .bind(json(&one.theirs)?)
    .bind(source.to_string())
    .bind(import.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// One that is no longer to be settled.
pub async fn close(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    card: RecordId,
    fact: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM difference WHERE territory = ? AND record = ? AND fact = ?")
        .bind(territory.to_string())
        .bind(card.to_string())
        .bind(fact)
        .execute(connection)
        .await?;
    Ok(())
}

/// A file that was taken back proposes nothing any more; what was kept against it stays kept.
pub async fn withdraw(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    import: Uuid,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM difference WHERE territory = ? AND import = ? AND kept_at IS NULL")
        .bind(territory.to_string())
        .bind(import.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
