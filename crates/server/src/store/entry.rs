//! The cards of the directory, as the log leads to them, and what an import writes of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::annuaire::entry::ENTRY;
use domain::annuaire::fact::Source;
use domain::annuaire::import::{Known, Write, WriteKind};
use domain::id::{OpId, RecordId, TerritoryId};
use domain::record::{Fields, Value};
use futures_util::TryStreamExt;
use sqlx::{Row, SqliteConnection};
use sync::protocol::Fate;
use sync::{Edit, Operation, OperationKind, Record, Seq, Sequenced};
use uuid::Uuid;

use super::record::{self, Owned};
use super::{Caller, Edition, Store, StoreError, annuaire, operation, parsed, sequence, suppression};

/// The version of the form of a card; it has none that is filled question by question.
const FORM_VERSION: &str = "1";

/// The cards of a territory, at one instant.
#[derive(Debug)]
pub struct Cards {
    pub known: Vec<Known>,
    /// The last official file each card was in.
    pub seen: BTreeMap<RecordId, Source>,
    /// What is decided of these holds as long as it stays.
    pub edition: Edition,
}

/// What was written of one card.
pub struct Written {
    pub card: RecordId,
    pub op_id: OpId,
    pub created: bool,
    /// The fields that changed, as they were; null where there was none. Empty for a card that begins.
    pub former: Fields,
}

impl Store {
    /// The cards of the territory, without those that are deleted or erased.
    pub async fn cards(&self, territory: TerritoryId) -> Result<Cards, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let edition = annuaire::edition(&mut snapshot, territory).await?;
        let mut known = Vec::new();
        each(&mut snapshot, territory, |card| known.push(card)).await?;
        let seen = sqlx::query("SELECT record, source FROM seen WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_all(&mut *snapshot)
            .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let source = row.get::<&str, _>("source").parse().map_err(|_| StoreError::Corrupt("source"))?;
            Ok((parsed(row.get("record"))?, source))
        };
        Ok(Cards { known, seen: seen.iter().map(read).collect::<Result<_, StoreError>>()?, edition })
    }
}

impl Store {
    /// Writes on cards outside of any import: what people declare of themselves in a demonstration.
    pub async fn write_cards(
        &self,
        territory: TerritoryId,
        writes: &[Write],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let author = annuaire::author(&mut transaction, territory, now).await?;
        let mut pen = Pen::take(&mut transaction, &author, now).await?;
        for write in writes {
            let known = record::find(&mut transaction, territory, write.card).await?;
            pen.write(&mut transaction, &author, write, known).await?;
        }
        pen.lay(&mut transaction, &author).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The cards of the territory, without those that are deleted or erased, one after the other.
pub async fn each(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    mut told: impl FnMut(Known),
) -> Result<(), StoreError> {
    let mut rows = sqlx::query("SELECT state FROM record WHERE territory = ? AND kind = ? ORDER BY seq")
        .bind(territory.to_string())
        .bind(ENTRY)
        .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let record: Record = serde_json::from_str(row.get("state")).map_err(|_| StoreError::Corrupt("record"))?;
        if !record.is_deleted() {
            told(Known { id: record.id, fields: fields(record) });
        }
    }
    Ok(())
}

/// The cards that bear one of these identifiers, deleted ones included: what was deleted is still there, and may be
/// restored. Not those that are erased.
pub async fn bearers(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    wanted: &BTreeSet<String>,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut found = BTreeSet::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut rows = sqlx::query("SELECT state FROM record WHERE territory = ? AND kind = ? ORDER BY seq")
        .bind(territory.to_string())
        .bind(ENTRY)
        .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let record: Record = serde_json::from_str(row.get("state")).map_err(|_| StoreError::Corrupt("record"))?;
        if !record.is_erased() && suppression::own(&values(&record)).any(|one| wanted.contains(&one)) {
            found.insert(record.id);
        }
    }
    Ok(found)
}

/// The fields of a card, by name.
pub fn values(record: &Record) -> Fields {
    record.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect()
}

/// The fields of a card that is no longer needed whole.
fn fields(record: Record) -> Fields {
    record.fields.into_iter().map(|(name, field)| (name, field.value)).collect()
}

/// Writes on cards in the name of the directory, one operation each, in one transaction.
pub struct Pen {
    before: Seq,
    seq: Seq,
    device_seq: u64,
    now: Timestamp,
}

impl Pen {
    /// Begins after the last sequence given.
    pub async fn take(transaction: &mut SqliteConnection, author: &Caller, now: Timestamp) -> Result<Self, StoreError> {
        let before = sequence::head(transaction, author.territory).await?.seq;
        Ok(Self { before, seq: before, device_seq: last_of(transaction, author).await?, now })
    }

    /// Writes on one card; `known` is what it is in this very transaction, `None` for one that begins.
    pub async fn write(
        &mut self,
        transaction: &mut SqliteConnection,
        author: &Caller,
        write: &Write,
        known: Option<Owned>,
    ) -> Result<Written, StoreError> {
        self.seq += 1;
        self.device_seq += 1;
        let record = known.as_ref().map(|owned| &owned.record);
        let operation = operation_of(write, record, author, self.device_seq, self.now);
        let mut owned = known.unwrap_or_else(|| Owned { owner: author.account, record: Record::of(&operation) });
        let former = write.fields.keys().map(|name| (name.clone(), value_of(&owned.record, name)));
        let created = write.what == WriteKind::Create;
        let former = if created { Fields::new() } else { former.collect() };
        let sequenced = Sequenced::new(self.seq, author.account, self.now, operation);
        // Each edit names what it replaces, read in this very transaction: nothing can clash.
        owned.record.apply(&sequenced);
        let fate = Fate::Applied { seq: self.seq };
        operation::append(transaction, author.territory, &sequenced, &fate).await?;
        record::write(transaction, author.territory, &owned).await?;
        Ok(Written { card: write.card, op_id: sequenced.operation.op_id, created, former })
    }

    /// Draws the sequences it gave: the last statement before the commit.
    pub async fn lay(self, transaction: &mut SqliteConnection, author: &Caller) -> Result<(), StoreError> {
        set_last(transaction, author, self.device_seq).await?;
        sequence::draw(transaction, author.territory, self.before, self.seq).await
    }
}

/// Notes the last rank the directory gave to an operation of its own.
pub async fn set_last(transaction: &mut SqliteConnection, author: &Caller, device_seq: u64) -> Result<(), StoreError> {
    sqlx::query("UPDATE device SET last_device_seq = ? WHERE territory = ? AND device = ?")
        .bind(device_seq.cast_signed())
        .bind(author.territory.to_string())
        .bind(author.device.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// The last rank the directory gave to an operation of its own.
pub async fn last_of(transaction: &mut SqliteConnection, author: &Caller) -> Result<u64, StoreError> {
    let last: i64 = sqlx::query_scalar("SELECT last_device_seq FROM device WHERE territory = ? AND device = ?")
        .bind(author.territory.to_string())
        .bind(author.device.to_string())
        .fetch_one(transaction)
        .await?;
    Ok(last.cast_unsigned())
}

/// The erasure of a card, in the name of the directory.
pub fn erasure(card: RecordId, author: &Caller, device_seq: u64, now: Timestamp) -> Operation {
    blank(card, OperationKind::Erase, author, device_seq, now)
}

fn operation_of(write: &Write, record: Option<&Record>, author: &Caller, device_seq: u64, now: Timestamp) -> Operation {
    let kind = match write.what {
        WriteKind::Create => OperationKind::Create,
        WriteKind::Set => OperationKind::Set,
        WriteKind::Delete => OperationKind::Delete,
    };
    let base = |name: &str| record.and_then(|record| record.fields.get(name)).map(|field| field.op_id);
    let fields = write.fields.iter().map(|(name, value)| (name.clone(), Edit::new(value.clone(), base(name))));
    Operation { fields: fields.collect(), ..blank(write.card, kind, author, device_seq, now) }
}

fn blank(card: RecordId, kind: OperationKind, author: &Caller, device_seq: u64, now: Timestamp) -> Operation {
    Operation {
        op_id: OpId(Uuid::now_v7()),
        device_id: author.device,
        device_seq,
        record_id: card,
        record_kind: ENTRY.into(),
        form_version: FORM_VERSION.into(),
        kind,
        fields: BTreeMap::new(),
        reason: None,
        device_time: now,
    }
}

fn value_of(record: &Record, name: &str) -> Value {
    record.fields.get(name).map(|field| field.value.clone()).unwrap_or_default()
}

/// Notes that cards were in an official file.
pub async fn note_seen(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    cards: &[RecordId],
    source: Source,
) -> Result<(), StoreError> {
    let cards = serde_json::to_string(cards).map_err(|_| StoreError::Corrupt("seen"))?;
    sqlx::query(
        "INSERT INTO seen (territory, record, source) SELECT ?, value, ? FROM json_each(?) WHERE true
         ON CONFLICT (territory, record) DO UPDATE SET former = source, source = excluded.source
         WHERE seen.source <> excluded.source",
    )
    .bind(territory.to_string())
    .bind(source.to_string())
    .bind(cards)
    .execute(transaction)
    .await?;
    Ok(())
}
