//! An official file beside the cards that are there, one after the other: neither is ever held whole.

use domain::Timestamp;
use domain::annuaire::entry::Entry;
use domain::annuaire::import::{Known, Met, Plan, Planner, Scope, Terms, Write};
use domain::id::{RecordId, TerritoryId};
use domain::record::{Fields, Value};
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::difference::Open;
use super::entry::{self, Pen, Written, values};
use super::import::{NewImport, json as text};
use super::record::{self, Owned};
use super::{Caller, StoreError, difference};

/// Cards told in one statement.
const AT_ONCE: usize = 200;

/// The cards of a file.
pub type Cards<'a> = &'a mut (dyn Iterator<Item = Entry> + Send);

/// What an import would do; with a writer, it is done.
pub async fn compare(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    terms: &Terms,
    cards: Cards<'_>,
    mut writer: Option<Writer<'_>>,
) -> Result<(Plan, Option<Pen>), StoreError> {
    let mut planner = Planner::new(terms);
    let mut plan = Plan::of_the_first(Plan::SHOWN);
    entry::each(connection, territory, |card| planner.know(&card)).await?;
    for card in cards {
        let mut met = planner.meet(card);
        match (&mut met, &mut writer) {
            (Met::New(_, fields), Some(writer)) => writer.create(connection, std::mem::take(fields)).await?,
            (Met::Is(card, fields), writer) => {
                let (owned, known) = find(connection, territory, *card).await?;
                let compared = planner.compare(&known, fields);
                if let Some(writer) = writer {
                    let write = compared.change.as_ref().map(Write::set);
                    writer.change(connection, owned, write).await?;
                    writer.saw(connection, known.id).await?;
                    writer.differ(connection, known.id, fields, &compared.differences).await?;
                }
                plan.compared(compared);
            }
            _ => {}
        }
        plan.met(met);
    }
    let absent: Vec<RecordId> = planner.absent().collect();
    for card in absent {
        let (owned, known) = find(connection, territory, card).await?;
        let flag = planner.leave(&known);
        if let Some(writer) = &mut writer {
            writer.change(connection, owned, flag.as_ref().map(Write::set)).await?;
        }
        plan.leaves(flag);
    }
    plan.held = planner.held();
    let pen = match writer {
        Some(writer) => Some(writer.end(connection).await?),
        None => None,
    };
    Ok((plan, pen))
}

async fn find(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    card: RecordId,
) -> Result<(Owned, Known), StoreError> {
    let owned = record::find(connection, territory, card).await?.ok_or(StoreError::Corrupt("record"))?;
    let known = Known { id: card, fields: values(&owned.record) };
    Ok((owned, known))
}

/// Writes what an import does, card after card, with what takes it back.
pub struct Writer<'a> {
    author: &'a Caller,
    new: &'a NewImport,
    import: Uuid,
    /// Whether the file tells which cards are in the register.
    whole: bool,
    /// What earlier files left to be settled.
    open: Open,
    pen: Pen,
    /// What is told of so many cards in one statement: a statement costs more than what it writes.
    done: Vec<Value>,
    seen: Vec<RecordId>,
}

impl<'a> Writer<'a> {
    pub async fn of(
        connection: &mut SqliteConnection,
        author: &'a Caller,
        new: &'a NewImport,
        import: Uuid,
        scope: Scope,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let open = difference::open(connection, author.territory).await?;
        let pen = Pen::take(connection, author, now).await?;
        let (whole, done, seen) = (scope == Scope::Whole, Vec::new(), Vec::new());
        Ok(Self { author, new, import, whole, open, pen, done, seen })
    }

    async fn create(&mut self, connection: &mut SqliteConnection, fields: Fields) -> Result<(), StoreError> {
        // One after the other in the tables too: random ones would have each page of them written many times.
        let card = RecordId(Uuid::now_v7());
        let written = self.pen.write(connection, self.author, &Write::create(card, fields), None).await?;
        self.keep(connection, written).await?;
        self.note_seen(connection, card).await
    }

    async fn change(
        &mut self,
        connection: &mut SqliteConnection,
        owned: Owned,
        write: Option<Write>,
    ) -> Result<(), StoreError> {
        let Some(write) = write else { return Ok(()) };
        let written = self.pen.write(connection, self.author, &write, Some(owned)).await?;
        self.keep(connection, written).await
    }

    async fn keep(&mut self, connection: &mut SqliteConnection, written: Written) -> Result<(), StoreError> {
        let Written { card, op_id, created, former } = written;
        self.done.push(json!({ "record": card, "op_id": op_id, "created": created, "former": former }));
        if self.done.len() < AT_ONCE { Ok(()) } else { self.tell_done(connection).await }
    }

    /// An extract may hold one of the places of a person and not the others: it makes nobody younger.
    async fn saw(&mut self, connection: &mut SqliteConnection, card: RecordId) -> Result<(), StoreError> {
        if self.whole { self.note_seen(connection, card).await } else { Ok(()) }
    }

    async fn note_seen(&mut self, connection: &mut SqliteConnection, card: RecordId) -> Result<(), StoreError> {
        self.seen.push(card);
        if self.seen.len() < AT_ONCE { Ok(()) } else { self.tell_seen(connection).await }
    }

    async fn tell_done(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let done = std::mem::take(&mut self.done);
        sqlx::query(
            "INSERT INTO import_card (territory, import, record, op_id, created, former)
             SELECT ?, ?, value ->> 'record', value ->> 'op_id', value ->> 'created', value -> 'former' FROM json_each(?)",
        )
        .bind(self.author.territory.to_string())
        .bind(self.import.to_string())
        .bind(text(&done)?)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn tell_seen(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let seen = std::mem::take(&mut self.seen);
        entry::note_seen(connection, self.author.territory, &seen, self.new.source()).await
    }

    async fn end(mut self, connection: &mut SqliteConnection) -> Result<Pen, StoreError> {
        self.tell_done(connection).await?;
        self.tell_seen(connection).await?;
        Ok(self.pen)
    }

    async fn differ(
        &self,
        connection: &mut SqliteConnection,
        card: RecordId,
        file: &Fields,
        found: &[domain::annuaire::import::Difference],
    ) -> Result<(), StoreError> {
        let territory = self.author.territory;
        for fact in self.open.get(&card).into_iter().flatten() {
            // The file now says what was declared.
            if file.contains_key(fact) && !found.iter().any(|one| one.fact == *fact) {
                difference::close(connection, territory, card, fact).await?;
            }
        }
        for one in found {
            difference::note(connection, territory, one, self.new.source(), self.import).await?;
        }
        Ok(())
    }
}
