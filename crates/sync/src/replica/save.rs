//! Saving what a person did: one commit, durable when it answers.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::id::{OpId, RecordId};
use domain::order::sort_by_key;
use domain::record::{PARENT, Value};

use super::{Replica, TRIES, position, records_of};
use crate::{
    Commit, DELETED, Edit, Operation, OperationKind, Phase, Queued, Shown, Store, StoreError, Unnumbered, Whole,
};

/// What a person did to one record.
#[derive(Clone, Debug)]
pub struct Save<'a> {
    pub record: RecordId,
    pub kind: &'a str,
    pub form_version: &'a str,
    pub operation: OperationKind,
    pub fields: Vec<(String, Value)>,
    /// The operation behind each field when its author began to change it, where it may differ from the one shown now:
    /// what a pull brought while she was typing was not seen.
    pub seen: BTreeMap<String, Option<OpId>>,
    /// The values in conflict that this one settles: the person saw them side by side. Empty for an ordinary edit.
    pub over: Vec<OpId>,
    /// Why a finished form is corrected.
    pub reason: Option<String>,
    pub hold: Hold,
    pub now: Timestamp,
    /// Used if a new operation is needed; saving again under the same one changes nothing.
    pub op_id: OpId,
}

/// Whether a save may leave the device. What is already held stays so until its release, whatever is said here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    No,
    /// What it hangs on is not on this device, which holds nothing of it: a record of the territory, at a stand.
    Elsewhere,
    /// Not before the consent of this record.
    Under(RecordId),
    /// This save is the consent: frees all that is held under this record, in the same commit, numbered before it.
    Release(RecordId),
}

/// Why a save was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Erased, refused, or never there.
    #[error("the record is gone")]
    Gone,
}

/// Where a new operation begins, and the revisions that guard the decision.
struct Standing {
    phase: Phase,
    guards: Vec<(RecordId, u64)>,
    release: Vec<Queued>,
}

impl<S: Store> Replica<S> {
    /// Saves, and answers the record as it now shows. Rebuilt when another tab or a pull moved the record meanwhile.
    ///
    /// # Errors
    /// The record is gone, or the store could not do it; nothing was changed.
    pub async fn save(&self, save: Save<'_>) -> Result<Shown, SaveError> {
        for _ in 0..TRIES {
            match self.try_save(&save).await {
                Err(SaveError::Store(StoreError::Moved)) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved.into())
    }

    async fn try_save(&self, save: &Save<'_>) -> Result<Shown, SaveError> {
        let id = save.record;
        // Whatever changes after this reading makes the commit abort.
        let Whole { rev, record, mut operations } = self.store.whole(id).await?;
        let record = record.as_ref();
        let before = Shown::of(record, &operations);
        if record.is_some_and(crate::Record::is_erased) {
            return Err(SaveError::Gone);
        }
        let kind = match (&before, save.operation) {
            // A creation saved again after an uncertain answer.
            (Some(_), OperationKind::Create) => OperationKind::Set,
            (None, kind) if kind != OperationKind::Create => return Err(SaveError::Gone),
            (_, kind) => kind,
        };
        let standing = self.standing(save, kind, &operations).await?;
        let known = position(&operations, save.op_id).is_some();
        let needed = !known && needed(save, kind, before.as_ref());
        if let Some(shown) = before.as_ref().filter(|_| !needed && standing.release.is_empty()) {
            return Ok(shown.clone());
        }

        let mut commit = Commit { expect: vec![(id, rev)], touch: vec![id], ..Commit::default() };
        for (guard, guard_rev) in standing.guards {
            if guard != id {
                commit.expect.push((guard, guard_rev));
                commit.touch.push(guard);
            }
        }
        for released in &standing.release {
            if let Some(at) = position(&operations, released.operation.op_id) {
                operations[at].phase = Phase::Open;
            }
        }
        if needed {
            let absorb = standing.release.is_empty() && kind == OperationKind::Set;
            let mut fields = BTreeMap::new();
            for (name, value) in &save.fields {
                let shown = before.as_ref().and_then(|shown| shown.fields.get(name));
                let unchanged = shown.map_or(value.is_null(), |shown| shown.value == *value);
                if kind == OperationKind::Set && unchanged && save.reason.is_none() && save.over.is_empty() {
                    continue;
                }
                let open = absorb.then(|| absorber(&operations, name, save, standing.phase)).flatten();
                if let Some(at) = open {
                    let operation = &mut operations[at].operation;
                    if let Some(edit) = operation.fields.get_mut(name) {
                        edit.value = value.clone();
                    }
                    operation.device_time = save.now;
                    let absorbed = operations[at].clone();
                    commit.replace.retain(|queued| queued.operation.op_id != absorbed.operation.op_id);
                    commit.replace.push(absorbed);
                } else {
                    fields.insert(
                        name.clone(),
                        Edit {
                            value: value.clone(),
                            base: save.seen.get(name).copied().unwrap_or_else(|| shown.map(|shown| shown.op_id)),
                            over: save.over.clone(),
                        },
                    );
                }
            }
            if let Some(shown) = before.as_ref().filter(|_| kind == OperationKind::Delete) {
                let rivals = shown.conflicts.values().flat_map(|item| &item.values).map(|rival| rival.op_id);
                let seen: BTreeSet<OpId> = shown.fields.values().map(|field| field.op_id).chain(rivals).collect();
                let over = seen.into_iter().collect();
                fields.insert(DELETED.to_owned(), Edit { value: true.into(), base: None, over });
            }
            if kind != OperationKind::Set || !fields.is_empty() {
                let operation = self.operation(save, kind, fields);
                operations.push(Queued { operation: operation.clone(), phase: standing.phase });
                commit.add.push(Unnumbered { operation, phase: standing.phase });
            }
        }
        commit.release = standing.release;
        self.store.commit(commit).await?;
        Ok(Shown::of(record, &operations).expect("a record that was just written has operations or a state"))
    }

    fn operation(&self, save: &Save<'_>, kind: OperationKind, fields: BTreeMap<String, Edit>) -> Operation {
        Operation {
            op_id: save.op_id,
            device_id: self.device,
            device_seq: 0,
            record_id: save.record,
            record_kind: save.kind.into(),
            form_version: save.form_version.into(),
            kind,
            fields,
            reason: save.reason.clone(),
            device_time: save.now,
        }
    }

    /// Whether the new operation is held, from what is held already rather than from what the caller believes: another
    /// tab may have received the consent, or its refusal, since.
    async fn standing(&self, save: &Save<'_>, kind: OperationKind, own: &[Queued]) -> Result<Standing, SaveError> {
        let mut standing = Standing { phase: Phase::Open, guards: Vec::new(), release: Vec::new() };
        if let Hold::Release(root) = save.hold {
            let under = |outbox: Vec<Queued>| -> Vec<Queued> {
                outbox.into_iter().filter(|queued| queued.phase == Phase::Held(root)).collect()
            };
            let (mut release, guards) = self.guarded(&[root], under).await?;
            // Parents before children and creations before edits, even if the clock was set back meanwhile.
            sort_by_key(&mut release, |Queued { operation, .. }| {
                (operation.record_id != root, operation.kind != OperationKind::Create, operation.op_id)
            });
            debug_assert!(records_of(&release).iter().all(|id| guards.iter().any(|(guard, _)| guard == id)));
            standing.release = release;
            standing.guards = guards;
            return Ok(standing);
        }
        if let Some((phase, _)) = held(own) {
            standing.phase = phase;
            return Ok(standing);
        }
        if kind != OperationKind::Create {
            return Ok(standing);
        }
        let anchor = match save.hold {
            Hold::Under(root) => Some(root),
            Hold::Elsewhere => None,
            _ => parent(save),
        };
        match anchor {
            Some(anchor) if anchor == save.record => standing.phase = Phase::Held(anchor),
            Some(anchor) => {
                // Guarding what it hangs on makes a release or a refusal under way see this newcomer, or the reverse.
                let above = self.store.whole(anchor).await?;
                if above.rev == 0 {
                    return Err(SaveError::Gone);
                }
                standing.guards.push((anchor, above.rev));
                if let Some((phase, root)) = held(&above.operations) {
                    if root != anchor {
                        standing.guards.push((root, self.store.revision(root).await?));
                    }
                    standing.phase = phase;
                }
            }
            None => {}
        }
        Ok(standing)
    }
}

/// Whether the save changes anything.
fn needed(save: &Save<'_>, kind: OperationKind, before: Option<&Shown>) -> bool {
    let Some(shown) = before else { return true };
    match kind {
        OperationKind::Create | OperationKind::Erase => true,
        OperationKind::Delete => !shown.deleted || shown.conflicts.contains_key(DELETED),
        OperationKind::Restore => shown.deleted,
        OperationKind::Set => save.fields.iter().any(|(name, value)| {
            let unchanged = shown.fields.get(name).map_or(value.is_null(), |field| field.value == *value);
            !unchanged || save.reason.is_some() || !save.over.is_empty()
        }),
    }
}

fn held(operations: &[Queued]) -> Option<(Phase, RecordId)> {
    operations.iter().find_map(|queued| match queued.phase {
        Phase::Held(root) => Some((queued.phase, root)),
        _ => None,
    })
}

fn parent(save: &Save<'_>) -> Option<RecordId> {
    let (_, value) = save.fields.iter().find(|(name, _)| name == PARENT)?;
    value.as_str()?.parse().ok()
}

/// The operation not yet offered that takes the new value of a field in its place: the last one that wrote this field,
/// if it is an edit for the same reason and nothing was deleted or restored since.
fn absorber(operations: &[Queued], name: &str, save: &Save<'_>, phase: Phase) -> Option<usize> {
    let at = operations.iter().rposition(|queued| {
        queued.operation.fields.contains_key(name)
            || !matches!(queued.operation.kind, OperationKind::Create | OperationKind::Set)
    })?;
    let Queued { operation, phase: begun } = &operations[at];
    let same = operation.kind == OperationKind::Set && operation.reason == save.reason && *begun == phase;
    let settles = !save.over.is_empty() || operation.fields.values().any(|edit| !edit.over.is_empty());
    (same && !settles).then_some(at)
}
