//! A store in memory: for tests, and the reference of what a store must do. Clones share their content, like tabs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::{OpId, RecordId};

use crate::{Commit, Cursor, DeviceSeq, Operation, Phase, Queued, Record, Seq, Store, StoreError, Stored, Whole};

/// What goes wrong at the next commit, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written and the caller is told so.
    Refuse(StoreError),
    /// The device dies after the write, before anybody hears of it.
    DieAfter,
}

/// A [`Store`] in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Disk>>);

#[derive(Debug, Default)]
struct Disk {
    now: Content,
    /// What a power cut would leave, when this disk lies about its flushes.
    flushed: Option<Content>,
    fault: Option<Fault>,
    full: bool,
}

#[derive(Clone, Debug, Default)]
struct Content {
    revisions: BTreeMap<RecordId, u64>,
    records: BTreeMap<RecordId, Record>,
    outbox: BTreeMap<OpId, Queued>,
    kept: BTreeMap<OpId, (Seq, Operation)>,
    cursor: Cursor,
    last_device_seq: DeviceSeq,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next commit meets this fault, once.
    pub fn inject(&self, fault: Fault) {
        self.disk().fault = Some(fault);
    }

    /// Every commit answers [`StoreError::Full`] while the disk is full.
    pub fn set_full(&self, full: bool) {
        self.disk().full = full;
    }

    /// From now on, commits are answered before they are flushed: [`MemoryStore::crash`] loses them.
    pub fn stop_flushing(&self) {
        let mut disk = self.disk();
        disk.flushed = Some(disk.now.clone());
    }

    /// Power cut: only what was flushed is left. The pending fault goes too.
    pub fn crash(&self) {
        let mut disk = self.disk();
        disk.fault = None;
        if let Some(flushed) = disk.flushed.take() {
            disk.now = flushed;
        }
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        // A panic of another test thread leaves the content as it was: a commit changes it only once checked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    async fn records(&self) -> Result<Vec<Stored>, StoreError> {
        let disk = self.disk();
        Ok(disk.now.records.values().map(|record| disk.now.stored(record)).collect())
    }

    async fn some(&self, ids: &[RecordId]) -> Result<Vec<Option<Stored>>, StoreError> {
        let disk = self.disk();
        Ok(ids.iter().map(|id| disk.now.records.get(id).map(|record| disk.now.stored(record))).collect())
    }

    async fn ids(&self, after: Option<RecordId>, up_to: Option<RecordId>) -> Result<Vec<RecordId>, StoreError> {
        let disk = self.disk();
        let within = |id: &RecordId| after.is_none_or(|after| *id > after) && up_to.is_none_or(|up_to| *id <= up_to);
        Ok(disk.now.revisions.keys().copied().filter(within).collect())
    }

    async fn revision(&self, id: RecordId) -> Result<u64, StoreError> {
        Ok(self.disk().now.revision(id))
    }

    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        Ok(self.disk().now.queued(|_| true))
    }

    async fn whole(&self, id: RecordId) -> Result<Whole, StoreError> {
        let now = &self.disk().now;
        let operations = now.queued(|operation| operation.record_id == id);
        Ok(Whole { rev: now.revision(id), record: now.records.get(&id).cloned(), operations })
    }

    async fn kept(&self) -> Result<Vec<(Seq, Operation)>, StoreError> {
        let mut kept: Vec<_> = self.disk().now.kept.values().cloned().collect();
        kept.sort_by_key(|(seq, _)| *seq);
        Ok(kept)
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        Ok(self.disk().now.cursor)
    }

    async fn last_device_seq(&self) -> Result<DeviceSeq, StoreError> {
        Ok(self.disk().now.last_device_seq)
    }

    async fn commit(&self, commit: Commit) -> Result<Vec<(OpId, DeviceSeq)>, StoreError> {
        let mut disk = self.disk();
        if disk.full {
            return Err(StoreError::Full);
        }
        let fault = disk.fault.take();
        if let Some(Fault::Refuse(error)) = fault {
            return Err(error);
        }
        if commit.expect.iter().any(|(id, rev)| disk.now.revision(*id) != *rev) {
            return Err(StoreError::Moved);
        }
        let drawn = disk.now.apply(commit);
        if fault == Some(Fault::DieAfter) {
            return Err(StoreError::Closed);
        }
        Ok(drawn)
    }
}

impl Content {
    fn revision(&self, id: RecordId) -> u64 {
        self.revisions.get(&id).copied().unwrap_or(0)
    }

    fn stored(&self, record: &Record) -> Stored {
        Stored { rev: self.revision(record.id), record: record.clone() }
    }

    fn queued(&self, keep: impl Fn(&Operation) -> bool) -> Vec<Queued> {
        let mut queued: Vec<_> = self.outbox.values().filter(|queued| keep(&queued.operation)).cloned().collect();
        queued.sort_by_key(|queued| {
            let held = matches!(queued.phase, Phase::Held(_));
            (held, queued.operation.device_seq, queued.operation.op_id)
        });
        queued
    }

    fn draw(&mut self) -> DeviceSeq {
        self.last_device_seq += 1;
        self.last_device_seq
    }

    /// Cannot fail: whatever may was checked before, so the change is whole.
    fn apply(&mut self, commit: Commit) -> Vec<(OpId, DeviceSeq)> {
        let mut drawn = Vec::new();
        for op_id in commit.forget {
            self.outbox.remove(&op_id);
            self.kept.remove(&op_id);
        }
        for (op_id, seq) in commit.acknowledge {
            if let Some(queued) = self.outbox.remove(&op_id) {
                self.kept.insert(op_id, (seq, queued.operation));
            }
        }
        for op_id in commit.reopen {
            if let Some((_, operation)) = self.kept.remove(&op_id) {
                self.outbox.insert(op_id, Queued { operation, phase: Phase::Offered });
            }
        }
        for queued in commit.replace {
            if let Some(there) = self.outbox.get_mut(&queued.operation.op_id) {
                *there = queued;
            }
        }
        for mut queued in commit.release {
            let op_id = queued.operation.op_id;
            if self.outbox.contains_key(&op_id) {
                queued.operation.device_seq = self.draw();
                queued.phase = Phase::Open;
                drawn.push((op_id, queued.operation.device_seq));
                self.outbox.insert(op_id, queued);
            }
        }
        for mut new in commit.add {
            let op_id = new.operation.op_id;
            let held = matches!(new.phase, Phase::Held(_));
            new.operation.device_seq = if held { 0 } else { self.draw() };
            drawn.push((op_id, new.operation.device_seq));
            self.outbox.insert(op_id, Queued { operation: new.operation, phase: new.phase });
        }
        let moved: BTreeSet<_> =
            commit.records.iter().map(|record| record.id).chain(commit.touch.iter().copied()).collect();
        for id in moved {
            *self.revisions.entry(id).or_default() += 1;
        }
        for record in commit.records {
            self.records.insert(record.id, record);
        }
        for id in commit.remove {
            self.records.remove(&id);
            self.revisions.remove(&id);
        }
        if let Some(cursor) = commit.cursor {
            self.cursor = cursor;
        }
        if let Some(backed_up) = commit.backed_up {
            self.kept.retain(|_, (seq, _)| *seq > backed_up);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    #[test]
    fn is_a_store() {
        pollster::block_on(conformance::run(async || MemoryStore::new(), async |store| store));
    }

    #[test]
    fn injected_faults_happen_once_and_change_nothing() {
        let store = MemoryStore::new();
        let draw = || pollster::block_on(store.commit(Commit { touch: vec![one()], ..Commit::default() }));
        store.inject(Fault::Refuse(StoreError::Moved));
        assert_eq!(draw(), Err(StoreError::Moved));
        store.set_full(true);
        assert_eq!(draw(), Err(StoreError::Full));
        assert_eq!(draw(), Err(StoreError::Full));
        store.set_full(false);
        assert_eq!(pollster::block_on(store.revision(one())), Ok(0));
        assert_eq!(draw(), Ok(Vec::new()));
    }

    #[test]
    fn a_power_cut_loses_what_was_not_flushed_and_only_that() {
        let store = MemoryStore::new();
        let touch = || pollster::block_on(store.commit(Commit { touch: vec![one()], ..Commit::default() }));
        touch().expect("a commit");
        store.stop_flushing();
        touch().expect("a commit");
        store.crash();
        assert_eq!(pollster::block_on(store.revision(one())), Ok(1));
        store.inject(Fault::DieAfter);
        assert_eq!(touch(), Err(StoreError::Closed));
        store.crash();
        assert_eq!(pollster::block_on(store.revision(one())), Ok(2), "it was written all the same");
    }

    fn one() -> RecordId {
        RecordId(uuid::Uuid::from_u128(1))
    }
}
