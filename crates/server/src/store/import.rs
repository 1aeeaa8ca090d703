//! Official files that were applied, each one unit that can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::annuaire::fact::Source;
use domain::annuaire::import::{
    Counts, Done, Listed, Plan, Present, Register, Scope, Terms, ToInform, Undo, Undone, WriteKind, undo,
};
use domain::id::{AccountId, OpId, RecordId, TerritoryId};
use domain::{Day, day_of};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::{Operation, Record};
use uuid::Uuid;

use super::compare::{Cards, Writer, compare};
use super::entry::{Pen, values};
use super::record::Owned;
use super::{Edition, Store, StoreError, annuaire, difference, parsed};

/// Cards taken back at a time.
const AT_ONCE: i64 = 100;

/// An import on its way into the database.
#[derive(Clone, Debug)]
pub struct NewImport {
    pub register: Register,
    pub file: String,
    pub on: Day,
    pub scope: Scope,
    /// Who asked for it; `None`: the command line of the server.
    pub by: Option<AccountId>,
    /// Done even if it marks so many cards as gone that the file looks cut.
    pub many_gone: bool,
}

impl NewImport {
    /// Where its facts come from.
    pub fn source(&self) -> Source {
        match self.register {
            Register::Rpps => Source::Rpps(self.on),
            Register::Finess => Source::Finess(self.on),
        }
    }
}

/// What became of an import that was asked for.
#[derive(Debug)]
pub enum Applied {
    /// The directory changed since its terms were read: nothing is written, and they are to be read again.
    Moved,
    /// So many cards would leave that the file looks cut: nothing is written.
    ManyGone(Plan),
    Done(Uuid, Plan),
}

/// What became of an import that was to be taken back.
#[derive(Debug)]
pub enum Taken {
    Unknown,
    Already,
    /// One of the same register came after it and was not taken back: identifier, file and its day.
    Later(Uuid, String, Day),
    Back(Undone),
}

impl Store {
    /// What an import would do.
    pub async fn plan_import(
        &self,
        territory: TerritoryId,
        terms: &Terms,
        cards: Cards<'_>,
    ) -> Result<Plan, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(compare(&mut snapshot, territory, terms, cards, None).await?.0)
    }

    /// Applies an import whole, or not at all: the cards it changes, those it only saw, and what takes it back.
    pub async fn apply_import(
        &self,
        territory: TerritoryId,
        edition: Edition,
        new: &NewImport,
        terms: &Terms,
        cards: Cards<'_>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let applied = self.try_import(territory, edition, new, terms, cards, now).await;
        self.noted(applied)
    }

    async fn try_import(
        &self,
        territory: TerritoryId,
        edition: Edition,
        new: &NewImport,
        terms: &Terms,
        cards: Cards<'_>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let mut transaction = self.begin().await?;
        if annuaire::edition(&mut transaction, territory).await? != edition {
            return Ok(Applied::Moved);
        }
        annuaire::revise(&mut transaction, territory, now).await?;
        let author = annuaire::author(&mut transaction, territory, now).await?;
        let id = Uuid::now_v7();
        sqlx::query(
            "INSERT INTO import (territory, import, register, file, file_on, scope, applied_at, account, counts)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(territory.to_string())
        .bind(id.to_string())
        .bind(code(&new.register)?)
        .bind(&new.file)
        .bind(new.on.to_string())
        .bind(code(&new.scope)?)
        .bind(now.0)
        .bind(new.by.map(|account| account.to_string()))
        // Known once all of it is written.
        .bind(json(&Counts::default())?)
        .execute(&mut *transaction)
        .await?;
        let writer = Writer::of(&mut transaction, &author, new, id, terms.scope, now).await?;
        let (plan, pen) = compare(&mut transaction, territory, terms, cards, Some(writer)).await?;
        if plan.loses_many() && !new.many_gone {
            return Ok(Applied::ManyGone(plan));
        }
        sqlx::query("UPDATE import SET counts = ? WHERE territory = ? AND import = ?")
            .bind(json(&plan.counts)?)
            .bind(territory.to_string())
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        if let Some(pen) = pen {
            pen.lay(&mut transaction, &author).await?;
        }
        transaction.commit().await?;
        Ok(Applied::Done(id, plan))
    }

    /// The imports of the territory, newest first. Whoever is still to be told is named.
    pub async fn imports(&self, territory: TerritoryId) -> Result<Vec<Listed>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let rows = sqlx::query(
            "SELECT import.*, account.name AS author_name FROM import
             LEFT JOIN account ON account.territory = import.territory AND account.account = import.account
             WHERE import.territory = ? ORDER BY import.import DESC",
        )
        .bind(territory.to_string())
        .fetch_all(&mut *snapshot)
        .await?;
        let mut imports = Vec::with_capacity(rows.len());
        for row in &rows {
            imports.push(told(&mut snapshot, territory, row).await?);
        }
        Ok(imports)
    }

    /// One import, as the list shows it.
    pub async fn import(&self, territory: TerritoryId, id: Uuid) -> Result<Option<Listed>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let row = sqlx::query(
            "SELECT import.*, account.name AS author_name FROM import
             LEFT JOIN account ON account.territory = import.territory AND account.account = import.account
             WHERE import.territory = ? AND import.import = ?",
        )
        .bind(territory.to_string())
        .bind(id.to_string())
        .fetch_optional(&mut *snapshot)
        .await?;
        match row {
            Some(row) => Ok(Some(told(&mut snapshot, territory, &row).await?)),
            None => Ok(None),
        }
    }

    /// The day of the newest file of a register that was applied and not taken back, `among` those that spoke of so much of
    /// the territory.
    pub async fn newest_import(
        &self,
        territory: TerritoryId,
        register: Register,
        among: Option<Scope>,
    ) -> Result<Option<Day>, StoreError> {
        let day: Option<String> = sqlx::query_scalar(
            "SELECT max(file_on) FROM import
             WHERE territory = ? AND register = ? AND undone_at IS NULL AND scope = COALESCE(?, scope)",
        )
        .bind(territory.to_string())
        .bind(code(&register)?)
        .bind(among.as_ref().map(code).transpose()?)
        .fetch_one(&self.read)
        .await?;
        day.map(|text| day_of(&text).map(Day).ok_or(StoreError::Corrupt("import"))).transpose()
    }

    /// Takes an import back, whole or not at all, one card after the other.
    pub async fn undo_import(&self, territory: TerritoryId, id: Uuid, now: Timestamp) -> Result<Taken, StoreError> {
        let taken = self.try_undo(territory, id, now).await;
        self.noted(taken)
    }

    async fn try_undo(&self, territory: TerritoryId, id: Uuid, now: Timestamp) -> Result<Taken, StoreError> {
        let mut transaction = self.begin().await?;
        let found = sqlx::query("SELECT undone_at, register, file_on FROM import WHERE territory = ? AND import = ?")
            .bind(territory.to_string())
            .bind(id.to_string())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(found) = found else { return Ok(Taken::Unknown) };
        if found.get::<Option<i64>, _>("undone_at").is_some() {
            return Ok(Taken::Already);
        }
        let register: String = found.get("register");
        if let Some((id, file, on)) = later(&mut transaction, territory, id, &register).await? {
            return Ok(Taken::Later(id, file, on));
        }
        sqlx::query("UPDATE import SET undone_at = ? WHERE territory = ? AND import = ?")
            .bind(now.0)
            .bind(territory.to_string())
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        forget_seen(&mut transaction, territory, &register, found.get("file_on")).await?;
        difference::withdraw(&mut transaction, territory, id).await?;
        annuaire::revise(&mut transaction, territory, now).await?;
        let author = annuaire::author(&mut transaction, territory, now).await?;
        let ours = of_the_directory(&mut transaction, territory, id).await?;
        let mut pen = Pen::take(&mut transaction, &author, now).await?;
        let mut undone = Undone::default();
        let mut after = String::new();
        loop {
            let cards = done(&mut transaction, territory, id, &after).await?;
            let Some((last, _)) = cards.last() else { break };
            after = last.card.to_string();
            for (done, owned) in cards {
                let now = present(&owned.record, &ours);
                let Undo { writes, left } = undo(&[done], &now);
                undone.left.extend(left);
                let Some(write) = writes.first() else { continue };
                *if write.what == WriteKind::Delete { &mut undone.deleted } else { &mut undone.set_back } += 1;
                pen.write(&mut transaction, &author, write, Some(owned)).await?;
            }
        }
        pen.lay(&mut transaction, &author).await?;
        transaction.commit().await?;
        Ok(Taken::Back(undone))
    }

    /// Notes that the people an import brought in were told; false when there is no such import.
    pub async fn informed(&self, territory: TerritoryId, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let statement =
            sqlx::query("UPDATE import SET informed_at = COALESCE(informed_at, ?) WHERE territory = ? AND import = ?")
                .bind(now.0)
                .bind(territory.to_string())
                .bind(id.to_string());
        self.changed(statement).await
    }
}

/// What an import did to the next cards, and those cards as they are.
async fn done(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: Uuid,
    after: &str,
) -> Result<Vec<(Done, Owned)>, StoreError> {
    let rows = sqlx::query(
        "SELECT import_card.created, import_card.former, operation.body, record.owner, record.state FROM import_card
         JOIN operation ON operation.territory = import_card.territory AND operation.op_id = import_card.op_id
         JOIN record ON record.territory = import_card.territory AND record.record = import_card.record
         WHERE import_card.territory = ? AND import_card.import = ? AND import_card.record > ?
         ORDER BY import_card.record LIMIT ?",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .bind(after)
    .bind(AT_ONCE)
    .fetch_all(transaction)
    .await?;
    let one = |row: &SqliteRow| {
        let record: Record = read(row.get("state"))?;
        let operation: Operation = read(row.get("body"))?;
        let wrote = operation.fields.into_iter().map(|(name, edit)| (name, edit.value)).collect();
        let before = read(row.get("former"))?;
        let done = Done { card: record.id, created: row.get("created"), before, wrote };
        Ok((done, Owned { owner: parsed(row.get("owner"))?, record }))
    };
    rows.iter().map(one).collect()
}

/// A card as it is now, with the fields the directory itself wrote last; nothing for one that is there no more.
fn present(record: &Record, ours: &BTreeSet<OpId>) -> BTreeMap<RecordId, Present> {
    let fields = record.fields.iter().filter(|(_, field)| ours.contains(&field.op_id));
    let ours = fields.map(|(name, _)| name.clone()).collect();
    let present = (!record.is_deleted()).then(|| (record.id, Present { fields: values(record), ours }));
    present.into_iter().collect()
}

/// The newest import of a register that came after this one and was not taken back. Their identifiers follow the time.
async fn later(
    snapshot: &mut SqliteConnection,
    territory: TerritoryId,
    id: Uuid,
    register: &str,
) -> Result<Option<(Uuid, String, Day)>, StoreError> {
    let row = sqlx::query(
        "SELECT import, file, file_on FROM import
         WHERE territory = ? AND register = ? AND import > ? AND undone_at IS NULL ORDER BY import DESC LIMIT 1",
    )
    .bind(territory.to_string())
    .bind(register)
    .bind(id.to_string())
    .fetch_optional(snapshot)
    .await?;
    let one = |row: SqliteRow| {
        let on = day_of(row.get("file_on")).map(Day).ok_or(StoreError::Corrupt("import"))?;
        Ok((parsed(row.get("import"))?, row.get("file"), on))
    };
    row.map(one).transpose()
}

/// The operations the directory itself wrote on the cards of an import: imports, and imports taken back.
async fn of_the_directory(
    snapshot: &mut SqliteConnection,
    territory: TerritoryId,
    id: Uuid,
) -> Result<BTreeSet<OpId>, StoreError> {
    sqlx::query_scalar::<_, String>(
        "SELECT operation.op_id FROM import_card
         JOIN annuaire ON annuaire.territory = import_card.territory
         JOIN operation INDEXED BY operation_of_record
         ON operation.territory = import_card.territory AND operation.record = import_card.record
         AND operation.device = annuaire.device
         WHERE import_card.territory = ? AND import_card.import = ?",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .fetch_all(snapshot)
    .await?
    .iter()
    .map(|op_id| parsed(op_id))
    .collect()
}

/// A file that was taken back no longer vouches for anything: its cards were last seen in the one before it. Unless the
/// same file was imported twice, and once remains.
async fn forget_seen(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    register: &str,
    on: &str,
) -> Result<(), StoreError> {
    let remains: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM import
         WHERE territory = ? AND register = ? AND file_on = ? AND scope = ? AND undone_at IS NULL)",
    )
    .bind(territory.to_string())
    .bind(register)
    .bind(on)
    .bind(code(&Scope::Whole)?)
    .fetch_one(&mut *transaction)
    .await?;
    if remains {
        return Ok(());
    }
    let source = format!("{register}:{on}");
    sqlx::query("DELETE FROM seen WHERE territory = ? AND source = ? AND former IS NULL")
        .bind(territory.to_string())
        .bind(&source)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE seen SET source = former, former = NULL WHERE territory = ? AND source = ?")
        .bind(territory.to_string())
        .bind(&source)
        .execute(transaction)
        .await?;
    Ok(())
}

/// An import with the people who are still to be told.
async fn told(snapshot: &mut SqliteConnection, territory: TerritoryId, row: &SqliteRow) -> Result<Listed, StoreError> {
    let mut one = listed(row)?;
    if one.undone_at.is_none() && one.informed_at.is_none() && one.counts.to_inform > 0 {
        one.to_inform = to_inform(snapshot, territory, one.id).await?;
    }
    Ok(one)
}

/// The people an import brought in and who are still there: SQLite picks their names, whole cards are not read here.
async fn to_inform(
    snapshot: &mut SqliteConnection,
    territory: TerritoryId,
    id: Uuid,
) -> Result<Vec<ToInform>, StoreError> {
    let rows = sqlx::query(
        "SELECT record.record, json_extract(record.state, '$.fields.given_name.value.v') AS given_name,
         json_extract(record.state, '$.fields.name.value.v') AS name FROM import_card
         JOIN record ON record.territory = import_card.territory AND record.record = import_card.record
         WHERE import_card.territory = ? AND import_card.import = ? AND import_card.created = 1
         AND json_extract(record.state, '$.fields.kind.value.v') = 'person'
         AND COALESCE(json_extract(record.state, '$.deletion.state'), 'restored') = 'restored'
         ORDER BY import_card.record",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .fetch_all(snapshot)
    .await?;
    let who = |row: &SqliteRow| {
        let names: [Option<String>; 2] = [row.get("given_name"), row.get("name")];
        let who = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Ok(ToInform { card: parsed(row.get("record"))?, who })
    };
    rows.iter().map(who).collect()
}

fn listed(row: &SqliteRow) -> Result<Listed, StoreError> {
    let at = Timestamp(row.get("applied_at"));
    Ok(Listed {
        id: parsed(row.get("import"))?,
        kind: read_code(row.get("register"))?,
        file: row.get("file"),
        on: day_of(row.get("file_on")).map(Day).ok_or(StoreError::Corrupt("import"))?,
        scope: read_code(row.get("scope"))?,
        at,
        by: row.get("author_name"),
        counts: read(row.get("counts"))?,
        undone_at: row.get::<Option<i64>, _>("undone_at").map(Timestamp),
        to_inform: Vec::new(),
        inform_until: Listed::deadline(at),
        informed_at: row.get::<Option<i64>, _>("informed_at").map(Timestamp),
    })
}

pub fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt("import"))
}

pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt("import"))
}

/// The text of a value that is one word.
fn code<T: Serialize>(value: &T) -> Result<String, StoreError> {
    let value = serde_json::to_value(value).map_err(|_| StoreError::Corrupt("import"))?;
    value.as_str().map(str::to_owned).ok_or(StoreError::Corrupt("import"))
}

fn read_code<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_value(text.into()).map_err(|_| StoreError::Corrupt("import"))
}
