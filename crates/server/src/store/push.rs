//! Receiving operations: all of a push is stored, durably, in one transaction, or nothing is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Timestamp;
use domain::id::{AccountId, DeviceId, RecordId, TerritoryId};
use domain::people::Role;
use sqlx::{Row, SqliteConnection};
use sync::protocol::{Fate, Pushed, Quarantine};
use sync::{Operation, OperationKind, Record, Seq, Sequenced};

use super::record::Owned;
use super::{AsStoreError, Store, StoreError, operation, record};
use crate::judge::judge;

/// Who speaks, as the device token says.
#[derive(Clone, Debug)]
pub struct Caller {
    pub territory: TerritoryId,
    pub account: AccountId,
    pub device: DeviceId,
    pub roles: Vec<Role>,
}

/// Why a push was not stored.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another device's operation bears this identifier: no honest device draws one twice.
    #[error("operation {0} bears an identifier already used by another device")]
    Taken(usize),
}

impl From<sqlx::Error> for PushError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl AsStoreError for PushError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Taken(_) => None,
        }
    }
}

impl Store {
    /// Stores operations and applies those that may be. The reply may be sent once this resolves: it is on the disk.
    pub async fn push(
        &self,
        caller: &Caller,
        operations: Vec<Operation>,
        now: Timestamp,
        today: NaiveDate,
    ) -> Result<Pushed, PushError> {
        let pushed = self.try_push(caller, operations, now, today).await;
        self.noted(pushed)
    }

    async fn try_push(
        &self,
        caller: &Caller,
        operations: Vec<Operation>,
        now: Timestamp,
        today: NaiveDate,
    ) -> Result<Pushed, PushError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query("SELECT seq, epoch, backed_up_seq FROM territory WHERE territory = ?")
            .bind(caller.territory.to_string())
            .fetch_one(&mut *transaction)
            .await?;
        let before: i64 = row.get("seq");
        let mut batch = Batch {
            connection: &mut transaction,
            caller,
            now,
            today,
            seq: before.cast_unsigned(),
            records: BTreeMap::new(),
            behind: BTreeMap::new(),
            clashes: Vec::new(),
        };
        let mut fates = Vec::with_capacity(operations.len());
        let mut last = 0;
        for (position, operation) in operations.into_iter().enumerate() {
            last = last.max(operation.device_seq);
            fates.push((operation.op_id, batch.receive(position, operation).await?));
        }
        batch.flush().await?;
        let after = batch.seq.cast_signed();

        let last_device_seq: i64 = sqlx::query_scalar(
            "UPDATE device SET last_device_seq = max(last_device_seq, ?) WHERE territory = ? AND device = ?
             RETURNING last_device_seq",
        )
        .bind(last.cast_signed())
        .bind(caller.territory.to_string())
        .bind(caller.device.to_string())
        .fetch_one(&mut *transaction)
        .await?;
        // Last, under the row that all writers share: sequences commit in order and without gaps.
        let drawn = sqlx::query("UPDATE territory SET seq = ? WHERE territory = ? AND seq = ?")
            .bind(after)
            .bind(caller.territory.to_string())
            .bind(before)
            .execute(&mut *transaction)
            .await?;
        if drawn.rows_affected() != 1 {
            return Err(StoreError::Corrupt("sequence drawn twice").into());
        }
        transaction.commit().await?;
        Ok(Pushed {
            fates,
            last_device_seq: last_device_seq.cast_unsigned(),
            epoch: row.get::<i64, _>("epoch").cast_unsigned(),
            backed_up_seq: row.get::<i64, _>("backed_up_seq").cast_unsigned(),
            server_time: now,
        })
    }
}

/// The state of one push while it is being received.
struct Batch<'a> {
    connection: &'a mut SqliteConnection,
    caller: &'a Caller,
    now: Timestamp,
    today: NaiveDate,
    /// Last sequence given.
    seq: Seq,
    /// Records read or made by this push, and whether they changed.
    records: BTreeMap<RecordId, (Option<Owned>, bool)>,
    /// Whether something this device wrote on this record is set aside.
    behind: BTreeMap<RecordId, bool>,
    clashes: Vec<(Sequenced, String)>,
}

impl Batch<'_> {
    async fn receive(&mut self, position: usize, operation: Operation) -> Result<Fate, PushError> {
        let territory = self.caller.territory;
        if let Some(held) = operation::held(self.connection, territory, operation.op_id).await? {
            return if held.device == self.caller.device { Ok(held.fate) } else { Err(PushError::Taken(position)) };
        }
        self.seq += 1;
        let seq = self.seq;
        let verdict = self.verdict(&operation).await?;
        let mut sequenced = Sequenced::new(seq, self.caller.account, self.now, operation);
        if self.is_erased(sequenced.operation.record_id).await? {
            // Whatever its fate: once the erasure is done, nothing would blank this body any more.
            operation::blank_values(&mut sequenced.operation);
        }
        let fate = match verdict {
            Err(reason) => {
                self.behind.insert(sequenced.operation.record_id, true);
                Fate::Quarantined { seq, reason }
            }
            Ok(owner) => self.apply(&mut sequenced, owner).await?,
        };
        operation::append(self.connection, territory, &sequenced, &fate).await?;
        if sequenced.operation.kind == OperationKind::Erase && matches!(fate, Fate::Applied { .. }) {
            operation::blank(self.connection, territory, sequenced.operation.record_id).await?;
        }
        Ok(fate)
    }

    /// Who the record belongs to once the operation is applied, or why it may not be.
    async fn verdict(&mut self, operation: &Operation) -> Result<Result<AccountId, Quarantine>, StoreError> {
        if self.is_behind(operation.record_id).await? {
            return Ok(Err(Quarantine::Behind));
        }
        let links = match judge(operation, &self.caller.roles, self.today) {
            Ok(links) => links,
            Err(reason) => return Ok(Err(reason)),
        };
        let caller = self.caller.account;
        match self.record(operation.record_id).await? {
            // Part of the care team or not is decided here; today the team is the owner alone.
            Some(owned) if owned.owner != caller => return Ok(Err(Quarantine::NoRight)),
            Some(owned) if owned.record.kind != operation.record_kind => return Ok(Err(Quarantine::InvalidValue)),
            None if operation.kind != OperationKind::Create => return Ok(Err(Quarantine::UnknownRecord)),
            _ => {}
        }
        for link in links {
            match self.record(link.record).await? {
                None => return Ok(Err(Quarantine::UnknownRecord)),
                Some(owned) if owned.owner != caller => return Ok(Err(Quarantine::NoRight)),
                Some(owned) if owned.record.kind != link.kind => return Ok(Err(Quarantine::InvalidValue)),
                Some(_) => {}
            }
        }
        Ok(Ok(caller))
    }

    async fn apply(&mut self, sequenced: &mut Sequenced, owner: AccountId) -> Result<Fate, StoreError> {
        let id = sequenced.operation.record_id;
        let known = self.record(id).await?.cloned();
        let mut owned = known.unwrap_or_else(|| Owned { owner, record: Record::of(&sequenced.operation) });
        if sequenced.operation.kind == OperationKind::Erase {
            operation::blank_values(&mut sequenced.operation);
        }
        let fields: Vec<String> = owned.record.apply(sequenced).into_iter().map(|clash| clash.field).collect();
        self.records.insert(id, (Some(owned), true));
        self.clashes.extend(fields.iter().map(|field| (sequenced.clone(), field.clone())));
        let seq = sequenced.seq;
        Ok(if fields.is_empty() { Fate::Applied { seq } } else { Fate::Conflict { seq, fields } })
    }

    async fn record(&mut self, id: RecordId) -> Result<Option<&Owned>, StoreError> {
        if !self.records.contains_key(&id) {
            let found = record::find(self.connection, self.caller.territory, id).await?;
            self.records.insert(id, (found, false));
        }
        Ok(self.records.get(&id).and_then(|(owned, _)| owned.as_ref()))
    }

    async fn is_erased(&mut self, id: RecordId) -> Result<bool, StoreError> {
        Ok(self.record(id).await?.is_some_and(|owned| owned.record.is_erased()))
    }

    async fn is_behind(&mut self, id: RecordId) -> Result<bool, StoreError> {
        if let Some(known) = self.behind.get(&id) {
            return Ok(*known);
        }
        let Caller { territory, device, .. } = *self.caller;
        let behind = operation::is_held_behind(self.connection, territory, device, id).await?;
        self.behind.insert(id, behind);
        Ok(behind)
    }

    /// Writes the states the operations lead to, then the conflicts that refer to them.
    async fn flush(&mut self) -> Result<(), StoreError> {
        for (owned, changed) in std::mem::take(&mut self.records).into_values() {
            if let (Some(owned), true) = (owned, changed) {
                record::write(self.connection, self.caller.territory, &owned).await?;
            }
        }
        for (sequenced, field) in std::mem::take(&mut self.clashes) {
            operation::open_conflict(self.connection, self.caller.territory, &sequenced, &field).await?;
        }
        Ok(())
    }
}
