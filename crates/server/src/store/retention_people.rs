//! Of whom something goes because its time is over, and from which day that is counted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::id::{RecordId, TerritoryId};
use domain::people::{CONSENT, PERSON, SHARE};
use domain::programme::{Noted, Programme};
use domain::programmes;
use domain::retention::{Held, Keeping, Rule};
use domain::{Fields, Timestamp};
use sqlx::{Row, SqliteConnection};
use sync::Record;
use sync::protocol::Quarantine;

use super::quarantine::codes;
use super::retention::{begins, day};
use super::{StoreError, parsed, record};

/// A person, under all the records that were made of her.
#[derive(Debug)]
pub struct Somebody {
    /// The record that stands for her: its erasure takes the others.
    pub id: RecordId,
    pub records: Vec<RecordId>,
    /// Her last contact.
    pub contact: NaiveDate,
    /// The day from which the time of what goes is counted.
    pub last: NaiveDate,
    /// What goes: herself, or what hangs on her alone.
    pub goes: Vec<RecordId>,
}

impl Somebody {
    /// Whether nothing is left of her.
    pub fn is_whole(&self) -> bool {
        self.goes == [self.id]
    }
}

/// Those whom a rule takes, once their time is over.
pub async fn concerned(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    rule: Rule,
    now: Timestamp,
) -> Result<Vec<Somebody>, StoreError> {
    match rule {
        Rule::Person => people(transaction, territory, now).await,
        Rule::Programme(keeping) => challengers(transaction, territory, keeping, now).await,
        Rule::Audit => Ok(Vec::new()),
    }
}

/// Everybody who is not erased, with her last contact: the newest reception of anything that hangs on her or on what was
/// merged into her, never after now.
async fn people(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    now: Timestamp,
) -> Result<Vec<Somebody>, StoreError> {
    let rows = sqlx::query(
        "SELECT record, json_extract(state, '$.deletion.state') AS deletion,
         json_extract(state, '$.fields.merged_into.value') AS into_other FROM record INDEXED BY record_of_kind
         WHERE territory = ? AND kind = ?",
    )
    .bind(territory.to_string())
    .bind(PERSON.id)
    .fetch_all(&mut *transaction)
    .await?;
    let (mut alive, mut merged) = (BTreeSet::new(), BTreeMap::new());
    for row in &rows {
        let id: RecordId = parsed(row.get("record"))?;
        if row.get::<Option<&str>, _>("deletion") == Some("erased") {
            continue;
        }
        alive.insert(id);
        if row.get::<Option<&str>, _>("into_other").is_some() {
            let found = record::find(transaction, territory, id).await?;
            merged.extend(found.and_then(|owned| record::merged(&owned.record)).map(|into| (id, into)));
        }
    }
    merged.retain(|_, into| alive.contains(into));
    let touched = touched(transaction, territory).await?;
    let mut people: BTreeMap<RecordId, Somebody> = BTreeMap::new();
    for id in alive {
        let stands = stands_for(id, &merged);
        // Without an operation of hers there is nothing to count from: she stays.
        let last = touched.get(&id).copied().unwrap_or(now.0).min(now.0);
        let last = day(Timestamp(last));
        let (records, goes) = (Vec::new(), vec![stands]);
        let somebody = people.entry(stands).or_insert(Somebody { id: stands, records, contact: last, last, goes });
        somebody.records.push(id);
        somebody.last = somebody.last.max(last);
        somebody.contact = somebody.last;
    }
    Ok(people.into_values().collect())
}

/// The record that stands for a person, following what was merged; of records that name each other, the first one.
fn stands_for(id: RecordId, merged: &BTreeMap<RecordId, RecordId>) -> RecordId {
    let (mut at, mut passed) = (id, Vec::new());
    while let Some(into) = merged.get(&at) {
        if let Some(begins) = passed.iter().position(|one| *one == at) {
            return passed[begins..].iter().copied().min().unwrap_or(at);
        }
        passed.push(at);
        at = *into;
    }
    at
}

/// What each record that hangs on another hangs on.
async fn parents(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
) -> Result<BTreeMap<RecordId, RecordId>, StoreError> {
    sqlx::query(
        "SELECT record, parent FROM record INDEXED BY record_of_parent WHERE territory = ? AND parent IS NOT NULL",
    )
    .bind(territory.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| Ok((parsed(row.get("record"))?, parsed(row.get("parent"))?)))
    .collect()
}

/// The newest reception in the tree of each root, in milliseconds.
async fn touched(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
) -> Result<BTreeMap<RecordId, i64>, StoreError> {
    let parents = parents(transaction, territory).await?;
    let mut touched = BTreeMap::new();
    // One step into the index for each record: the log is not read.
    for row in sqlx::query(
        "SELECT record.record, (SELECT operation.received_at FROM operation INDEXED BY operation_received
         WHERE operation.territory = record.territory AND operation.record = record.record
         AND operation.quarantine IS NOT 'no-right' ORDER BY operation.received_at DESC LIMIT 1) AS at
         FROM record INDEXED BY record_seq WHERE record.territory = ?",
    )
    .bind(territory.to_string())
    .fetch_all(&mut *transaction)
    .await?
    {
        if let Some(at) = row.get("at") {
            touch(&mut touched, &parents, parsed(row.get("record"))?, at);
        }
    }
    // What could not begin yet hangs on somebody in the log alone.
    for row in sqlx::query(
        "SELECT json_extract(body, '$.fields.parent.value') AS above, max(received_at) AS at
         FROM operation INDEXED BY operation_set_aside
         WHERE territory = ? AND quarantine IS NOT NULL AND quarantine <> 'no-right'
         AND json_extract(body, '$.kind') = 'create' GROUP BY above",
    )
    .bind(territory.to_string())
    .fetch_all(&mut *transaction)
    .await?
    {
        // Whatever was written there is no identifier unless it reads as one.
        let above = row.get::<Option<String>, _>("above").and_then(|text| text.parse().ok());
        if let Some(above) = above {
            touch(&mut touched, &parents, above, row.get("at"));
        }
    }
    // What told of it is erased since.
    for row in sqlx::query("SELECT person, at FROM contact WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_all(&mut *transaction)
        .await?
    {
        touch(&mut touched, &parents, parsed(row.get("person"))?, row.get("at"));
    }
    Ok(touched)
}

/// Notes a reception at the root of a record.
fn touch(touched: &mut BTreeMap<RecordId, i64>, parents: &BTreeMap<RecordId, RecordId>, of: RecordId, at: i64) {
    let newest = touched.entry(root(parents, of)).or_insert(at);
    *newest = at.max(*newest);
}

/// What a record hangs on in the end, or itself.
fn root(parents: &BTreeMap<RecordId, RecordId>, of: RecordId) -> RecordId {
    let (mut root, mut steps) = (of, 0);
    // Records that would hang on each other have no root.
    while let Some(above) = parents.get(&root).filter(|_| steps < 100) {
        (root, steps) = (*above, steps + 1);
    }
    root
}

/// Everybody of whom a programme that says how long it keeps has noted something, from what ends the last of it. Somebody of
/// whom something is set aside is none of them: it may be a newer beginning.
async fn challengers(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    keeping: &Keeping,
    now: Timestamp,
) -> Result<Vec<Somebody>, StoreError> {
    let Some(programme) = programmes::programme(keeping.programme) else { return Ok(Vec::new()) };
    let all = noted(transaction, territory, programme, now).await?;
    let parents = parents(transaction, territory).await?;
    let followed = followed_otherwise(transaction, territory, programme, &parents).await?;
    let waiting = set_aside(transaction, territory, &parents).await?;
    let mut of_root: BTreeMap<RecordId, Vec<Held<'_>>> = BTreeMap::new();
    for one in &all {
        of_root.entry(root(&parents, one.id)).or_default().push(one.held());
    }
    // What hangs on nothing is of the territory.
    let common = all.iter().filter(|one| !parents.contains_key(&one.id));
    let common: Vec<Noted<'_>> = common.map(|one| one.held().noted).collect();
    let mut concerned = Vec::new();
    for one in people(transaction, territory, now).await? {
        let hers: Vec<Held<'_>> = one.records.iter().filter_map(|id| of_root.get(id)).flatten().copied().collect();
        let of_one = |roots: &BTreeSet<RecordId>| one.records.iter().any(|id| roots.contains(id));
        if hers.is_empty() || of_one(&waiting) {
            continue;
        }
        let Some(last) = (keeping.ends)(&hers, &common) else { continue };
        let alone = || hers.iter().map(|held| held.noted.id).collect();
        let goes = if of_one(&followed) { alone() } else { vec![one.id] };
        concerned.push(Somebody { last, goes, ..one });
    }
    Ok(concerned)
}

/// A record of a programme.
struct OfProgramme {
    id: RecordId,
    kind: String,
    fields: Fields,
    received_on: NaiveDate,
}

impl OfProgramme {
    fn held(&self) -> Held<'_> {
        let noted = Noted { id: self.id, kind: &self.kind, fields: &self.fields };
        Held { noted, received_on: self.received_on }
    }
}

/// Every record of a programme that is not erased, with the day it first arrived, never after now.
async fn noted(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    programme: &Programme,
    now: Timestamp,
) -> Result<Vec<OfProgramme>, StoreError> {
    let mut noted = Vec::new();
    for kind in programme.records {
        let rows = sqlx::query(
            "SELECT record.state, (SELECT min(operation.received_at) FROM operation INDEXED BY operation_received
             WHERE operation.territory = record.territory AND operation.record = record.record
             AND operation.quarantine IS NOT 'no-right') AS at
             FROM record INDEXED BY record_of_kind WHERE record.territory = ? AND record.kind = ?",
        )
        .bind(territory.to_string())
        .bind(kind.id)
        .fetch_all(&mut *transaction)
        .await?;
        for row in rows {
            let record: Record = serde_json::from_str(row.get("state")).map_err(|_| StoreError::Corrupt("record"))?;
            if record.is_erased() {
                continue;
            }
            let received_on = day(Timestamp(row.get::<Option<i64>, _>("at").unwrap_or(now.0).min(now.0)));
            let fields = record.fields.into_iter().map(|(name, field)| (name, field.value)).collect();
            noted.push(OfProgramme { id: record.id, kind: record.kind, fields, received_on });
        }
    }
    Ok(noted)
}

/// The roots on which something hangs that is neither of this programme nor says what she agrees to and with whom she is
/// shared. What was deleted may come back, and counts.
async fn followed_otherwise(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    programme: &Programme,
    parents: &BTreeMap<RecordId, RecordId>,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let with_it: BTreeSet<&str> =
        programme.records.iter().copied().chain([&CONSENT, &SHARE]).map(|kind| kind.id).collect();
    let mut roots = BTreeSet::new();
    for row in sqlx::query("SELECT record, kind FROM record WHERE territory = ? AND parent IS NOT NULL")
        .bind(territory.to_string())
        .fetch_all(transaction)
        .await?
    {
        if !with_it.contains(row.get::<&str, _>("kind")) {
            roots.insert(root(parents, parsed(row.get("record"))?));
        }
    }
    Ok(roots)
}

/// The roots of which something is set aside that may be applied one day.
async fn set_aside(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    parents: &BTreeMap<RecordId, RecordId>,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let at_rest = [Quarantine::FINAL.as_slice(), &[Quarantine::NoRight]].concat();
    let mut roots = BTreeSet::new();
    for row in sqlx::query(
        "SELECT record, json_extract(body, '$.fields.parent.value') AS above
         FROM operation INDEXED BY operation_set_aside
         WHERE territory = ? AND quarantine IS NOT NULL
         AND quarantine NOT IN (SELECT value FROM json_each(?))",
    )
    .bind(territory.to_string())
    .bind(codes(&at_rest)?)
    .fetch_all(transaction)
    .await?
    {
        let above = row.get::<Option<String>, _>("above").and_then(|text| text.parse().ok());
        roots.extend(above.map(|above| root(parents, above)));
        roots.insert(root(parents, parsed(row.get("record"))?));
    }
    Ok(roots)
}

/// Keeps the last contact of somebody of whom a part is about to be erased.
pub async fn remember(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    one: &Somebody,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO contact (territory, person, at) VALUES (?, ?, ?)
         ON CONFLICT (territory, person) DO UPDATE SET at = max(at, excluded.at)",
    )
    .bind(territory.to_string())
    .bind(one.id.to_string())
    .bind(begins(one.contact))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Forgets when somebody was last met: she is erased whole.
pub async fn forget(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    person: RecordId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM contact WHERE territory = ? AND person = ?")
        .bind(territory.to_string())
        .bind(person.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn of_records_that_name_each_other_one_stands() {
        let id = |number| RecordId(Uuid::from_u128(number));
        let merged = BTreeMap::from([(id(1), id(2)), (id(2), id(3)), (id(5), id(6)), (id(6), id(5)), (id(7), id(6))]);
        let stands = [1, 2, 3, 4, 5, 6, 7].map(|number| stands_for(id(number), &merged));
        assert_eq!(stands, [id(3), id(3), id(3), id(4), id(5), id(5), id(5)]);
    }
}
