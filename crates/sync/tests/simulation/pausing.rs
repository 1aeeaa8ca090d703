//! A store whose calls can be paused, so that two tabs write at once.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use domain::id::{DeviceId, OpId, RecordId};
use sync::{Commit, Cursor, DeviceSeq, MemoryStore, Operation, Queued, Replica, Seq, Store, StoreError, Stored, Whole};

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
    async fn some(&self, ids: &[RecordId]) -> Result<Vec<Option<Stored>>, StoreError> {
        self.pause().await;
        self.store.some(ids).await
    }
    async fn ids(&self, after: Option<RecordId>, up_to: Option<RecordId>) -> Result<Vec<RecordId>, StoreError> {
        self.pause().await;
        self.store.ids(after, up_to).await
    }
    async fn revision(&self, id: RecordId) -> Result<u64, StoreError> {
        self.pause().await;
        self.store.revision(id).await
    }
    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        self.pause().await;
        self.store.outbox().await
    }
    async fn whole(&self, id: RecordId) -> Result<Whole, StoreError> {
        self.pause().await;
        self.store.whole(id).await
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
