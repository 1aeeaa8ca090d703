//! How long what is kept is kept: the durations of a territory, what they would take, and its erasure once its time is over.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::id::{AccountId, DeviceId, OpId, RecordId, TerritoryId};
use domain::people::Role;
use domain::retention::{Rule, applies_on, due_on, kept_since, waits};
use domain::{Day, Timestamp};
use sqlx::{Row, SqliteConnection};
use sync::protocol::Fate;
use sync::protocol::audit::Event;
use sync::{Operation, OperationKind, Seq};
use uuid::Uuid;

use super::batch::{Batch, Received};
use super::push::PushError;
use super::retention_people::{Somebody, concerned, remember};
use super::{Caller, Noted, Store, StoreError, annuaire, audit, entry, parsed, record, sequence, sight};
use crate::clock;

/// Login of the account in whose name what is past its time is erased, and its name in the journal.
const LOGIN: &str = "conservation";
const NAME: &str = "Durées de conservation";
/// Detail of the entry of the audit that tells of a person, or of lines of the audit itself, whose time was over.
const OVER: &str = "retention";
/// Lines of the audit that go in one transaction.
const LOT: i64 = 500;
/// How many times a run reads the people again because somebody wrote meanwhile, at most: it goes on the next day.
const PATIENCE: u32 = 200;
/// The database itself refuses to lose what is less than this older than the newest line of the audit.
const FLOOR_MS: i64 = 365 * 86_400_000;

/// A duration as the territory has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub rule: Rule,
    pub months: u32,
    pub confirmed: Option<Confirmed>,
}

/// That somebody answers for a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub at: Timestamp,
    /// « Claire Vidal »
    pub by: String,
}

impl Term {
    /// The first day on which it erases anything; `None` while nobody confirmed it.
    pub fn applies_on(&self) -> Option<NaiveDate> {
        self.confirmed.as_ref().map(|confirmed| applies_on(day(confirmed.at)))
    }

    /// Whether it erases now.
    fn applies(&self, now: Timestamp) -> bool {
        self.applies_on().is_some_and(|from| from <= day(now))
    }

    /// The day on which what was last touched then goes; `None` while nothing goes.
    fn goes_on(&self, last: NaiveDate) -> Option<NaiveDate> {
        Some(due_on(last, self.months).max(self.applies_on()?))
    }
}

/// How much is past its time, by a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    pub now: usize,
    /// Within thirty days, those above included.
    pub month: usize,
    /// Within a year, those above included.
    pub year: usize,
}

/// Something of somebody that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    pub record: RecordId,
    pub on: Day,
    /// Nothing is left of her.
    pub whole: bool,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    pub people: usize,
    /// People who keep their record, and of whom what a programme noted is erased.
    pub parts: usize,
    /// People whose erasure failed: the next run tries again.
    pub failed: usize,
    /// Lines of the audit.
    pub lines: u64,
}

impl Store {
    /// The durations of a territory, one a rule.
    pub async fn durations(&self, territory: TerritoryId) -> Result<Vec<Term>, StoreError> {
        durations(&mut *self.snapshot().await?, territory).await
    }

    /// Sets a duration, confirmed by the caller or by nobody. The months must be of those the rule takes.
    pub async fn set_duration(
        &self,
        caller: &Caller,
        rule: Rule,
        months: u32,
        confirmed: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO retention (territory, rule, months, confirmed_at, confirmed_by) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (territory, rule) DO UPDATE SET months = excluded.months, confirmed_at = excluded.confirmed_at,
             confirmed_by = excluded.confirmed_by",
        )
        .bind(caller.territory.to_string())
        .bind(rule.code())
        .bind(months)
        .bind(confirmed.then_some(now.0))
        .bind(confirmed.then(|| caller.account.to_string()))
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// How many people, or lines of the audit, are past this duration today and soon, were it confirmed.
    pub async fn forecast(&self, territory: TerritoryId, term: &Term, now: Timestamp) -> Result<Forecast, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let today = day(now);
        let horizons = [0, 30, 365].map(|days| today + chrono::Days::new(days));
        let mut counts = [0; 3];
        match term.rule {
            Rule::Person | Rule::Programme(_) => {
                let people = concerned(&mut snapshot, territory, term.rule, now).await?;
                for (count, horizon) in counts.iter_mut().zip(horizons) {
                    *count = people.iter().filter(|one| due_on(one.last, term.months) <= horizon).count();
                }
            }
            Rule::Audit => {
                for (count, horizon) in counts.iter_mut().zip(horizons) {
                    let before = begins(kept_since(horizon, term.months));
                    let lines: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE territory = ? AND at < ?")
                        .bind(territory.to_string())
                        .bind(before)
                        .fetch_one(&mut *snapshot)
                        .await?;
                    *count = usize::try_from(lines).unwrap_or_default();
                }
            }
        }
        let [now, month, year] = counts;
        Ok(Forecast { now, month, year })
    }

    /// The people of whom the caller sees the whole and of whom something goes within so many days, soonest first, by the
    /// duration that takes it. One line a person, under the record the caller knows her by.
    pub async fn leaving(
        &self,
        caller: &Caller,
        within: u64,
        now: Timestamp,
    ) -> Result<Vec<(Term, Vec<Leaving>)>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let until = day(now) + chrono::Days::new(within);
        let mut all = Vec::new();
        for term in durations(&mut snapshot, caller.territory).await? {
            if term.confirmed.is_none() {
                continue;
            }
            let mut leaving = Vec::new();
            for one in concerned(&mut snapshot, caller.territory, term.rule, now).await? {
                let Some(on) = term.goes_on(one.last).filter(|on| *on <= until) else { continue };
                for record in std::iter::once(one.id).chain(one.records.iter().copied()) {
                    if sight::is_whole(&mut snapshot, caller.territory, caller.account, record).await? {
                        leaving.push(Leaving { record, on: Day(on), whole: one.is_whole() });
                        break;
                    }
                }
            }
            leaving.sort_by_key(|one| (one.on, one.record));
            if !leaving.is_empty() {
                all.push((term, leaving));
            }
        }
        Ok(all)
    }

    /// Erases the people whose time is over and the lines of the audit that are too old, wherever a duration is confirmed
    /// and its notice over. `now` is a time that [`Store::believed`] answered. Each person is one transaction: who writes
    /// meanwhile waits for one of them at most, and what is not done when this stops is done the next time.
    pub async fn purge(&self, territory: TerritoryId, now: Timestamp) -> Result<Purged, StoreError> {
        let purged = self.try_purge(territory, now).await;
        self.noted(purged)
    }

    async fn try_purge(&self, territory: TerritoryId, now: Timestamp) -> Result<Purged, StoreError> {
        let mut purged = Purged::default();
        for rule in Rule::all() {
            self.purge_people(territory, rule, now, &mut purged).await?;
        }
        purged.lines = self.purge_audit(territory, now).await?;
        Ok(purged)
    }

    async fn purge_people(
        &self,
        territory: TerritoryId,
        rule: Rule,
        now: Timestamp,
        purged: &mut Purged,
    ) -> Result<(), StoreError> {
        let mut failed = BTreeSet::new();
        let mut patience = PATIENCE;
        loop {
            let (mut head, due) = self.due(territory, rule, now).await?;
            let mut stale = false;
            for one in due.iter().filter(|one| !failed.contains(&one.id)).collect::<Vec<_>>() {
                match self.erase_due(territory, rule, one, head, now).await {
                    Ok(Some(after)) => {
                        head = after;
                        *if one.is_whole() { &mut purged.people } else { &mut purged.parts } += 1;
                    }
                    Ok(None) => {
                        stale = true;
                        break;
                    }
                    Err(PushError::Store(error @ (StoreError::Full(_) | StoreError::Sql(sqlx::Error::PoolClosed)))) => {
                        return Err(error);
                    }
                    Err(error) => {
                        tracing::error!(%error, "somebody whose time is over could not be erased");
                        failed.insert(one.id);
                    }
                }
            }
            if !stale || patience == 0 {
                break;
            }
            patience -= 1;
        }
        purged.failed += failed.len();
        Ok(())
    }

    /// Of whom a rule erases something today, and where the log stood then. Whoever a device may still tell of waits for it.
    async fn due(
        &self,
        territory: TerritoryId,
        rule: Rule,
        now: Timestamp,
    ) -> Result<(Seq, Vec<Somebody>), StoreError> {
        let mut snapshot = self.snapshot().await?;
        let head = sequence::head(&mut snapshot, territory).await?.seq;
        let term = term(&mut snapshot, territory, rule).await?;
        if !term.applies(now) {
            return Ok((head, Vec::new()));
        }
        let (today, exchanged) = (day(now), exchanged(&mut snapshot, territory).await?);
        let mut due = Vec::new();
        for one in concerned(&mut snapshot, territory, rule, now).await? {
            let Some(on) = term.goes_on(one.last).filter(|on| *on <= today) else { continue };
            let silent = exchanged.iter().filter(|(_, seen)| waits(on, **seen, today)).map(|(account, _)| *account);
            if !is_followed(&mut snapshot, territory, &one.records, &silent.collect()).await? {
                due.push(one);
            }
        }
        Ok((head, due))
    }

    /// Erases what goes of one person, as at her request. `None`: somebody wrote since, or the duration changed; nothing is
    /// done.
    async fn erase_due(
        &self,
        territory: TerritoryId,
        rule: Rule,
        one: &Somebody,
        head: Seq,
        now: Timestamp,
    ) -> Result<Option<Seq>, PushError> {
        let mut transaction = self.begin().await?;
        if sequence::head(&mut transaction, territory).await?.seq != head {
            return Ok(None);
        }
        // Suspended since: the list read again will be empty.
        let term = term(&mut transaction, territory, rule).await?;
        if !term.applies(now) {
            return Ok(None);
        }
        if !one.is_whole() {
            remember(&mut transaction, territory, one).await?;
        }
        let keeper = keeper(&mut transaction, territory, now).await?;
        let mut device_seq = entry::last_of(&mut transaction, &keeper).await?;
        let (mut seq, mut erased) = (head, Vec::new());
        for id in &one.goes {
            device_seq += 1;
            let received = erase(&mut transaction, &keeper, (*id, device_seq), seq, now).await?;
            seq = received.seq;
            erased.extend(received.erased);
        }
        entry::set_last(&mut transaction, &keeper, device_seq).await?;
        sequence::draw(&mut transaction, territory, head, seq).await?;
        self.list_erased(erased).await?;
        transaction.commit().await?;
        Ok(Some(seq))
    }

    /// Removes the lines of the audit that are too old, some at a time. A line says that they went.
    async fn purge_audit(&self, territory: TerritoryId, now: Timestamp) -> Result<u64, StoreError> {
        let mut lines = 0;
        // Nobody waits for a run that has nothing to do.
        let mut term = term(&mut *self.snapshot().await?, territory, Rule::Audit).await?;
        while term.applies(now) {
            let mut transaction = self.begin().await?;
            // Suspended meanwhile, it stops.
            term = self::term(&mut transaction, territory, Rule::Audit).await?;
            if !term.applies(now) {
                break;
            }
            let newest: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM audit WHERE territory = ?")
                .bind(territory.to_string())
                .fetch_one(&mut *transaction)
                .await?;
            let Some(newest) = newest else { break };
            // A server that stood still for weeks: what the database would refuse stays for now.
            let before = begins(kept_since(day(now), term.months)).min(newest - FLOOR_MS);
            let done = sqlx::query(
                "DELETE FROM audit WHERE territory = ? AND entry IN
                 (SELECT entry FROM audit WHERE territory = ? AND at < ? ORDER BY at LIMIT ?)",
            )
            .bind(territory.to_string())
            .bind(territory.to_string())
            .bind(before)
            .bind(LOT)
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 0 {
                break;
            }
            if lines == 0 {
                let keeper = keeper(&mut transaction, territory, now).await?;
                let noted = Noted::by(&keeper, Event::Erased, None, Some(OVER));
                audit::append(&mut transaction, territory, noted, None, now).await?;
            }
            transaction.commit().await?;
            lines += done.rows_affected();
        }
        Ok(lines)
    }
}

/// Erases one record, and all that hangs on it, after a sequence.
async fn erase(
    transaction: &mut SqliteConnection,
    keeper: &Caller,
    (id, device_seq): (RecordId, u64),
    seq: Seq,
    now: Timestamp,
) -> Result<Received, PushError> {
    let Some(owned) = record::find(transaction, keeper.territory, id).await? else {
        return Err(StoreError::Corrupt("record").into());
    };
    sight::begin_alone(transaction, keeper.territory, id, keeper.account).await?;
    let erasure = Operation {
        op_id: OpId(Uuid::now_v7()),
        device_id: keeper.device,
        device_seq,
        record_id: id,
        record_kind: owned.record.kind,
        form_version: owned.record.form_version,
        kind: OperationKind::Erase,
        fields: BTreeMap::new(),
        reason: None,
        device_time: now,
    };
    let mut batch = Batch::after(seq, transaction, keeper, clock::latest_day(now)).await?;
    let fate = batch.receive(0, erasure, now).await?;
    if !matches!(fate, Fate::Applied { .. }) {
        return Err(StoreError::Corrupt("a record is not to be erased").into());
    }
    let received = batch.flush().await?;
    let noted = Noted::by(keeper, Event::Erased, Some(id), Some(OVER));
    audit::append(transaction, keeper.territory, noted, None, now).await?;
    Ok(received)
}

/// The day of an instant. Durations are counted in days of universal time, at both ends.
pub fn day(at: Timestamp) -> NaiveDate {
    at.local(0).date()
}

/// The first instant of a day.
pub fn begins(day: NaiveDate) -> i64 {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()
}

async fn term(transaction: &mut SqliteConnection, territory: TerritoryId, rule: Rule) -> Result<Term, StoreError> {
    let all = durations(transaction, territory).await?;
    all.into_iter().find(|one| one.rule == rule).ok_or(StoreError::Corrupt("retention"))
}

async fn durations(transaction: &mut SqliteConnection, territory: TerritoryId) -> Result<Vec<Term>, StoreError> {
    let rows = sqlx::query(
        "SELECT retention.rule, retention.months, retention.confirmed_at, account.name FROM retention
         LEFT JOIN account ON account.territory = retention.territory AND account.account = retention.confirmed_by
         WHERE retention.territory = ?",
    )
    .bind(territory.to_string())
    .fetch_all(transaction)
    .await?;
    let of = |rule: Rule| {
        let Some(row) = rows.iter().find(|row| row.get::<&str, _>("rule") == rule.code()) else {
            return Term { rule, months: rule.proposed(), confirmed: None };
        };
        let confirmed = row
            .get::<Option<i64>, _>("confirmed_at")
            .map(|at| Confirmed { at: Timestamp(at), by: row.get::<Option<String>, _>("name").unwrap_or_default() });
        Term { rule, months: row.get("months"), confirmed }
    };
    Ok(Rule::all().map(of).collect())
}

/// For each account that is open, the day of the last exchange of its device that has exchanged nothing for longest. A device
/// that was revoked or holds nothing any more is none; one whose days of exchange are over is heard of, and sends nothing.
async fn exchanged(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
) -> Result<BTreeMap<AccountId, NaiveDate>, StoreError> {
    sqlx::query(
        "SELECT device.account, min(min(device.seen_at, device.expires_at)) AS at FROM device
         JOIN account ON account.territory = device.territory AND account.account = device.account
         WHERE device.territory = ? AND device.revoked_at IS NULL AND device.wiped_at IS NULL
         AND account.disabled_at IS NULL GROUP BY device.account",
    )
    .bind(territory.to_string())
    .fetch_all(transaction)
    .await?
    .iter()
    .map(|row| Ok((parsed(row.get("account"))?, day(Timestamp(row.get("at"))))))
    .collect()
}

/// Whether one of these accounts sees the whole of one of these records.
async fn is_followed(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    records: &[RecordId],
    by: &BTreeSet<AccountId>,
) -> Result<bool, StoreError> {
    // Most of the time every device was heard of, and nothing is read.
    for id in records.iter().filter(|_| !by.is_empty()) {
        let seen = sight::of(transaction, territory, *id).await?;
        if seen.iter().any(|(account, part)| part.is_none() && by.contains(account)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// In whose name what is past its time is erased, made the first time. It writes what any professional may.
async fn keeper(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    now: Timestamp,
) -> Result<Caller, StoreError> {
    let row = sqlx::query("SELECT account, device FROM keeper WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_optional(&mut *transaction)
        .await?;
    let (account, device): (AccountId, DeviceId) = match row {
        Some(row) => (parsed(row.get("account"))?, parsed(row.get("device"))?),
        None => {
            let (account, device) = annuaire::nobody(transaction, territory, LOGIN, NAME, now).await?;
            sqlx::query("INSERT INTO keeper (territory, account, device) VALUES (?, ?, ?)")
                .bind(territory.to_string())
                .bind(account.to_string())
                .bind(device.to_string())
                .execute(transaction)
                .await?;
            (account, device)
        }
    };
    Ok(Caller { territory, account, device, roles: vec![Role::Professional] })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn plan(store: &Store, sql: &'static str, binds: usize) -> String {
        let mut query = sqlx::query(sql);
        for _ in 0..binds {
            query = query.bind("x");
        }
        let rows = query.fetch_all(&store.read).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("; ")
    }

    /// A run reads no body and no state but those of the people: the log may weigh gigabytes.
    #[tokio::test]
    async fn contacts_are_read_from_indexes_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let received = "EXPLAIN QUERY PLAN SELECT record.record, (SELECT operation.received_at FROM operation
            INDEXED BY operation_received WHERE operation.territory = record.territory
            AND operation.record = record.record AND operation.quarantine IS NOT 'no-right'
            ORDER BY operation.received_at DESC LIMIT 1) AS at FROM record INDEXED BY record_seq
            WHERE record.territory = ?";
        let plan_of = plan(&store, received, 1).await;
        let both = ["COVERING INDEX record_seq", "COVERING INDEX operation_received (territory=? AND record=?)"];
        assert!(both.iter().all(|index| plan_of.contains(index)) && !plan_of.contains("TEMP"), "{plan_of}");
        let hanging = "EXPLAIN QUERY PLAN SELECT record, parent FROM record INDEXED BY record_of_parent
            WHERE territory = ? AND parent IS NOT NULL";
        let plan_of = plan(&store, hanging, 1).await;
        assert!(plan_of.contains("COVERING INDEX record_of_parent"), "{plan_of}");
    }

    /// What is written between the list and the erasure is seen: it may be a contact.
    #[tokio::test]
    async fn nobody_is_erased_on_a_list_that_is_no_longer_true() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let begun = Timestamp(1_700_000_000_000);
        let territory = crate::demo::load(&store, begun).await.unwrap().id;
        let account = store.account_by_login(territory, "admin").await.unwrap().unwrap();
        let device = DeviceId(Uuid::new_v4());
        let admin = Caller { territory, account: account.id, device, roles: account.roles };
        store.set_duration(&admin, Rule::Person, 12, true, begun).await.unwrap();
        // The wait for the devices of the demonstration is over.
        let now = Timestamp(begun.0 + 500 * 86_400_000);
        let (head, due) = store.due(territory, Rule::Person, now).await.unwrap();
        assert!(due.len() > 5, "the people of the demonstration");
        assert_eq!(
            store.erase_due(territory, Rule::Person, &due[0], head - 1, now).await.unwrap(),
            None,
            "somebody wrote since"
        );
        let after = store.erase_due(territory, Rule::Person, &due[0], head, now).await.unwrap().unwrap();
        assert_eq!(store.erase_due(territory, Rule::Person, &due[1], head, now).await.unwrap(), None);
        store.set_duration(&admin, Rule::Person, 12, false, now).await.unwrap();
        assert_eq!(
            store.erase_due(territory, Rule::Person, &due[1], after, now).await.unwrap(),
            None,
            "suspended meanwhile"
        );
        store.set_duration(&admin, Rule::Person, 12, true, begun).await.unwrap();
        assert_eq!(store.purge(territory, now).await.unwrap().people, due.len() - 1);
        assert!(store.due(territory, Rule::Person, now).await.unwrap().1.is_empty());
    }
}
