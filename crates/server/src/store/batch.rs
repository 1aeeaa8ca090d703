//! Operations of one device on their way into the log, inside one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::Timestamp;
use domain::id::{AccountId, DeviceId, RecordId};
use domain::people::access::{self, Giving};
use domain::people::{CONSENT, PERSON, Purpose, Role, SHARE, consent, share};
use domain::programme::RecordKind;
use domain::programmes;
use domain::record::{MERGED_INTO, PARENT};
use sqlx::SqliteConnection;
use sync::protocol::{Fate, Quarantine};
use sync::{Operation, OperationKind, Record, Seq, Sequenced};

use super::erased::Erased;
use super::push::{Caller, PushError};
use super::record::Owned;
use super::signature::{Signer, signature_of};
use super::{StoreError, account, operation, quarantine, record, retention_people, scope, sight, stand, trace};
use crate::judge::{is_settled, judge};

/// Operations of somebody who signs herself up, at most: some hundred letters and as many changes of mind.
const LONGEST_VISIT: u64 = 500;

/// The state of one transaction that receives operations, or applies again what was set aside.
pub struct Batch<'a> {
    connection: &'a mut SqliteConnection,
    /// Who wrote the operations, with the roles she has now.
    author: &'a Caller,
    signer: Signer,
    /// Who opened the stand this device is: what it begins is hers. `None` for any other device.
    opener: Option<AccountId>,
    /// It is the telephone of somebody who signs herself up.
    visit: bool,
    /// The access of the device has ended: a person looks at what it sends before it is applied.
    revoked: bool,
    today: NaiveDate,
    /// Last sequence given.
    seq: Seq,
    /// Records read or made, and whether they changed.
    records: BTreeMap<RecordId, (Option<Owned>, bool)>,
    /// Whether something this device wrote on this record is set aside.
    behind: BTreeMap<RecordId, bool>,
    created: Vec<RecordId>,
    erased: Vec<Erased>,
    /// Whose sight of a record changes, and at which sequence.
    scope: Vec<(AccountId, Seq, RecordId)>,
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

    /// Whether an operation that arrives may be applied.
    async fn first_verdict(&mut self, operation: &Operation) -> Result<Result<(), Quarantine>, StoreError> {
        if self.record(operation.record_id).await?.is_some_and(|owned| owned.record.is_erased()) {
            // Nothing is left to be judged, nor kept aside: it is emptied like the rest.
            return Ok(Ok(()));
        }
        if self.hangs_on_erased(operation).await? {
            return Ok(Ok(()));
        }
        if self.revoked {
            return Ok(Err(Quarantine::Revoked));
        }
        // An erasure waits behind nothing: whatever is set aside is blanked with the rest.
        // Nor does a creation, without which what is set aside would wait for ever.
        let begins = operation.kind == OperationKind::Create && self.record(operation.record_id).await?.is_none();
        let waits = !begins && operation.kind != OperationKind::Erase;
        if waits && self.is_behind(operation.record_id).await? {
            return Ok(Err(Quarantine::Behind));
        }
        self.verdict(operation).await
    }

    /// Whether the operation may be applied now, whatever waits before it.
    async fn verdict(&mut self, operation: &Operation) -> Result<Result<(), Quarantine>, StoreError> {
        let links = match judge(operation, &self.author.roles, self.today) {
            Ok(links) => links,
            Err(reason) => return Ok(Err(reason)),
        };
        if self.visit && !self.signs_herself_up(operation).await? {
            return Ok(Err(Quarantine::NoRight));
        }
        match self.bar(operation.record_id, &operation.record_kind, false).await? {
            Some(Quarantine::UnknownRecord) if self.may_begin(operation).await? => {}
            Some(Quarantine::NoRight) if self.changes_as_granted(operation).await? => {}
            Some(reason) => return Ok(Err(reason)),
            None => {}
        }
        // A stand corrects what it has just noted, until it is sealed there.
        if self.opener.is_none()
            && self.record(operation.record_id).await?.is_some_and(|owned| is_settled(operation, &owned.record))
        {
            return Ok(Err(Quarantine::Settled));
        }
        for link in links {
            let bar = self.bar(link.record, link.kind, true).await?;
            if let Some(reason) = bar.filter(|reason| *reason != Quarantine::NoRight) {
                return Ok(Err(reason));
            }
            // Of somebody who was erased nobody sees anything any more: those who knew her may still say what is hers.
            let barred = bar.is_some() && !self.knew_erased(link.record).await?;
            let stops = barred
                && !self.withdraws(operation, link.record).await?
                && !self.is_granted(operation, link.record).await?;
            if stops {
                return Ok(Err(Quarantine::NoRight));
            }
            if link.parent && self.takes_away(operation.record_id, link.record).await? {
                return Ok(Err(Quarantine::NoRight));
            }
        }
        if let Some(edit) = operation.fields.get(share::ACCOUNT).filter(|_| operation.record_kind == SHARE.id) {
            // Her device listed colleagues a while ago: one may have left since.
            let with = edit.value.as_str().and_then(|id| id.parse().ok());
            let Some(with) = with else { return Ok(Err(Quarantine::InvalidValue)) };
            if !account::may_follow(self.connection, self.author.territory, with).await? {
                return Ok(Err(Quarantine::InvalidValue));
            }
        }
        Ok(Ok(()))
    }

    /// Whether an operation is what somebody who scanned the code of a stand may write: herself, her answers, and what a stand
    /// notes of a person. Anybody may photograph that code.
    async fn signs_herself_up(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let kind = operation.record_kind.as_str();
        let of_person = |kind: &RecordKind| kind.at_stand.is_some() && kind.parent == Some(PERSON.id);
        let hers = kind == PERSON.id || kind == CONSENT.id || programmes::kind(kind).is_some_and(of_person);
        if !hers || operation.device_seq > LONGEST_VISIT {
            return Ok(false);
        }
        if kind != PERSON.id || operation.kind != OperationKind::Create {
            return Ok(true);
        }
        let Caller { territory, device, .. } = *self.author;
        stand::begins(self.connection, territory, device, operation.record_id).await
    }

    /// Whether an operation is the « non » of a person whom its author saw when she gave it: it may come after her sight has
    /// ended, as that of a sentinel who handed her over, and only takes away.
    async fn withdraws(&mut self, operation: &Operation, person: RecordId) -> Result<bool, StoreError> {
        let Caller { territory, account, .. } = *self.author;
        let says = operation.fields.get(consent::ANSWER).is_some_and(|edit| edit.value == "no");
        let begins = operation.record_kind == CONSENT.id && operation.kind == OperationKind::Create;
        Ok(says && begins && sight::ever(self.connection, territory, account, person).await?)
    }

    /// Whether an operation says with whom a person is shared, by somebody who sees her through a grant: whoever opened the
    /// stand may be away. She sees every field of such a record, the person was signed up, and agrees to it, unless it only
    /// ends.
    async fn is_granted(&mut self, operation: &Operation, record: RecordId) -> Result<bool, StoreError> {
        let Caller { territory, account, ref roles, .. } = *self.author;
        let writes = programmes::kind(&operation.record_kind).is_some_and(access::writes);
        let says = matches!(operation.kind, OperationKind::Create | OperationKind::Set);
        if !writes || !says || !sight::is_granted(self.connection, territory, account, roles, record).await? {
            return Ok(false);
        }
        // What this very batch began is not written yet.
        let person = self.record(record).await?.and_then(|owned| record::parent(&owned.record)).unwrap_or(record);
        Ok(sight::is_signed_up(self.connection, territory, person).await?
            && (ends(operation) || sight::agrees(self.connection, territory, person, Purpose::ShareNamed).await?))
    }

    /// Whether an operation changes, through a grant, what the coordination wrote: what a professional shared is hers to end,
    /// as long as her account is open.
    async fn changes_as_granted(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let Caller { territory, account, .. } = *self.author;
        let origin = self.record(operation.record_id).await?.and_then(|owned| owned.record.origin.as_ref());
        let Some(by) = origin.map(|origin| origin.author) else { return Ok(false) };
        Ok(self.is_granted(operation, operation.record_id).await?
            && (by == account
                || account::giving(self.connection, territory, by).await? == Giving::Entrusts
                || (ends(operation) && account::is_closed(self.connection, territory, by).await?)))
    }

    /// Whether hanging a record on another would take it from whose it is, by somebody who did not begin it.
    async fn takes_away(&mut self, id: RecordId, parent: RecordId) -> Result<bool, StoreError> {
        let to = self.record(parent).await?.map(|owned| owned.owner);
        let author = self.author.account;
        let known = self.record(id).await?;
        Ok(known.is_some_and(|owned| {
            let began = owned.record.origin.as_ref().is_some_and(|origin| origin.author == author);
            to != Some(owned.owner) && !began
        }))
    }

    /// Why the author may not write on a record of this kind, or only point to it: whoever is of the territory may name what
    /// is common there, such as a stand.
    async fn bar(&mut self, id: RecordId, kind: &str, pointing: bool) -> Result<Option<Quarantine>, StoreError> {
        let Some(of_kind) = self.record(id).await?.map(|owned| owned.record.kind == kind) else {
            return Ok(Some(Quarantine::UnknownRecord));
        };
        let Caller { territory, account, device, .. } = *self.author;
        // Who sees the whole writes; a stand sees nothing, and knows what it began itself.
        let may = match self.opener {
            _ if pointing && of_kind && sight::is_common(kind) => true,
            None => sight::is_whole(self.connection, territory, account, id).await?,
            Some(_) => operation::began_by(self.connection, territory, id).await? == Some(device),
        };
        Ok(if !may {
            Some(Quarantine::NoRight)
        } else if !of_kind {
            Some(Quarantine::InvalidValue)
        } else {
            None
        })
    }

    /// Whether a record may begin with this operation: its creation, or the erasure of one whose creation is set aside.
    async fn may_begin(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let Caller { territory, account, device, .. } = *self.author;
        if !matches!(operation.kind, OperationKind::Create | OperationKind::Erase) {
            return Ok(false);
        }
        let creators = operation::creators(self.connection, territory, operation.record_id).await?;
        // All stands write under one account.
        let alone = self.opener.is_some();
        let own = |creator: &(AccountId, DeviceId)| creator.0 == account && (!alone || creator.1 == device);
        Ok(match operation.kind {
            // Whoever learns the identifier of what a colleague could not begin does not begin it in her place.
            OperationKind::Create => creators.iter().all(own),
            _ => creators.iter().any(own),
        })
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
    async fn reads_no_more(&mut self, id: RecordId) -> Result<bool, StoreError> {
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

    /// Whether an operation begins a record of somebody who was erased: it came late, and speaks of the same person. Its
    /// author knew her, and takes nobody's place.
    async fn hangs_on_erased(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let parent = operation.fields.get(PARENT).and_then(|edit| edit.value.as_str()?.parse().ok());
        let Some(parent) = parent.filter(|_| operation.kind == OperationKind::Create) else { return Ok(false) };
        if self.record(operation.record_id).await?.is_some() {
            return Ok(false);
        }
        Ok(self.knew_erased(parent).await? && self.may_begin(operation).await?)
    }

    /// Whether an operation says that a record is of somebody who was erased: it hung elsewhere, or she was noted twice.
    /// Had it come before the erasure, it would have gone with her. Where two people say otherwise, it waits for the answer.
    async fn joins_erased(&mut self, record: &Record, operation: &Operation) -> Result<bool, StoreError> {
        let said = [(PARENT, record::parent(record)), (MERGED_INTO, record::merged(record))];
        let agreed = |name: &str| operation.fields.contains_key(name) && record.open(name).is_none();
        for (_, of) in said.into_iter().filter(|(name, _)| agreed(name)) {
            if let Some(of) = of
                && self.knew_erased(of).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a record is erased, and was known to the author.
    async fn knew_erased(&mut self, id: RecordId) -> Result<bool, StoreError> {
        let Some(owner) = self.record(id).await?.filter(|owned| owned.record.is_erased()).map(|owned| owned.owner)
        else {
            return Ok(false);
        };
        let Caller { territory, account, .. } = *self.author;
        Ok(owner == account
            || operation::authors(self.connection, territory, id).await?.contains(&account)
            || scope::accounts(self.connection, territory, id).await?.contains(&account))
    }

    /// Erases what hangs on an erased record, and what was merged into it: who asked may not have known all of it.
    async fn erase_below(&mut self, cause: &Sequenced, erased: &Owned) -> Result<(), StoreError> {
        self.records.insert(erased.record.id, (Some(erased.clone()), true));
        let mut above = vec![erased.record.id];
        while let Some(parent) = above.pop() {
            for id in self.naming(parent).await? {
                let goes = |owned: &&Owned| {
                    let of = [record::parent(&owned.record), record::merged(&owned.record)];
                    !owned.record.is_erased() && of.contains(&Some(parent))
                };
                let Some(mut owned) = self.record(id).await?.filter(goes).cloned() else { continue };
                self.erase_with(&mut owned, cause).await?;
                self.records.insert(id, (Some(owned), true));
                above.push(id);
            }
            // What was to hang there and could not begin is only in the log: it goes too.
            for waiting in quarantine::to_hang_on(self.connection, self.author.territory, parent).await? {
                let id = waiting.operation.record_id;
                if self.record(id).await?.is_none() {
                    let mut owned = Owned { owner: waiting.author, record: Record::of(&waiting.operation) };
                    self.erase_with(&mut owned, cause).await?;
                    self.records.insert(id, (Some(owned), true));
                    above.push(id);
                }
            }
        }
        Ok(())
    }

    /// Erases a record because of another: there is no operation of its own that devices could read, so all of them are
    /// told of its end, at a sequence of its own.
    async fn erase_with(&mut self, owned: &mut Owned, cause: &Sequenced) -> Result<(), StoreError> {
        let Record { id, kind, form_version, .. } = owned.record.clone();
        let mut operation = Operation {
            record_id: id,
            record_kind: kind,
            form_version,
            kind: OperationKind::Erase,
            ..cause.operation.clone()
        };
        operation::blank_values(&mut operation);
        self.seq += 1;
        let erasure = Sequenced::new(self.seq, cause.author, cause.received_at, operation);
        owned.record.apply(&erasure);
        self.scope.push((self.author.account, self.seq, id));
        self.blank(&erasure, owned.owner, self.author.account).await
    }

    /// Blanks the values of one record, and tells everybody who once saw it but `told`.
    async fn blank(&mut self, erasure: &Sequenced, owner: AccountId, told: AccountId) -> Result<(), StoreError> {
        let (territory, id) = (self.author.territory, erasure.operation.record_id);
        operation::blank(self.connection, territory, id).await?;
        retention_people::forget(self.connection, territory, id).await?;
        let mut others = operation::authors(self.connection, territory, id).await?;
        others.extend(scope::accounts(self.connection, territory, id).await?);
        // An erased record has nothing left to be shared.
        others.extend(sight::leave_to(self.connection, territory, id, owner).await?);
        others.insert(owner);
        others.retain(|account| *account != told);
        self.scope.extend(others.into_iter().map(|account| (account, erasure.seq, id)));
        self.erased.push(Erased::by(&erasure.operation, owner, erasure.received_at));
        Ok(())
    }

    /// What may hang on a record or be merged into it, in the database or in this very batch.
    async fn naming(&mut self, id: RecordId) -> Result<BTreeSet<RecordId>, StoreError> {
        let territory = self.author.territory;
        let mut naming = record::children(self.connection, territory, id).await?;
        naming.extend(record::naming(self.connection, territory, id).await?);
        naming.extend(self.records.keys());
        Ok(naming)
    }

    async fn record(&mut self, id: RecordId) -> Result<Option<&Owned>, StoreError> {
        if !self.records.contains_key(&id) {
            let found = record::find(self.connection, self.author.territory, id).await?;
            self.records.insert(id, (found, false));
        }
        Ok(self.records.get(&id).and_then(|(owned, _)| owned.as_ref()))
    }

    async fn is_behind(&mut self, id: RecordId) -> Result<bool, StoreError> {
        if let Some(known) = self.behind.get(&id) {
            return Ok(*known);
        }
        let Caller { territory, device, .. } = *self.author;
        let behind = quarantine::is_held_behind(self.connection, territory, device, id).await?;
        self.behind.insert(id, behind);
        Ok(behind)
    }
}

/// Whether an operation ends with whom a person is shared, and says nothing else.
fn ends(operation: &Operation) -> bool {
    let is_over = operation.fields.get(share::IN_FORCE).is_some_and(|edit| edit.value == "no");
    operation.kind == OperationKind::Set && operation.fields.len() == 1 && is_over
}
