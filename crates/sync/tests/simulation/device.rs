//! One device: a store whose calls can be paused, so that two tabs write at once.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::record::Value;
use sync::protocol::{Pulled, Push, Pushed};
use sync::{
    Commit, Cursor, DeviceSeq, Hold, MemoryStore, Operation, OperationKind, Queued, Replica, Save, SaveError, Seq,
    Shown, Store, StoreError, Stored,
};

/// One thing a tab does.
#[derive(Clone, Debug)]
pub enum Act {
    Save(Typed),
    Discard(RecordId),
    Offer(Option<(RecordId, String)>),
    SetAside(OpId),
    Pushed(Pushed),
    Pulled(Pulled),
}

/// A save with its own texts.
#[derive(Clone, Debug)]
pub struct Typed {
    pub record: RecordId,
    pub kind: String,
    pub operation: OperationKind,
    pub fields: Vec<(String, Value)>,
    pub reason: Option<String>,
    pub hold: Hold,
    pub now: Timestamp,
    pub op_id: OpId,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    Saved(Result<Shown, SaveError>),
    Discarded(Result<Vec<RecordId>, StoreError>),
    Offered(Result<Option<Push>, StoreError>),
    Done(Result<(), StoreError>),
}

pub async fn perform(replica: Replica<Pausing>, author: AccountId, act: Act) -> Outcome {
    match act {
        Act::Save(typed) => {
            let Typed { record, kind, operation, fields, reason, hold, now, op_id } = typed;
            let kind = kind.as_str();
            let save = Save {
                record,
                kind,
                form_version: "1",
                operation,
                fields,
                seen: BTreeMap::new(),
                reason,
                hold,
                now,
                op_id,
            };
            Outcome::Saved(replica.save(save).await)
        }
        Act::Discard(root) => Outcome::Discarded(replica.discard_held(root).await),
        Act::Offer(typing) => {
            let typing = typing.as_ref().map(|(record, field)| (*record, field.as_str()));
            Outcome::Offered(replica.offer(typing).await)
        }
        Act::SetAside(op) => Outcome::Done(replica.set_aside(op).await),
        Act::Pushed(reply) => Outcome::Done(replica.pushed(author, &reply).await.map(drop)),
        Act::Pulled(reply) => Outcome::Done(replica.pulled(&reply).await.map(drop)),
    }
}

pub fn tab(store: &MemoryStore, device: DeviceId, pause_after: Option<u32>) -> Replica<Pausing> {
    Replica::new(Pausing { store: store.clone(), pause_after: Rc::new(Cell::new(pause_after)) }, device)
}

/// Polls a tab once: `None` when it paused.
pub fn step<T>(future: &mut Pin<Box<dyn Future<Output = T>>>) -> Option<T> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

/// A store that pauses once, before one of its calls.
#[derive(Clone, Debug)]
pub struct Pausing {
    store: MemoryStore,
    pause_after: Rc<Cell<Option<u32>>>,
}

impl Pausing {
    async fn pause(&self) {
        let left = self.pause_after.get();
        self.pause_after.set(left.and_then(|calls| calls.checked_sub(1)));
        if left == Some(0) {
            let mut paused = false;
            std::future::poll_fn(
                |_| {
                    if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending }
                },
            )
            .await;
        }
    }
}

impl Store for Pausing {
    async fn records(&self) -> Result<Vec<Stored>, StoreError> {
        self.pause().await;
        self.store.records().await
    }
    async fn record(&self, id: RecordId) -> Result<Option<Stored>, StoreError> {
        self.pause().await;
        self.store.record(id).await
    }
    async fn revision(&self, id: RecordId) -> Result<u64, StoreError> {
        self.pause().await;
        self.store.revision(id).await
    }
    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        self.pause().await;
        self.store.outbox().await
    }
    async fn outbox_of(&self, id: RecordId) -> Result<Vec<Queued>, StoreError> {
        self.pause().await;
        self.store.outbox_of(id).await
    }
    async fn kept(&self) -> Result<Vec<(Seq, Operation)>, StoreError> {
        self.pause().await;
        self.store.kept().await
    }
    async fn cursor(&self) -> Result<Cursor, StoreError> {
        self.pause().await;
        self.store.cursor().await
    }
    async fn last_device_seq(&self) -> Result<DeviceSeq, StoreError> {
        self.pause().await;
        self.store.last_device_seq().await
    }
    async fn commit(&self, commit: Commit) -> Result<Vec<(OpId, DeviceSeq)>, StoreError> {
        self.pause().await;
        self.store.commit(commit).await
    }
}
