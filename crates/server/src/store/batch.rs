//! Operations of one device on their way into the log, inside one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::Timestamp;
use domain::id::{AccountId, RecordId};
use domain::people::{Role, access};
use domain::record::PARENT;
use sqlx::SqliteConnection;
use sync::protocol::{Fate, Quarantine};
use sync::{Operation, OperationKind, Record, Seq, Sequenced};

use super::erased::Erased;
use super::push::{Caller, PushError};
use super::record::Owned;
use super::signature::{Signer, signature_of};
use super::{StoreError, operation, quarantine, record, scope, sight, stand, trace};

/// The state of one transaction that receives operations, or applies again what was set aside.
pub struct Batch<'a> {
    pub(super) connection: &'a mut SqliteConnection,
    /// Who wrote the operations, with the roles she has now.
    pub(super) author: &'a Caller,
    signer: Signer,
    /// Who opened the stand this device is: what it begins is hers. `None` for any other device.
    pub(super) opener: Option<AccountId>,
    /// It is the telephone of somebody who signs herself up.
    pub(super) visit: bool,
    /// The access of the device has ended: a person looks at what it sends before it is applied.
    pub(super) revoked: bool,
    pub(super) today: NaiveDate,
    /// Last sequence given.
    pub(super) seq: Seq,
    /// Records read or made, and whether they changed.
    pub(super) records: BTreeMap<RecordId, (Option<Owned>, bool)>,
    /// Whether something this device wrote on this record is set aside.
    pub(super) behind: BTreeMap<RecordId, bool>,
    created: Vec<RecordId>,
    pub(super) erased: Vec<Erased>,
    /// Whose sight of a record changes, and at which sequence.
    pub(super) scope: Vec<(AccountId, Seq, RecordId)>,
    /// Whether who sees what was settled anew.
    settled: bool,
}

/// What of a record says who sees what.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    parent: Option<RecordId>,
    merged: Option<RecordId>,
    decides: bool,
}

impl Place {
    fn of(record: &Record) -> Self {
        Self { parent: record::parent(record), merged: record::merged(record), decides: sight::decides(record) }
    }
}

/// What a batch leaves to do before the commit.
pub struct Received {
    /// Last sequence given.
    pub seq: Seq,
    /// Records that did not exist before.
    pub created: Vec<RecordId>,
    /// What was erased, to be listed beside the database.
    pub erased: Vec<Erased>,
    /// Whether who sees what was settled anew.
    pub settled: bool,
}

impl<'a> Batch<'a> {
    /// Begins after the last sequence given.
    pub async fn after(
        seq: Seq,
        connection: &'a mut SqliteConnection,
        author: &'a Caller,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let signer = Signer::of(connection, author.territory, author.device).await?;
        let stand = if author.roles.contains(&Role::StandSession) {
            stand::opener(connection, author.territory, author.device).await?
        } else {
            None
        };
        let (opener, visit) = stand.map_or((None, false), |(opener, visit)| (Some(opener), visit));
        let (records, behind) = (BTreeMap::new(), BTreeMap::new());
        let (created, erased, scope) = (Vec::new(), Vec::new(), Vec::new());
        let (revoked, settled) = (false, false);
        Ok(Self {
            connection,
            author,
            signer,
            opener,
            visit,
            revoked,
            today,
            seq,
            records,
            behind,
            created,
            erased,
            scope,
            settled,
        })
    }

    /// Sets aside all that is received, when the access of the device has ended.
    pub fn of_revoked(self, revoked: bool) -> Self {
        Self { revoked, ..self }
    }

    /// Whether there is room for an operation: no hand writes without end on the telephone of somebody who signs herself up.
    /// Where there is none it is not received, not even set aside, and nobody says that it was.
    pub async fn has_room(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let Caller { territory, device, .. } = *self.author;
        Ok(!self.visit
            || operation::held(self.connection, territory, operation.op_id).await?.is_some()
            || stand::takes(self.connection, territory, device, operation).await?)
    }

    /// Stores an operation, applied or set aside.
    pub async fn receive(&mut self, position: usize, operation: Operation, now: Timestamp) -> Result<Fate, PushError> {
        let territory = self.author.territory;
        if let Some(held) = operation::held(self.connection, territory, operation.op_id).await? {
            if held.device != self.author.device {
                return Err(PushError::Taken(position));
            }
            let account = self.author.account;
            let erased = self.record(operation.record_id).await?.is_some_and(|owned| owned.record.is_erased());
            if erased && self.reads_no_more(operation.record_id).await? {
                // A restoration made her device send it again: it may have read past what told it to purge the record.
                self.seq += 1;
                self.scope.push((account, self.seq, operation.record_id));
            }
            return Ok(held.fate);
        }
        if operation.is_trace() {
            return self.receive_trace(position, operation, now).await;
        }
        let verdict = self.first_verdict(&operation).await?;
        self.seq += 1;
        let seq = self.seq;
        let mut sequenced = Sequenced::new(seq, self.author.account, now, operation);
        let fate = match verdict {
            Err(reason) => {
                if !reason.is_final() {
                    self.behind.insert(sequenced.operation.record_id, true);
                }
                Fate::Quarantined { seq, reason }
            }
            Ok(()) => self.apply(&mut sequenced).await?,
        };
        operation::append(self.connection, territory, &sequenced, &fate).await?;
        Ok(fate)
    }

    /// Notes what a device tells of a consultation, even one whose access has ended. It is no record, and its sequence is of
    /// no operation of the log: the device keeps it until a backup has passed that.
    async fn receive_trace(
        &mut self,
        position: usize,
        mut operation: Operation,
        now: Timestamp,
    ) -> Result<Fate, PushError> {
        let Caller { territory, account, device, .. } = *self.author;
        match trace::held(self.connection, territory, operation.op_id).await? {
            Some(by) if by == device => return Ok(Fate::Duplicate { seq: self.seq }),
            Some(_) => return Err(PushError::Taken(position)),
            None => {}
        }
        self.seq += 1;
        let seq = self.seq;
        let reason = match trace::verdict(&operation, &self.author.roles, self.today) {
            Ok(told) => {
                trace::note(self.connection, self.author, told, &operation, now).await?;
                return Ok(Fate::Applied { seq });
            }
            Err(reason) => reason,
        };
        if trace::told(&operation).is_none() {
            // Whatever it holds, nobody wrote it as an entry: nothing of it is kept but that it came.
            operation::blank_values(&mut operation);
        }
        let fate = Fate::Quarantined { seq, reason };
        operation::append(self.connection, territory, &Sequenced::new(seq, account, now, operation), &fate).await?;
        Ok(fate)
    }

    /// Judges again an operation that was set aside. Applied, it draws a new sequence: devices have read past its first.
    pub async fn again(&mut self, mut waiting: Sequenced) -> Result<Result<(), Quarantine>, StoreError> {
        let territory = self.author.territory;
        let verdict = match waiting.operation.is_trace() {
            true => trace::verdict(&waiting.operation, &self.author.roles, self.today).map(drop),
            false => self.verdict(&waiting.operation).await?,
        };
        if let Err(reason) = verdict {
            quarantine::keep_aside(self.connection, territory, waiting.operation.op_id, reason).await?;
            return Ok(Err(reason));
        }
        self.seq += 1;
        waiting.seq = self.seq;
        let fate = match trace::told(&waiting.operation) {
            Some(told) => {
                trace::note(self.connection, self.author, told, &waiting.operation, waiting.received_at).await?;
                Fate::Applied { seq: self.seq }
            }
            None => self.apply(&mut waiting).await?,
        };
        quarantine::lift(self.connection, territory, &waiting, &fate).await?;
        Ok(Ok(()))
    }

    /// Writes the states the operations lead to.
    pub async fn flush(mut self) -> Result<Received, StoreError> {
        self.write().await?;
        for (account, seq, record) in self.scope {
            scope::note(self.connection, self.author.territory, account, seq, record).await?;
        }
        Ok(Received { seq: self.seq, created: self.created, erased: self.erased, settled: self.settled })
    }

    /// Whose a record is that begins with this operation.
    async fn owner_of(&mut self, operation: &Operation) -> Result<AccountId, StoreError> {
        let author = self.opener.unwrap_or(self.author.account);
        // What hangs on a record follows it, whoever adds it.
        let parent = operation.fields.get(PARENT).and_then(|edit| edit.value.as_str()?.parse().ok());
        let Some(parent) = parent else { return Ok(author) };
        Ok(self.record(parent).await?.map_or(author, |owned| owned.owner))
    }

    async fn apply(&mut self, sequenced: &mut Sequenced) -> Result<Fate, StoreError> {
        let id = sequenced.operation.record_id;
        let orphan = self.hangs_on_erased(&sequenced.operation).await?;
        let known = self.record(id).await?.cloned();
        let before = known.as_ref().map(|owned| Place::of(&owned.record));
        let mut kept_from = false;
        let mut owned = match known {
            Some(owned) => owned,
            None => {
                self.created.push(id);
                let owner = self.owner_of(&sequenced.operation).await?;
                let parent = sequenced.operation.fields.get(PARENT).and_then(|edit| edit.value.as_str()?.parse().ok());
                let kind = sequenced.operation.record_kind.as_str();
                kept_from = owner != self.author.account
                    && access::may_follow(&self.author.roles)
                    && sight::is_kept_from(self.connection, self.author.territory, owner, kind).await?;
                let begins = (id, kind, sequenced.seq);
                let told = sight::begin(self.connection, self.author.territory, begins, owner, parent).await?;
                let of_author = told.contains(&self.author.account);
                self.scope.extend(told.into_iter().map(|account| (account, sequenced.seq, id)));
                // What she adds to somebody she sees no more, her devices purge as the rest. What begins by itself is hers.
                let stranger = parent.is_some() && !orphan && !of_author && self.reads_no_more(id).await?;
                self.scope.extend(stranger.then_some((self.author.account, sequenced.seq, id)));
                Owned { owner, record: Record::of(&sequenced.operation) }
            }
        };
        if orphan {
            self.erase_with(&mut owned, sequenced).await?;
        }
        let erased = owned.record.is_erased();
        if erased || sequenced.operation.kind == OperationKind::Erase {
            operation::blank_values(&mut sequenced.operation);
        }
        let mut standing = BTreeMap::new();
        for op_id in owned.record.standing(&sequenced.operation) {
            let signature = signature_of(self.connection, self.author.territory, op_id).await?;
            standing.extend(signature.map(|signature| (op_id, signature)));
        }
        let by = self.signer.sign(sequenced);
        let mut fields = owned.record.arrive(sequenced, &by, &standing);
        if !erased && self.joins_erased(&owned.record, &sequenced.operation).await? {
            self.erase_with(&mut owned, sequenced).await?;
            operation::blank_values(&mut sequenced.operation);
            sequenced.conflicts.clear();
            fields.clear();
            self.erase_below(sequenced, &owned).await?;
        } else if erased {
            // Her devices purge what they hold of it, though she sees it no more.
            let stranger = self.reads_no_more(id).await?.then_some(self.author.account);
            self.scope.extend(stranger.map(|account| (account, sequenced.seq, id)));
        } else if owned.record.is_erased() {
            self.blank(sequenced, owned.owner, owned.owner).await?;
            self.erase_below(sequenced, &owned).await?;
        }
        let mut after = Place::of(&owned.record);
        after.decides |= kept_from;
        self.records.insert(id, (Some(owned), true));
        self.settle(id, before, after).await?;
        let seq = sequenced.seq;
        Ok(if fields.is_empty() { Fate::Applied { seq } } else { Fate::Conflict { seq, fields } })
    }

    /// Settles who sees what a record hung on and what it hangs on now, if it moved or says something of it; and who sees a
    /// person under all her records, if these are others now.
    async fn settle(&mut self, id: RecordId, before: Option<Place>, after: Place) -> Result<(), StoreError> {
        let before = before.unwrap_or(Place { decides: false, merged: None, ..after });
        if !after.decides && before == after {
            return Ok(());
        }
        self.settled = true;
        // It reads the database, and changes whose the records are.
        self.write().await?;
        self.records.clear();
        let territory = self.author.territory;
        let mut roots = BTreeSet::new();
        for parent in [before.parent, after.parent].into_iter().flatten() {
            roots.insert(sight::root(self.connection, territory, parent).await?);
        }
        if before.merged != after.merged {
            roots.extend([Some(id), before.merged, after.merged].into_iter().flatten());
        }
        self.seq = sight::settle_all(self.connection, territory, &roots, self.seq).await?;
        Ok(())
    }

    /// Whether the devices of the author must purge what they hold of an erased record: she sees it no more. A stand
    /// purges nothing, as it could not read it.
    pub(super) async fn reads_no_more(&mut self, id: RecordId) -> Result<bool, StoreError> {
        let Caller { territory, account, .. } = *self.author;
        Ok(self.opener.is_none() && !sight::is_whole(self.connection, territory, account, id).await?)
    }

    /// Writes the states that changed.
    async fn write(&mut self) -> Result<(), StoreError> {
        for (owned, changed) in self.records.values_mut() {
            if let (Some(owned), true) = (owned, std::mem::take(changed)) {
                record::write(self.connection, self.author.territory, owned).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn record(&mut self, id: RecordId) -> Result<Option<&Owned>, StoreError> {
        if !self.records.contains_key(&id) {
            let found = record::find(self.connection, self.author.territory, id).await?;
            self.records.insert(id, (found, false));
        }
        Ok(self.records.get(&id).and_then(|(owned, _)| owned.as_ref()))
    }
}
