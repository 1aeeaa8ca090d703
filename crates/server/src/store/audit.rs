//! Who did what: what the server notes by itself, and what the log of operations tells.

use std::cmp::Reverse;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId, TerritoryId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::protocol::Quarantine;
use sync::protocol::audit::{Audit, AuditEntry, Before, Event};

use super::quarantine::code;
use super::{Caller, Store, StoreError, parsed};

/// Entries of one page, at most.
const PAGE: usize = 200;
/// One more than a page, to know whether there is more.
const READ: i64 = PAGE as i64 + 1;

/// What is noted.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    pub event: Event,
    pub account: Option<AccountId>,
    pub device: Option<DeviceId>,
    pub record: Option<RecordId>,
    /// A closed code: never a name, never a value.
    pub detail: Option<&'a str>,
}

impl<'a> Noted<'a> {
    /// What a caller did.
    pub fn by(caller: &Caller, event: Event, record: Option<RecordId>, detail: Option<&'a str>) -> Self {
        Self { event, account: Some(caller.account), device: Some(caller.device), record, detail }
    }
}

/// What a device told, and when it was done by its clock.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub op: OpId,
    pub at: Timestamp,
}

/// Adds an entry.
pub async fn append(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    noted: Noted<'_>,
    told: Option<Told>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (territory, entry, at, event, account, device, record, detail, told_at, op)
         VALUES (?, (SELECT COALESCE(max(entry), 0) + 1 FROM audit WHERE territory = ?), ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(territory.to_string())
    .bind(territory.to_string())
    .bind(now.0)
    .bind(word(noted.event)?)
    .bind(noted.account.map(|account| account.to_string()))
    .bind(noted.device.map(|device| device.to_string()))
    .bind(noted.record.map(|record| record.to_string()))
    .bind(noted.detail)
    .bind(told.map(|told| told.at.0))
    .bind(told.map(|told| told.op.to_string()))
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// Adds an entry; whether it is written. What it tells has happened: on a full disk it is only logged, and nobody is kept
    /// from her work.
    pub async fn note(&self, territory: TerritoryId, noted: Noted<'_>, now: Timestamp) -> bool {
        // A few bytes that were written say nothing of the room for a whole push.
        let Err(error) = self.try_note(territory, noted, now).await else { return true };
        if self.noted::<(), _>(Err(error)).is_err() {
            tracing::error!(event = ?noted.event, "an entry of the audit could not be written");
        }
        false
    }

    async fn try_note(&self, territory: TerritoryId, noted: Noted<'_>, now: Timestamp) -> Result<(), StoreError> {
        append(&mut *self.write.acquire().await?, territory, noted, None, now).await
    }

    /// What was done in the territory before this, newest first; to one record alone if it is given.
    pub async fn audit(
        &self,
        territory: TerritoryId,
        record: Option<RecordId>,
        before: Before,
    ) -> Result<Audit, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let record = record.map(|record| record.to_string());
        let mut lines = noted(&mut snapshot, territory, record.as_deref(), before.entry).await?;
        ordered(&mut lines);
        let mut written = operations(&mut snapshot, territory, record.as_deref(), before.seq).await?;
        ordered(&mut written);
        lines.extend(written);
        // Of the same instant, the order of each source stays: the sort is stable.
        lines.sort_by_key(|line| Reverse(line.key));
        let more = lines.len() > PAGE;
        lines.truncate(PAGE);
        let mut next = before;
        for line in &lines {
            match &line.place {
                Place::Entry(entry) => next.entry = *entry,
                Place::Seq(seq) => next.seq = *seq,
            }
        }
        Ok(Audit { entries: lines.into_iter().map(|line| line.told).collect(), next: more.then_some(next) })
    }
}

/// A line on its way to a page.
struct Line {
    told: AuditEntry,
    place: Place,
    /// By what the two sources are merged: never above the key of the line before it in its own source, since a clock may be
    /// set back, and what is applied again keeps the instant of its arrival.
    key: i64,
}

fn ordered(lines: &mut [Line]) {
    let mut last = i64::MAX;
    for line in lines {
        last = last.min(line.told.at.0);
        line.key = last;
    }
}

/// Where a line stands in its source.
enum Place {
    Entry(u64),
    Seq(u64),
}

async fn noted(
    snapshot: &mut SqliteConnection,
    territory: TerritoryId,
    record: Option<&str>,
    before: u64,
) -> Result<Vec<Line>, StoreError> {
    let query = match record {
        None => sqlx::query(
            "SELECT audit.entry AS place, audit.at, audit.told_at, audit.event, audit.record, audit.detail,
             account.name, account.profession, device.name AS device_name FROM audit
             LEFT JOIN account ON account.territory = audit.territory AND account.account = audit.account
             LEFT JOIN device ON device.territory = audit.territory AND device.device = audit.device
             WHERE audit.territory = ? AND audit.entry < ? ORDER BY audit.entry DESC LIMIT ?",
        ),
        Some(_) => sqlx::query(
            "SELECT audit.entry AS place, audit.at, audit.told_at, audit.event, audit.record, audit.detail,
             account.name, account.profession, device.name AS device_name FROM audit
             LEFT JOIN account ON account.territory = audit.territory AND account.account = audit.account
             LEFT JOIN device ON device.territory = audit.territory AND device.device = audit.device
             WHERE audit.territory = ? AND audit.record = ? AND audit.entry < ? ORDER BY audit.entry DESC LIMIT ?",
        ),
    };
    let query = query.bind(territory.to_string());
    let query = if let Some(record) = record { query.bind(record) } else { query };
    let rows = query.bind(before.cast_signed()).bind(READ).fetch_all(snapshot).await?;
    rows.iter()
        .map(|row| {
            let event = serde_json::from_value(row.get::<String, _>("event").into());
            line(row, event.map_err(|_| StoreError::Corrupt("event"))?, Place::Entry(place(row)))
        })
        .collect()
}

/// The cards of the directory are left out: an import writes thousands of them, and has a list of its own. So are
/// traces that could not be noted: they tell nothing; and what is erased because its time is over, which is noted.
async fn operations(
    snapshot: &mut SqliteConnection,
    territory: TerritoryId,
    record: Option<&str>,
    before: u64,
) -> Result<Vec<Line>, StoreError> {
    let query = match record {
        None => sqlx::query(
            "SELECT operation.seq AS place, operation.received_at AS at, NULL AS told_at, operation.record,
             operation.kind AS detail, operation.quarantine, json_extract(operation.body, '$.kind') = 'erase' AS erasure,
             account.name, account.profession, device.name AS device_name FROM operation
             JOIN account ON account.territory = operation.territory AND account.account = operation.author
             JOIN device ON device.territory = operation.territory AND device.device = operation.device
             LEFT JOIN keeper ON keeper.territory = operation.territory AND keeper.account = operation.author
             WHERE operation.territory = ? AND operation.seq < ? AND operation.kind NOT IN ('entry', 'trace')
             AND keeper.account IS NULL
             ORDER BY operation.seq DESC LIMIT ?",
        ),
        Some(_) => sqlx::query(
            "SELECT operation.seq AS place, operation.received_at AS at, NULL AS told_at, operation.record,
             operation.kind AS detail, operation.quarantine, json_extract(operation.body, '$.kind') = 'erase' AS erasure,
             account.name, account.profession, device.name AS device_name
             FROM operation INDEXED BY operation_of_record
             JOIN account ON account.territory = operation.territory AND account.account = operation.author
             JOIN device ON device.territory = operation.territory AND device.device = operation.device
             LEFT JOIN keeper ON keeper.territory = operation.territory AND keeper.account = operation.author
             WHERE operation.territory = ? AND operation.record = ? AND operation.seq < ?
             AND keeper.account IS NULL
             ORDER BY operation.seq DESC LIMIT ?",
        ),
    };
    let query = query.bind(territory.to_string());
    let query = if let Some(record) = record { query.bind(record) } else { query };
    let rows = query.bind(before.cast_signed()).bind(READ).fetch_all(snapshot).await?;
    let no_right = code(Quarantine::NoRight)?;
    rows.iter()
        .map(|row| {
            let event = match (row.get::<Option<String>, _>("quarantine"), row.get::<&str, _>("detail")) {
                (Some(reason), _) if reason == no_right => Event::Refused,
                (None, _) if row.get("erasure") => Event::Erased,
                (_, "share") => Event::Shared,
                _ => Event::Changed,
            };
            line(row, event, Place::Seq(place(row)))
        })
        .collect()
}

fn line(row: &SqliteRow, event: Event, place: Place) -> Result<Line, StoreError> {
    let record: Option<String> = row.get("record");
    let told = AuditEntry {
        at: Timestamp(row.get("at")),
        told_at: row.get::<Option<i64>, _>("told_at").map(Timestamp),
        event,
        name: row.get("name"),
        profession: row.get("profession"),
        device: row.get("device_name"),
        record: record.map(|record| parsed(&record)).transpose()?,
        detail: row.get("detail"),
    };
    Ok(Line { key: told.at.0, told, place })
}

fn place(row: &SqliteRow) -> u64 {
    row.get::<i64, _>("place").cast_unsigned()
}

/// How an event is written.
fn word(event: Event) -> Result<String, StoreError> {
    let word = serde_json::to_value(event).map_err(|_| StoreError::Corrupt("event"))?;
    word.as_str().map(str::to_owned).ok_or(StoreError::Corrupt("event"))
}
