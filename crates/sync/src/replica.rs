//! One device's copy: what it shows, what it saves, what it sends and what it receives, over any [`Store`].

mod first;
mod offer;
mod receive;
mod save;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::id::{DeviceId, OpId, RecordId};
use serde::{Deserialize, Serialize};

pub use save::{Hold, Save, SaveError};

use crate::{Commit, DeviceSeq, Phase, Queued, Shown, Store, StoreError};

/// How often a change is rebuilt when other writers keep moving the records under it.
const TRIES: usize = 32;

/// The records of one account on one device. Several may share a store, as tabs do.
#[derive(Clone, Debug)]
pub struct Replica<S> {
    store: S,
    device: DeviceId,
}

/// Everything a freshly opened device shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// Deleted records included, in no order.
    pub shown: Vec<Shown>,
    pub waiting: Waiting,
}

/// What the server does not have yet of the entries of this device. Traces ([`crate::Operation::is_trace`]) are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Waiting {
    /// Operations to send or on their way.
    pub count: usize,
    /// Device time of the oldest of them.
    pub oldest: Option<Timestamp>,
    /// Operations that wait for a consent.
    pub held: usize,
    /// Operations the server could not read, or stored without applying them.
    pub set_aside: usize,
    /// Every entry up to this number is acknowledged or was forgotten.
    pub last_acknowledged: DeviceSeq,
    /// The last number drawn.
    pub last_drawn: DeviceSeq,
}

impl Waiting {
    /// « tout est envoyé »: the server has every entry of this device, drafts held for a consent included.
    #[must_use]
    pub fn everything_sent(&self) -> bool {
        self.count == 0 && self.held == 0 && self.set_aside == 0 && self.last_acknowledged == self.last_drawn
    }
}

impl<S: Store> Replica<S> {
    pub fn new(store: S, device: DeviceId) -> Self {
        Self { store, device }
    }

    /// The store underneath.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Every record this device knows, and what waits.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn contents(&self) -> Result<Contents, StoreError> {
        // The outbox first: an operation acknowledged in between is then seen twice, never missed.
        let outbox = self.store.outbox().await?;
        let records = self.store.records().await?;
        let waiting = self.waiting_in(&outbox).await?;
        let mut operations: BTreeMap<RecordId, Vec<Queued>> = BTreeMap::new();
        for queued in outbox.into_iter().filter(|queued| !queued.operation.is_trace()) {
            operations.entry(queued.operation.record_id).or_default().push(queued);
        }
        let mut shown = Vec::with_capacity(records.len());
        for stored in &records {
            let own = operations.remove(&stored.record.id).unwrap_or_default();
            shown.extend(Shown::of(Some(&stored.record), &own));
        }
        shown.extend(operations.values().filter_map(|own| Shown::of(None, own)));
        Ok(Contents { shown, waiting })
    }

    /// One record as a person sees it.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn shown(&self, id: RecordId) -> Result<Option<Shown>, StoreError> {
        let whole = self.store.whole(id).await?;
        Ok(Shown::of(whole.record.as_ref(), &whole.operations))
    }

    /// What the server does not have yet.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn waiting(&self) -> Result<Waiting, StoreError> {
        let outbox = self.store.outbox().await?;
        self.waiting_in(&outbox).await
    }

    /// Forgets what is held under `root`, and what of `root` itself is held: a consent was refused, or a held draft is
    /// thrown away. Answers the records that changed.
    ///
    /// # Errors
    /// The store could not do it; nothing was forgotten.
    pub async fn discard_held(&self, root: RecordId) -> Result<Vec<RecordId>, StoreError> {
        for _ in 0..TRIES {
            match self.try_discard(root).await {
                Err(StoreError::Moved) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved)
    }

    async fn try_discard(&self, root: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let select = |outbox: Vec<Queued>| -> Vec<Queued> {
            let concerned = |queued: &Queued| match queued.phase {
                Phase::Held(under) => under == root || queued.operation.record_id == root,
                _ => false,
            };
            outbox.into_iter().filter(concerned).collect()
        };
        let (held, expect) = self.guarded(&[root], select).await?;
        if held.is_empty() {
            return Ok(Vec::new());
        }
        // What is held was never seen by the server: its records live by their operations alone.
        let records: Vec<_> = records_of(&held);
        let touch = if records.contains(&root) { Vec::new() } else { vec![root] };
        let forget = held.iter().map(|queued| queued.operation.op_id).collect();
        self.store.commit(Commit { expect, forget, touch, remove: records.clone(), ..Commit::default() }).await?;
        Ok(records)
    }

    async fn waiting_in(&self, outbox: &[Queued]) -> Result<Waiting, StoreError> {
        let last = self.store.last_device_seq().await?;
        let mut waiting = Waiting { last_acknowledged: last, last_drawn: last, ..Waiting::default() };
        for Queued { operation, phase } in outbox.iter().filter(|queued| !queued.operation.is_trace()) {
            match phase {
                Phase::Held(_) => waiting.held += 1,
                Phase::SetAside(_) => waiting.set_aside += 1,
                Phase::Open | Phase::Offered => {
                    waiting.count += 1;
                    let earlier =
                        waiting.oldest.map_or(operation.device_time, |oldest| oldest.min(operation.device_time));
                    waiting.oldest = Some(earlier);
                }
            }
            if let Some(before) = operation.device_seq.checked_sub(1) {
                waiting.last_acknowledged = waiting.last_acknowledged.min(before);
            }
        }
        Ok(waiting)
    }

    /// Chooses operations of the outbox together with the revisions that guard the choice: those of their records and of `also`.
    async fn guarded(
        &self,
        also: &[RecordId],
        select: impl Fn(Vec<Queued>) -> Vec<Queued>,
    ) -> Result<(Vec<Queued>, Vec<(RecordId, u64)>), StoreError> {
        let chosen = select(self.store.outbox().await?);
        let ids = once_each(chosen.iter().map(|queued| queued.operation.record_id).chain(also.iter().copied()));
        let expect = self.revisions(&ids).await?;
        // The revisions were read after the operations, so they guard them only if nothing moved in between.
        if !chosen.is_empty() && select(self.store.outbox().await?) != chosen {
            return Err(StoreError::Moved);
        }
        Ok((chosen, expect))
    }

    async fn revisions(&self, ids: &[RecordId]) -> Result<Vec<(RecordId, u64)>, StoreError> {
        let mut revisions = Vec::with_capacity(ids.len());
        for id in ids {
            revisions.push((*id, self.store.revision(*id).await?));
        }
        Ok(revisions)
    }
}

/// The records of these operations, once each.
fn records_of(operations: &[Queued]) -> Vec<RecordId> {
    once_each(operations.iter().map(|queued| queued.operation.record_id))
}

/// In order, without repetition. Inserted one by one: a sort would be compiled for this type alone.
fn once_each(ids: impl Iterator<Item = RecordId>) -> Vec<RecordId> {
    let mut each = BTreeSet::new();
    each.extend(ids);
    each.into_iter().collect()
}

fn position(operations: &[Queued], op_id: OpId) -> Option<usize> {
    operations.iter().position(|queued| queued.operation.op_id == op_id)
}
