//! What the server answers: the fate of what was pushed, and pages of its log.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use domain::id::{AccountId, OpId, RecordId};
use domain::order::sort_by_key;

use super::{Replica, TRIES};
use crate::protocol::{Fate, Pulled, Pushed};
use crate::{Commit, Cursor, Operation, OperationKind, Phase, Queued, Record, Seq, Sequenced, Store, StoreError};

/// Server states being rebuilt, with the revisions they were read at.
#[derive(Default)]
struct Draft {
    read: BTreeMap<RecordId, (u64, Record)>,
    /// States to write.
    changed: BTreeSet<RecordId>,
    /// Records of which an operation changes phase or leaves.
    moved: BTreeSet<RecordId>,
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
        let cursor = self.store.cursor().await?;
        if cursor.epoch == 0 {
            commit.cursor = Some(Cursor { epoch: reply.epoch, since: 0 });
        } else if cursor.epoch != reply.epoch {
            // From before or after a restore: only a pull may change the epoch. What is in flight will be sent again.
            return Ok(Vec::new());
        }
        let mut fates: BTreeMap<OpId, Option<Seq>> = BTreeMap::new();
        fates.extend(reply.fates.iter().map(|(op_id, fate)| (*op_id, applied(fate))));
        let mut draft = Draft::default();
        let mut settled: Vec<_> = self.store.outbox().await?;
        settled.retain(|queued| sent(queued) && fates.contains_key(&queued.operation.op_id));
        sort_by_key(&mut settled, |queued| fates[&queued.operation.op_id]);
        for Queued { operation, .. } in settled {
            self.read(&mut draft, &operation).await?;
            draft.moved.insert(operation.record_id);
            match fates[&operation.op_id] {
                Some(seq) => {
                    commit.acknowledge.push((operation.op_id, seq));
                    draft.apply(&Sequenced { seq, author, received_at: reply.server_time, operation });
                }
                // Quarantined: still shown to its author, on top of a server state that does not have it.
                None => commit.replace.push(Queued { operation, phase: Phase::SetAside }),
            }
        }
        commit.backed_up = Some(reply.backed_up_seq);
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
        let cursor = self.store.cursor().await?;
        let mut draft = Draft::default();
        let mut commit = Commit::default();
        if cursor.epoch == 0 || cursor.epoch == reply.epoch {
            commit.cursor = Some(Cursor { epoch: reply.epoch, since: cursor.since.max(reply.since) });
            commit.backed_up = Some(reply.backed_up_seq);
        } else {
            // The server was restored: its state is read afresh, and what no backup of the former epoch is known to hold
            // is sent again, quarantined operations included.
            draft.blank(self.store.records().await?);
            commit.cursor = Some(Cursor { epoch: reply.epoch, since: reply.since });
            for (_, operation) in self.store.kept().await? {
                self.read(&mut draft, &operation).await?;
                draft.moved.insert(operation.record_id);
                commit.reopen.push(operation.op_id);
            }
            for Queued { operation, .. } in self.store.outbox().await?.into_iter().filter(set_aside) {
                self.read(&mut draft, &operation).await?;
                draft.moved.insert(operation.record_id);
                commit.replace.push(Queued { operation, phase: Phase::Offered });
            }
        }
        for sequenced in &reply.operations {
            self.read(&mut draft, &sequenced.operation).await?;
            draft.apply(sequenced);
        }
        // Read after the revisions, so that they guard what is decided from it.
        let outbox = self.store.outbox().await?;
        for Sequenced { seq, operation, .. } in &reply.operations {
            if operation.kind == OperationKind::Erase {
                let waiting = outbox.iter().map(|queued| &queued.operation);
                let kept = self.store.kept().await?;
                let all = waiting.chain(kept.iter().map(|(_, kept)| kept));
                commit.forget.extend(all.filter(|own| own.record_id == operation.record_id).map(|own| own.op_id));
                draft.moved.insert(operation.record_id);
            } else if outbox.iter().any(|queued| queued.operation.op_id == operation.op_id && sent(queued)) {
                // The reply to the push was lost, or a quarantine was lifted: the log itself acknowledges.
                commit.acknowledge.push((operation.op_id, *seq));
                draft.moved.insert(operation.record_id);
            }
        }
        self.receive(draft, commit).await
    }

    /// Reads the state of the record an operation speaks of, once per draft.
    async fn read(&self, draft: &mut Draft, operation: &Operation) -> Result<(), StoreError> {
        if let Entry::Vacant(vacant) = draft.read.entry(operation.record_id) {
            // The revision first, so that it guards the state.
            let rev = self.store.revision(operation.record_id).await?;
            let stored = self.store.record(operation.record_id).await?;
            vacant.insert((rev, stored.map_or_else(|| Record::of(operation), |stored| stored.record)));
        }
        Ok(())
    }

    async fn receive(&self, draft: Draft, mut commit: Commit) -> Result<Vec<RecordId>, StoreError> {
        let Draft { read, changed, moved } = draft;
        let mut concerned = changed.clone();
        concerned.extend(moved);
        for (id, (rev, record)) in read {
            if concerned.contains(&id) {
                commit.expect.push((id, rev));
                commit.touch.push(id);
            }
            if changed.contains(&id) {
                commit.records.push(record);
            }
        }
        self.store.commit(commit).await?;
        Ok(concerned.into_iter().collect())
    }
}

impl Draft {
    /// Applies to a state that was read.
    fn apply(&mut self, sequenced: &Sequenced) {
        let id = sequenced.operation.record_id;
        let (_, record) = self.read.get_mut(&id).expect("the state is read before anything is applied to it");
        let before = record.clone();
        record.apply(sequenced);
        if *record != before {
            self.changed.insert(id);
        }
    }

    /// Begins from nothing. Records are emptied rather than removed, so that their revisions go on growing.
    fn blank(&mut self, all: Vec<crate::Stored>) {
        for stored in all {
            let Record { id, kind, form_version, .. } = stored.record;
            self.read.insert(id, (stored.rev, Record::new(id, kind, form_version)));
            self.changed.insert(id);
        }
    }
}

/// Whether the server may have it: what was never offered cannot be acknowledged.
fn sent(queued: &Queued) -> bool {
    matches!(queued.phase, Phase::Offered | Phase::SetAside)
}

/// Its quarantine may be among what the restored server lost.
fn set_aside(queued: &Queued) -> bool {
    queued.phase == Phase::SetAside
}

/// The sequence under which the server applied the operation.
fn applied(fate: &Fate) -> Option<Seq> {
    match fate {
        Fate::Applied { seq } | Fate::Duplicate { seq } | Fate::Conflict { seq, .. } => Some(*seq),
        Fate::Quarantined { .. } => None,
    }
}
