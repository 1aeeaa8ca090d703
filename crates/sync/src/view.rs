//! What a person sees: the server's state with her own unacknowledged operations replayed on top.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, OpId, RecordId};
use domain::record::{Fields, PARENT, Value};

use crate::{Aside, Conflict, Field, OperationKind, Phase, Queued, Record};

/// One record as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub id: RecordId,
    pub kind: String,
    pub form_version: String,
    pub fields: BTreeMap<String, ShownField>,
    pub created_at: Timestamp,
    /// `None`: created on this device by its own account and not acknowledged yet.
    pub author: Option<AccountId>,
    pub deleted: bool,
    /// Unacknowledged operations on it.
    pub waiting: usize,
    /// Held for want of a consent.
    pub held: bool,
    /// Fields to be settled by a person; what this device settled and has not sent yet is not among them.
    pub conflicts: BTreeMap<String, Conflict>,
}

/// One field as shown; `op_id` is the `base` of the next edit.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownField {
    pub value: Value,
    pub op_id: OpId,
}

impl Shown {
    /// The record this one belongs to, if it hangs on one.
    #[must_use]
    pub fn parent(&self) -> Option<RecordId> {
        self.fields.get(PARENT)?.value.as_str()?.parse().ok()
    }

    /// The plain values, as forms and rules read them.
    #[must_use]
    pub fn values(&self) -> Fields {
        let mut values = Fields::new();
        values.extend(self.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())));
        values
    }

    /// What a person sees of a record: the server's state, then her own operations on top, in the order she made them.
    /// `None` when there is nothing to see.
    #[must_use]
    pub fn of(record: Option<&Record>, operations: &[Queued]) -> Option<Self> {
        let mut shown = match (record, operations.first()) {
            (Some(record), _) if record.left => return None,
            (Some(record), first) => {
                if record.origin.is_none() && record.fields.is_empty() && first.is_none() {
                    return None;
                }
                Self::of_record(record, first)
            }
            (None, Some(first)) => Self::of_record(&Record::of(&first.operation), Some(first)),
            (None, None) => return None,
        };
        if record.is_some_and(Record::is_erased) {
            return Some(shown);
        }
        // Held operations have no rank, and a clock set back may sort their creation after an edit.
        let (creations, others): (Vec<_>, Vec<_>) =
            operations.iter().partition(|queued| queued.operation.kind == OperationKind::Create);
        for queued in creations.into_iter().chain(others) {
            shown.replay(queued);
        }
        Some(shown)
    }

    fn of_record(record: &Record, first: Option<&Queued>) -> Self {
        let mut fields = BTreeMap::new();
        for (name, Field { value, op_id, .. }) in &record.fields {
            let (value, op_id) = (value.clone(), *op_id);
            fields.insert(name.clone(), ShownField { value, op_id });
        }
        let origin = record.origin.as_ref();
        Self {
            id: record.id,
            kind: record.kind.clone(),
            form_version: record.form_version.clone(),
            fields,
            created_at: origin
                .map(|origin| origin.at)
                .or(first.map(|queued| queued.operation.device_time))
                .unwrap_or(Timestamp(0)),
            author: origin.map(|origin| origin.author),
            deleted: record.is_deleted(),
            waiting: 0,
            held: false,
            conflicts: record
                .conflicts
                .iter()
                .filter(|(_, item)| item.is_open())
                .map(|(name, item)| (name.clone(), item.clone()))
                .collect(),
        }
    }

    fn replay(&mut self, queued: &Queued) {
        let operation = &queued.operation;
        self.waiting += 1;
        self.held |= matches!(queued.phase, Phase::Held(_));
        if matches!(queued.phase, Phase::SetAside(Aside::Quarantined(reason)) if reason.is_final()) {
            // It will never stand: shown on top, this device alone would tell another story.
            return;
        }
        self.conflicts.retain(|name, item| !operation.settles(name, item));
        match operation.kind {
            OperationKind::Create => {
                if self.author.is_none() {
                    self.created_at = operation.device_time;
                }
            }
            OperationKind::Set => {}
            OperationKind::Delete | OperationKind::Restore => {
                self.deleted = operation.kind == OperationKind::Delete;
                return;
            }
            OperationKind::Erase => {
                self.deleted = true;
                self.fields.clear();
            }
        }
        for (name, edit) in &operation.fields {
            let field = ShownField { value: edit.value.clone(), op_id: operation.op_id };
            self.fields.insert(name.clone(), field);
        }
    }
}
