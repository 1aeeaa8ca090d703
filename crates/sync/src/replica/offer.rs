//! What goes to the server next, and what it could not read.

use domain::id::{OpId, RecordId};

use super::{Replica, TRIES};
use crate::protocol::{MAX_BYTES, MAX_OPERATIONS, Push};
use crate::{Aside, Commit, Operation, Phase, Queued, Store, StoreError};

/// Bytes of `{"operations":[]}`.
const ENVELOPE: usize = 17;

impl<S: Store> Replica<S> {
    /// The next push, or `None` when there is nothing to send. What was not offered yet is marked so, durably, before it
    /// is answered here: from then on it is immutable. `typing` names a field under the person's fingers: the push stops
    /// before it.
    ///
    /// # Errors
    /// The store could not do it; nothing may be sent.
    pub async fn offer(&self, typing: Option<(RecordId, &str)>) -> Result<Option<Push>, StoreError> {
        for _ in 0..TRIES {
            match self.try_offer(typing).await {
                Err(StoreError::Moved) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved)
    }

    async fn try_offer(&self, typing: Option<(RecordId, &str)>) -> Result<Option<Push>, StoreError> {
        let (chosen, expect) = self.guarded(&[], |outbox| next(outbox, typing)).await?;
        let mut replace = Vec::new();
        let mut operations = Vec::new();
        for Queued { operation, phase } in chosen {
            let fate = if size(&operation) > MAX_BYTES { Phase::SetAside(Aside::TooBig) } else { Phase::Offered };
            if fate != phase {
                replace.push(Queued { operation: operation.clone(), phase: fate });
            }
            if fate == Phase::Offered {
                operations.push(operation);
            }
        }
        if !replace.is_empty() {
            let touch = super::records_of(&replace);
            self.store.commit(Commit { expect, touch, replace, ..Commit::default() }).await?;
        }
        Ok((!operations.is_empty()).then_some(Push { operations }))
    }

    /// Everything that has not reached the server, in order, to be carried there by other means: what was not offered yet
    /// is marked so first, for it may arrive and be applied at any time. What waits for a consent stays.
    ///
    /// # Errors
    /// The store could not do it; nothing may be carried.
    pub async fn export(&self) -> Result<Vec<Operation>, StoreError> {
        for _ in 0..TRIES {
            let may_leave = |outbox: Vec<Queued>| -> Vec<Queued> {
                outbox.into_iter().filter(|queued| !matches!(queued.phase, Phase::Held(_))).collect()
            };
            let (chosen, expect) = match self.guarded(&[], may_leave).await {
                Err(StoreError::Moved) => continue,
                chosen => chosen?,
            };
            let open = chosen.iter().filter(|queued| queued.phase == Phase::Open).cloned();
            let replace: Vec<_> = open.map(|queued| Queued { phase: Phase::Offered, ..queued }).collect();
            let touch = super::records_of(&replace);
            let done = match replace.is_empty() {
                true => Ok(Vec::new()),
                false => self.store.commit(Commit { expect, touch, replace, ..Commit::default() }).await,
            };
            match done {
                Err(StoreError::Moved) => {}
                done => return done.map(|_| chosen.into_iter().map(|queued| queued.operation).collect()),
            }
        }
        Err(StoreError::Moved)
    }

    /// Sets aside an operation the server could not read, so that the others go on.
    ///
    /// # Errors
    /// The store could not do it.
    pub async fn set_aside(&self, op: OpId) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            let only = |outbox: Vec<Queued>| -> Vec<Queued> {
                let refused = |queued: &Queued| queued.operation.op_id == op && queued.phase == Phase::Offered;
                outbox.into_iter().filter(refused).collect()
            };
            let done = match self.guarded(&[], only).await {
                Ok((refused, _)) if refused.is_empty() => Ok(()),
                Ok((refused, expect)) => {
                    let touch = super::records_of(&refused);
                    let replace = refused
                        .into_iter()
                        .map(|queued| Queued { phase: Phase::SetAside(Aside::Unreadable), ..queued })
                        .collect();
                    self.store.commit(Commit { expect, touch, replace, ..Commit::default() }).await.map(drop)
                }
                Err(error) => Err(error),
            };
            if done != Err(StoreError::Moved) {
                return done;
            }
        }
        Err(StoreError::Moved)
    }
}

/// The operations of the next push, in order: within the limits, before the field being typed in. One that is too big
/// on its own is among them, to be set aside.
fn next(outbox: Vec<Queued>, typing: Option<(RecordId, &str)>) -> Vec<Queued> {
    let mut bytes = ENVELOPE;
    let mut count = 0;
    let mut chosen = Vec::new();
    for queued in outbox {
        let Queued { operation, phase } = &queued;
        match phase {
            Phase::Held(_) | Phase::SetAside(_) => continue,
            Phase::Open if typed(operation, typing) => break,
            Phase::Open | Phase::Offered => {}
        }
        let size = size(operation);
        if size <= MAX_BYTES {
            // The envelope is in `size` already; what separates two operations is one comma.
            let more = size - ENVELOPE + 1;
            if count == MAX_OPERATIONS || bytes + more > MAX_BYTES + 1 {
                break;
            }
            bytes += more;
            count += 1;
        }
        chosen.push(queued);
    }
    chosen
}

fn typed(operation: &Operation, typing: Option<(RecordId, &str)>) -> bool {
    typing.is_some_and(|(record, field)| operation.record_id == record && operation.fields.contains_key(field))
}

/// Bytes of a push of this operation alone.
fn size(operation: &Operation) -> usize {
    let text = serde_json::to_string(operation).expect("an operation has text keys and no foreign types");
    ENVELOPE + text.len()
}
