//! What the server answers: the fate of what was pushed, and pages of its log.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use domain::id::{AccountId, OpId, RecordId};
use domain::order::sort_by_key;

use super::{Replica, TRIES};
use crate::protocol::{Check, Fate, Pulled, Pushed, Quarantine};
use crate::{
    Aside, Commit, Cursor, FirstPull, Operation, OperationKind, Phase, Queued, Record, Seq, Sequenced, Store,
    StoreError, Stored,
};

/// Server states being rebuilt, with the revisions they were read at.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) read: BTreeMap<RecordId, (u64, Record)>,
    /// States to write.
    pub(super) changed: BTreeSet<RecordId>,
    /// Records of which an operation changes phase or leaves.
    pub(super) moved: BTreeSet<RecordId>,
}

impl<S: Store> Replica<S> {
    /// Takes note of what the server now holds. Answers the records that changed.
    ///
    /// # Errors
    /// The store could not do it: the operations stay in the outbox and will be sent again.
    pub async fn pushed(&self, author: AccountId, reply: &Pushed) -> Result<Vec<RecordId>, StoreError> {
        for _ in 0..TRIES {
            match self.try_pushed(author, reply).await {
                Err(StoreError::Moved) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved)
    }

    async fn try_pushed(&self, author: AccountId, reply: &Pushed) -> Result<Vec<RecordId>, StoreError> {
        let mut commit = Commit::default();
        let Some(cursor) = self.goes_on(reply.epoch).await? else {
            // Before the first pull, or after a restore: what is in flight will be sent again.
            return Ok(Vec::new());
        };
        let mut fates: BTreeMap<OpId, &Fate> = BTreeMap::new();
        fates.extend(reply.fates.iter().map(|(op_id, fate)| (*op_id, fate)));
        let mut draft = Draft::default();
        let mut settled: Vec<_> = self.store.outbox().await?;
        settled.retain(|queued| sent(queued) && fates.contains_key(&queued.operation.op_id));
        sort_by_key(&mut settled, |queued| applied(fates[&queued.operation.op_id]).ok());
        let mut traces = Vec::new();
        for Queued { operation, .. } in settled {
            let fate = fates[&operation.op_id];
            self.read(&mut draft, &operation).await?;
            draft.moved.insert(operation.record_id);
            if operation.is_trace() {
                // The server has it, whatever it thinks of it: it goes as what is seen no more.
                draft.change(operation.record_id, |here| here.left = true);
                commit.acknowledge.push((operation.op_id, stored_at(fate)));
                traces.push(operation.record_id);
                continue;
            }
            match applied(fate) {
                Ok(seq) => {
                    commit.acknowledge.push((operation.op_id, seq));
                    // Up to where the log was read the copy is whole: what is not in it is not for her to see.
                    if seq > cursor.since {
                        let disputed = matches!(fate, Fate::Conflict { .. });
                        let sequenced = Sequenced::new(seq, author, reply.server_time, operation);
                        draft.change(sequenced.operation.record_id, |record| {
                            record.apply(&sequenced);
                            // Who settled it comes with the log; meanwhile it must not seem open again.
                            record.conflicts.retain(|name, item| disputed || !sequenced.operation.settles(name, item));
                        });
                    }
                }
                // Quarantined: still shown to its author, on top of a server state that does not have it.
                Err(reason) => {
                    let phase = Phase::SetAside(Aside::Quarantined(reason));
                    commit.replace.push(Queued { operation, phase });
                }
            }
        }
        commit.backed_up = Some(reply.backed_up_seq);
        let mut changed = self.receive(draft, commit).await?;
        changed.retain(|id| !traces.contains(id));
        Ok(changed)
    }

    /// Lets go of what will never be applied of a record, once its author has read why: the server holds it.
    ///
    /// # Errors
    /// The store could not do it: it is told again.
    pub async fn let_go(&self, id: RecordId) -> Result<Vec<RecordId>, StoreError> {
        for _ in 0..TRIES {
            match self.try_let_go(id).await {
                Err(StoreError::Moved) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved)
    }

    async fn try_let_go(&self, id: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let (mut draft, mut commit) = (Draft::default(), Commit::default());
        // Kept until a backup holds it, as what was applied: the server had it before it said why.
        let seq = self.store.cursor().await?.since;
        for Queued { operation, phase } in self.store.outbox_of(id).await? {
            if matches!(phase, Phase::SetAside(Aside::Quarantined(reason)) if reason.is_final()) {
                self.read(&mut draft, &operation).await?;
                draft.moved.insert(id);
                commit.acknowledge.push((operation.op_id, seq));
            }
        }
        self.receive(draft, commit).await
    }

    /// Applies a page of the server's log together with the cursor, in one commit. Answers the records that changed.
    ///
    /// # Errors
    /// The store could not do it: the page will be asked for again.
    pub async fn pulled(&self, reply: &Pulled) -> Result<Vec<RecordId>, StoreError> {
        for _ in 0..TRIES {
            match self.try_pulled(reply).await {
                Err(StoreError::Moved) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved)
    }

    async fn try_pulled(&self, reply: &Pulled) -> Result<Vec<RecordId>, StoreError> {
        let Some(cursor) = self.goes_on(reply.epoch).await? else { return Ok(Vec::new()) };
        if reply.since < cursor.since {
            // Comes late: it would bring back records that left since.
            return Ok(Vec::new());
        }
        let mut draft = Draft::default();
        let mut commit = Commit {
            cursor: Some(Cursor { since: reply.since, ..cursor }),
            backed_up: Some(reply.backed_up_seq),
            ..Commit::default()
        };
        for record in &reply.entered {
            self.read_record(&mut draft, record).await?;
            draft.change(record.id, |here| here.absorb(record));
        }
        for sequenced in &reply.operations {
            self.read(&mut draft, &sequenced.operation).await?;
            draft.apply(sequenced);
        }
        for id in &reply.left {
            self.leave(&mut draft, *id).await?;
        }
        // Read after the revisions, so that they guard what is decided from it.
        let outbox = self.store.outbox().await?;
        for Sequenced { seq, operation, .. } in &reply.operations {
            if outbox.iter().any(|queued| queued.operation.op_id == operation.op_id && sent(queued)) {
                // The reply to the push was lost, or a quarantine was lifted: the log itself acknowledges.
                commit.acknowledge.push((operation.op_id, *seq));
                draft.moved.insert(operation.record_id);
            }
        }
        self.receive(draft, commit).await
    }

    /// Compares what this device holds with what the server says it must; a difference asks for a first pull anew.
    /// `since` is where the log was read to when the server counted. Answers whether they agree.
    ///
    /// # Errors
    /// The store could not be read or written.
    pub async fn agrees(&self, since: Seq, check: &Check) -> Result<bool, StoreError> {
        let cursor = self.store.cursor().await?;
        let records = self.store.records().await?;
        let moved_on = cursor.since != since || records.iter().any(|stored| stored.record.seq > since);
        if cursor.first.is_some() || moved_on {
            // Something came meanwhile: nothing can be said until the next time.
            return Ok(true);
        }
        let mut held = Check::default();
        for Stored { record, .. } in records {
            if record.seq > 0 && !record.left {
                held.add(record.id, record.seq);
            }
        }
        if held != *check {
            let cursor = Some(Cursor { first: Some(FirstPull::default()), ..cursor });
            self.store.commit(Commit { cursor, ..Commit::default() }).await?;
        }
        Ok(held == *check)
    }

    /// The cursor, if a reply of this epoch continues what was read. A newer epoch asks for a first pull anew: the server
    /// was restored. An older one is a reply that comes late.
    async fn goes_on(&self, epoch: u64) -> Result<Option<Cursor>, StoreError> {
        let cursor = self.store.cursor().await?;
        if cursor.first.is_none() && cursor.epoch > 0 && epoch > cursor.epoch {
            let cursor = Some(Cursor { first: Some(FirstPull::default()), ..cursor });
            self.store.commit(Commit { cursor, ..Commit::default() }).await?;
        }
        Ok(Some(cursor).filter(|cursor| cursor.first.is_none() && cursor.epoch == epoch))
    }

    /// The caller sees a record no more. One known only by what waits of it has no state to hide: it is only marked as
    /// moved, against a reply to a push that would bring one back.
    pub(super) async fn leave(&self, draft: &mut Draft, id: RecordId) -> Result<(), StoreError> {
        let read = draft.read.contains_key(&id);
        self.read_or(draft, id, || Record::new(id, "", "")).await?;
        if read || self.store.record(id).await?.is_some() {
            draft.change(id, |here| here.left = true);
        } else if self.store.revision(id).await? > 0 {
            draft.moved.insert(id);
        }
        Ok(())
    }

    /// Reads the state of the record an operation speaks of, once per draft.
    async fn read(&self, draft: &mut Draft, operation: &Operation) -> Result<(), StoreError> {
        self.read_or(draft, operation.record_id, || Record::of(operation)).await
    }

    /// Reads the state of the record the server speaks of, once per draft.
    pub(super) async fn read_record(&self, draft: &mut Draft, record: &Record) -> Result<(), StoreError> {
        self.read_or(draft, record.id, || Record::new(record.id, &record.kind, &record.form_version)).await
    }

    async fn read_or(&self, draft: &mut Draft, id: RecordId, new: impl Fn() -> Record) -> Result<(), StoreError> {
        if let Entry::Vacant(vacant) = draft.read.entry(id) {
            // The revision first, so that it guards the state.
            let rev = self.store.revision(id).await?;
            let stored = self.store.record(id).await?;
            vacant.insert((rev, stored.map_or_else(new, |stored| stored.record)));
        }
        Ok(())
    }

    /// Writes a draft. What is erased takes with it what this device wrote of it, unsent or kept aside; what the caller
    /// sees no more goes once nothing of it waits. Answers the records that changed.
    pub(super) async fn receive(&self, draft: Draft, mut commit: Commit) -> Result<Vec<RecordId>, StoreError> {
        let Draft { read, changed, moved } = draft;
        let mut concerned = changed.clone();
        concerned.extend(moved);
        for (id, (rev, record)) in read {
            if !concerned.contains(&id) {
                continue;
            }
            commit.expect.push((id, rev));
            if record.is_erased() {
                // The erasure itself is kept until a backup holds it: a restored server must hear of it again.
                let acknowledged =
                    |operation: &Operation| commit.acknowledge.iter().any(|(op_id, _)| *op_id == operation.op_id);
                let outbox = self.store.outbox_of(id).await?;
                let unsent = outbox.iter().map(|queued| &queued.operation);
                let unsent = unsent.filter(|own| own.kind != OperationKind::Erase || !acknowledged(own));
                let mut gone: Vec<_> = unsent.map(|own| own.op_id).collect();
                let kept = self.store.kept().await?;
                let of_it = kept.iter().map(|(_, own)| own).filter(|own| own.record_id == id);
                gone.extend(of_it.filter(|own| own.kind != OperationKind::Erase).map(|own| own.op_id));
                commit.forget.extend(gone);
            }
            if record.left && self.nothing_waits(id, &commit).await? {
                commit.remove.push(id);
                continue;
            }
            commit.touch.push(id);
            if changed.contains(&id) {
                commit.records.push(record);
            }
        }
        self.store.commit(commit).await?;
        Ok(concerned.into_iter().collect())
    }

    /// Whether nothing of a record waits once a commit is done.
    async fn nothing_waits(&self, id: RecordId, commit: &Commit) -> Result<bool, StoreError> {
        let gone = |op_id: OpId| {
            commit.forget.contains(&op_id) || commit.acknowledge.iter().any(|(acknowledged, _)| *acknowledged == op_id)
        };
        Ok(self.store.outbox_of(id).await?.iter().all(|queued| gone(queued.operation.op_id)))
    }
}

impl Draft {
    /// Applies to a state that was read.
    fn apply(&mut self, sequenced: &Sequenced) {
        self.change(sequenced.operation.record_id, |record| drop(record.apply(sequenced)));
    }

    /// Changes a state that was read.
    pub(super) fn change(&mut self, id: RecordId, change: impl FnOnce(&mut Record)) {
        let (_, record) = self.read.get_mut(&id).expect("the state is read before it is changed");
        let before = record.clone();
        change(record);
        if *record != before {
            self.changed.insert(id);
        }
    }
}

/// Whether the server may have it: what was never offered cannot be acknowledged.
fn sent(queued: &Queued) -> bool {
    matches!(queued.phase, Phase::Offered | Phase::SetAside(_))
}

/// The sequence under which the server stored the operation.
fn stored_at(fate: &Fate) -> Seq {
    let (Fate::Applied { seq } | Fate::Duplicate { seq } | Fate::Conflict { seq, .. } | Fate::Quarantined { seq, .. }) =
        fate;
    *seq
}

/// The sequence under which the server applied the operation, or why it did not.
fn applied(fate: &Fate) -> Result<Seq, Quarantine> {
    match fate {
        Fate::Applied { seq } | Fate::Duplicate { seq } | Fate::Conflict { seq, .. } => Ok(*seq),
        Fate::Quarantined { reason, .. } => Err(*reason),
    }
}
