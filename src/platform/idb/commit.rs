//! One commit: sealed first, because nothing but IndexedDB may be awaited inside a transaction; then read, checked and
//! written in one strict transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use domain::id::{OpId, RecordId};
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use js_sys::Array;
use sync::{Commit, Cursor, DeviceSeq, Operation, Phase, Queued, Record, Seq, StoreError};
use wasm_bindgen::JsValue;

use super::database::{self, store_error};
use super::row::{self, whole};
use super::seals::{self, SEALS};
use super::store::{COUNTERS, CURSOR, IdbStore, KEPT, LAST_DEVICE_SEQ, OUTBOX, RECORDS, operation_place, place};
use crate::platform::js::object;

/// A commit whose contents are sealed.
pub(super) struct Prepared {
    expect: Vec<(RecordId, u64)>,
    records: BTreeMap<RecordId, Vec<u8>>,
    touch: Vec<RecordId>,
    add: Vec<SealedOperation>,
    replace: Vec<SealedOperation>,
    release: Vec<SealedOperation>,
    acknowledge: Vec<(OpId, Seq)>,
    reopen: Vec<OpId>,
    forget: Vec<OpId>,
    remove: Vec<RecordId>,
    cursor: Option<Cursor>,
    backed_up: Option<Seq>,
    /// The operations are sealed to the server too.
    write_only: bool,
}

struct SealedOperation {
    op_id: OpId,
    record: RecordId,
    phase: Phase,
    device_seq: DeviceSeq,
    quiet: bool,
    sealed: Vec<u8>,
    /// For the server alone; where it may leave, in a store that only writes.
    seal: Option<Vec<u8>>,
}

impl SealedOperation {
    /// Begins at the call.
    fn new(
        store: &IdbStore,
        operation: &Operation,
        phase: Phase,
    ) -> impl Future<Output = Result<Self, StoreError>> + use<> {
        let sealed = store.seal(&operation_place(&operation.op_id.to_string()), operation);
        let (op_id, record, device_seq) = (operation.op_id, operation.record_id, operation.device_seq);
        let quiet = operation.is_trace();
        async move { Ok(Self { op_id, record, phase, device_seq, quiet, sealed: sealed.await?, seal: None }) }
    }

    async fn all<'a>(
        store: &IdbStore,
        operations: impl Iterator<Item = (&'a Operation, Phase)>,
    ) -> Result<Vec<Self>, StoreError> {
        let sealing: Vec<_> = operations.map(|(operation, phase)| Self::new(store, operation, phase)).collect();
        let mut sealed = Vec::with_capacity(sealing.len());
        for operation in sealing {
            sealed.push(operation.await?);
        }
        Ok(sealed)
    }

    fn row(&self, phase: Phase, device_seq: DeviceSeq) -> JsValue {
        let clear = object(&[
            (row::OP, self.op_id.to_string().into()),
            (row::RECORD, self.record.to_string().into()),
            (row::DEVICE_SEQ, whole(device_seq)),
            (row::QUIET, self.quiet.into()),
            (row::SEALED, row::bytes(&self.sealed)),
        ]);
        row::with(&clear, &row::phase(phase))
    }
}

impl Prepared {
    pub(super) async fn seal(store: &IdbStore, commit: Commit) -> Result<Self, StoreError> {
        let seal = |record: &Record| (record.id, store.seal(&place(RECORDS, &record.id.to_string()), record));
        let sealing: Vec<_> = commit.records.iter().map(seal).collect();
        let mut records = BTreeMap::new();
        for (id, sealed) in sealing {
            records.insert(id, sealed.await?);
        }
        let mut add = SealedOperation::all(store, commit.add.iter().map(|new| (&new.operation, new.phase))).await?;
        let mut replace = SealedOperation::all(store, commit.replace.iter().map(both)).await?;
        let mut release = SealedOperation::all(store, commit.release.iter().map(both)).await?;
        let write_only = store.sealed_to.is_some();
        if let Some(public) = &store.sealed_to {
            let added = commit.add.iter().map(|new| (&new.operation, may_leave(new.phase)));
            let replaced = commit.replace.iter().map(|queued| (&queued.operation, may_leave(queued.phase)));
            let released = commit.release.iter().map(|queued| (&queued.operation, true));
            let rows = add.iter_mut().chain(&mut replace).chain(&mut release);
            for (row, (operation, leaves)) in rows.zip(added.chain(replaced).chain(released)) {
                if leaves {
                    row.seal = Some(seals::seal(public, operation).await?);
                }
            }
        }
        let Commit { expect, touch, acknowledge, reopen, forget, remove, cursor, backed_up, .. } = commit;
        Ok(Self {
            expect,
            records,
            touch,
            add,
            replace,
            release,
            acknowledge,
            reopen,
            forget,
            remove,
            cursor,
            backed_up,
            write_only,
        })
    }

    pub(super) async fn write(&self, database: &Database) -> Result<Vec<(OpId, DeviceSeq)>, StoreError> {
        let stores: &[&str] = match self.write_only {
            true => &[RECORDS, OUTBOX, KEPT, COUNTERS, SEALS],
            false => &[RECORDS, OUTBOX, KEPT, COUNTERS],
        };
        let transaction = database::write(database, stores)?;
        let records = transaction.object_store(RECORDS).map_err(store_error)?;
        let outbox = transaction.object_store(OUTBOX).map_err(store_error)?;
        let kept = transaction.object_store(KEPT).map_err(store_error)?;
        let counters = transaction.object_store(COUNTERS).map_err(store_error)?;

        // Everything is read before anything is written: Safari does not undo what was awaited.
        let moving: BTreeSet<RecordId> = self.records.keys().chain(&self.touch).copied().collect();
        let mut there = BTreeMap::new();
        let concerned: BTreeSet<RecordId> =
            self.expect.iter().map(|(id, _)| *id).chain(moving.iter().copied()).collect();
        // All are asked for before the first answer is awaited: a frame of a first pull has hundreds.
        let asked: Vec<_> = concerned
            .iter()
            .map(|id| records.get::<JsValue, _, _>(id.to_string()).primitive().map_err(store_error))
            .collect::<Result<_, _>>()?;
        for (id, found) in concerned.into_iter().zip(asked) {
            there.insert(id, found.await.map_err(store_error)?);
        }
        let revision = |id: &RecordId| match there.get(id) {
            Some(Some(found)) => row::number(found, row::REV),
            _ => Ok(0),
        };
        for (id, rev) in &self.expect {
            if revision(id)? != *rev {
                return Err(StoreError::Moved);
            }
        }
        let mut queue = Queue::read(self, &outbox, &kept, &counters).await?;
        let drawn = queue.apply(self);

        queue.write(&outbox, &kept)?;
        if self.write_only {
            self.write_seals(&queue, &transaction.object_store(SEALS).map_err(store_error)?)?;
        }
        for id in &moving {
            let sealed = match (self.records.get(id), there.get(id)) {
                (Some(sealed), _) => Some(sealed.clone()),
                (None, Some(Some(found))) => row::sealed(found),
                _ => None,
            };
            let value = object(&[
                (row::RECORD, id.to_string().into()),
                (row::REV, whole(revision(id)? + 1)),
                (row::SEALED, sealed.map_or(JsValue::NULL, |sealed| row::bytes(&sealed))),
            ]);
            put(&records, &id.to_string(), value.into())?;
        }
        for id in &self.remove {
            delete(&records, JsValue::from(id.to_string()))?;
        }
        put(&counters, LAST_DEVICE_SEQ, object(&[(row::DEVICE_SEQ, whole(queue.last))]).into())?;
        if let Some(cursor) = self.cursor {
            put(&counters, CURSOR, row::cursor(cursor))?;
        }
        if let Some(seq) = self.backed_up {
            // Arrays sort after numbers and texts, so an array as second key stands above every operation of `seq`.
            let upto: JsValue = Array::of2(&whole(seq), &Array::new()).into();
            kept.delete::<JsValue, _>(KeyRange::UpperBound(upto, false)).primitive().map_err(store_error)?;
        }
        database::commit(transaction).await?;
        Ok(drawn)
    }

    /// Under the number each has in this very transaction; one written again takes the place of the former.
    fn write_seals(&self, queue: &Queue, seals: &ObjectStore<'_>) -> Result<(), StoreError> {
        for sealed in self.replace.iter().chain(&self.release).chain(&self.add) {
            if let (Some(seal), Some(row)) = (&sealed.seal, queue.outbox.get(&sealed.op_id)) {
                seals::put(seals, sealed.op_id, row::number(row, row::DEVICE_SEQ)?, seal)?;
            }
        }
        Ok(())
    }
}

fn may_leave(phase: Phase) -> bool {
    !matches!(phase, Phase::Held(_))
}

fn both(queued: &Queued) -> (&Operation, Phase) {
    (&queued.operation, queued.phase)
}

/// The rows of operations this commit moves, as they are in the transaction.
struct Queue {
    outbox: BTreeMap<OpId, JsValue>,
    /// Kept rows by operation, with their sequence.
    kept: BTreeMap<OpId, (Seq, JsValue)>,
    outbox_changed: BTreeSet<OpId>,
    kept_gone: Vec<(Seq, OpId)>,
    kept_new: Vec<OpId>,
    last: DeviceSeq,
}

impl Queue {
    async fn read(
        commit: &Prepared,
        outbox: &ObjectStore<'_>,
        kept: &ObjectStore<'_>,
        counters: &ObjectStore<'_>,
    ) -> Result<Self, StoreError> {
        let mut queue = Self {
            outbox: BTreeMap::new(),
            kept: BTreeMap::new(),
            outbox_changed: BTreeSet::new(),
            kept_gone: Vec::new(),
            kept_new: Vec::new(),
            last: 0,
        };
        let changed = commit.replace.iter().chain(&commit.release).map(|sealed| sealed.op_id);
        let moved = commit.acknowledge.iter().map(|(op_id, _)| *op_id).chain(commit.forget.iter().copied());
        // All are asked for before the first answer is awaited, as the records were.
        let mut asked = Vec::new();
        for op_id in changed.chain(moved) {
            asked.push((op_id, outbox.get::<JsValue, _, _>(op_id.to_string()).primitive().map_err(store_error)?));
        }
        let last = counters.get::<JsValue, _, _>(LAST_DEVICE_SEQ).primitive().map_err(store_error)?;
        for (op_id, found) in asked {
            if let Some(found) = found.await.map_err(store_error)? {
                queue.outbox.insert(op_id, found);
            }
        }
        // Kept rows are keyed by sequence, so finding one by operation reads them all: only for the rare verbs.
        if !commit.forget.is_empty() || !commit.reopen.is_empty() {
            let rows = kept.get_all::<JsValue>().primitive().map_err(store_error)?.await.map_err(store_error)?;
            for found in rows {
                let found = found.map_err(store_error)?;
                let op_id = row::text(&found, row::OP)?.parse().map_err(|_| row::corrupt(row::OP))?;
                queue.kept.insert(op_id, (row::number(&found, row::SEQ)?, found));
            }
        }
        if let Some(found) = last.await.map_err(store_error)? {
            queue.last = row::number(&found, row::DEVICE_SEQ)?;
        }
        Ok(queue)
    }

    /// In the order [`Commit`] promises.
    fn apply(&mut self, commit: &Prepared) -> Vec<(OpId, DeviceSeq)> {
        let mut drawn = Vec::new();
        for op_id in &commit.forget {
            self.outbox.remove(op_id);
            self.outbox_changed.insert(*op_id);
            if let Some((seq, _)) = self.kept.remove(op_id) {
                self.kept_gone.push((seq, *op_id));
            }
        }
        for (op_id, seq) in &commit.acknowledge {
            if let Some(found) = self.outbox.remove(op_id) {
                self.outbox_changed.insert(*op_id);
                self.kept.insert(*op_id, (*seq, row::with(&found, &[(row::SEQ, whole(*seq))])));
                self.kept_new.push(*op_id);
            }
        }
        for op_id in &commit.reopen {
            if let Some((seq, found)) = self.kept.remove(op_id) {
                self.kept_gone.push((seq, *op_id));
                self.kept_new.retain(|new| new != op_id);
                self.set(*op_id, row::with(&found, &row::phase(Phase::Offered)));
            }
        }
        for sealed in commit.replace.iter().filter(|sealed| self.outbox.contains_key(&sealed.op_id)).collect::<Vec<_>>()
        {
            self.set(sealed.op_id, sealed.row(sealed.phase, sealed.device_seq));
        }
        for sealed in commit.release.iter().filter(|sealed| self.outbox.contains_key(&sealed.op_id)).collect::<Vec<_>>()
        {
            self.last += 1;
            drawn.push((sealed.op_id, self.last));
            self.set(sealed.op_id, sealed.row(Phase::Open, self.last));
        }
        for sealed in &commit.add {
            let held = matches!(sealed.phase, Phase::Held(_));
            self.last += u64::from(!held);
            let number = if held { 0 } else { self.last };
            drawn.push((sealed.op_id, number));
            self.set(sealed.op_id, sealed.row(sealed.phase, number));
        }
        drawn
    }

    fn set(&mut self, op_id: OpId, value: JsValue) {
        self.outbox.insert(op_id, value);
        self.outbox_changed.insert(op_id);
    }

    fn write(&self, outbox: &ObjectStore<'_>, kept: &ObjectStore<'_>) -> Result<(), StoreError> {
        for op_id in &self.outbox_changed {
            match self.outbox.get(op_id) {
                Some(value) => put(outbox, &op_id.to_string(), value.clone())?,
                None => delete(outbox, JsValue::from(op_id.to_string()))?,
            }
        }
        for (seq, op_id) in &self.kept_gone {
            delete(kept, kept_key(*seq, *op_id))?;
        }
        for op_id in &self.kept_new {
            let (seq, value) = &self.kept[op_id];
            kept.put(value.clone()).with_key(kept_key(*seq, *op_id)).primitive().map_err(store_error)?;
        }
        Ok(())
    }
}

fn kept_key(seq: Seq, op_id: OpId) -> JsValue {
    Array::of2(&whole(seq), &op_id.to_string().into()).into()
}

/// The request leaves when built; its failure aborts the transaction, which the commit reports.
pub(super) fn put(store: &ObjectStore<'_>, key: &str, value: JsValue) -> Result<(), StoreError> {
    store.put(value).with_key(key).primitive().map(drop).map_err(store_error)
}

pub(super) fn delete(store: &ObjectStore<'_>, key: JsValue) -> Result<(), StoreError> {
    store.delete(key).primitive().map(drop).map_err(store_error)
}
