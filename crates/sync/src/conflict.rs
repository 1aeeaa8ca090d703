//! Two people wrote the same field without seeing each other: what stands side by side until one of them settles it.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, OpId};
use domain::record::Value;
use serde::{Deserialize, Serialize};

use crate::{Clash, DELETED, OperationKind, Record, Seq, Sequenced};

/// One item per record and field; later operations on the field join it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The last operation that opened, joined or settled it.
    pub seq: Seq,
    /// The values that stand side by side, oldest first. Empty once settled: the history keeps them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Rival>,
    /// Who settled it, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Signature>,
}

/// One of the values in conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    pub op_id: OpId,
    /// For the item named [`crate::DELETED`]: `true` where the record is deleted.
    pub value: Value,
    pub by: Signature,
}

/// Who did something, on which device and when, as another person may read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    pub author: AccountId,
    /// « Claire Vidal »
    pub name: String,
    /// « Infirmière »
    pub profession: String,
    /// « Tablette bleue »
    pub device: String,
    /// What the device's clock said.
    pub at: Timestamp,
    /// When the server received it.
    pub received_at: Timestamp,
}

impl Conflict {
    /// Still to be settled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }
}

impl Record {
    /// Applies an operation as the server receives it, after all those before it: finds the conflicts that it opens,
    /// joins or settles, and notes them on the record and on the operation. Answers the fields in conflict because of it.
    ///
    /// `standing` tells who wrote what stood there ([`Record::standing`] says which operations are needed).
    pub fn arrive(
        &mut self,
        sequenced: &mut Sequenced,
        by: &Signature,
        standing: &BTreeMap<OpId, Signature>,
    ) -> Vec<String> {
        let was_erased = self.is_erased();
        let clashes = self.apply(sequenced);
        if was_erased || self.is_erased() {
            return Vec::new();
        }
        let seq = sequenced.seq;
        let operation = &sequenced.operation;
        let mut disputed = Vec::new();
        let mut changed: Vec<(String, Conflict)> = Vec::new();
        if matches!(operation.kind, OperationKind::Delete | OperationKind::Restore) {
            // Whoever deletes or restores after the edit has seen it, or decides all the same: the item is settled.
            if self.open(DELETED).is_some() {
                changed.push((DELETED.to_owned(), Conflict { seq, values: Vec::new(), settled: Some(by.clone()) }));
            }
        }
        let deleted = clashes.iter().filter(|clash| clash.field == DELETED).map(|clash| (clash, None));
        let edited = operation.fields.iter().map(|(name, edit)| (name, Some(edit)));
        let edited = edited.map(|(name, edit)| (name, clashes.iter().find(|clash| clash.field == *name), edit));
        for (name, clash, edit) in deleted.map(|(clash, edit)| (&clash.field, Some(clash), edit)).chain(edited) {
            let open = self.open(name);
            if open.is_none() && clash.is_none() {
                continue;
            }
            let mut values = open.map(|item| item.values.clone()).unwrap_or_default();
            values.extend(clash.filter(|clash| !holds(&values, clash.ours_by)).and_then(|clash| ours(clash, standing)));
            let over = edit.map(|edit| edit.over.as_slice()).unwrap_or_default();
            let own = |rival: &Rival| match edit {
                Some(edit) => edit.base == Some(rival.op_id) && rival.by.author == by.author,
                None => rival.value == Value::Bool(false) && rival.by.author == by.author,
            };
            // What its author saw and settles gives way, and what she wrote herself just before.
            values.retain(|rival| !over.contains(&rival.op_id) && !own(rival));
            let value = edit.map_or(Value::Bool(false), |edit| edit.value.clone());
            let agreed = values.iter().all(|rival| rival.value == value);
            if agreed && (!over.is_empty() || open.is_some()) {
                changed.push((name.clone(), Conflict { seq, values: Vec::new(), settled: Some(by.clone()) }));
                continue;
            }
            values.push(Rival { op_id: operation.op_id, value, by: by.clone() });
            changed.push((name.clone(), Conflict { seq, values, settled: None }));
            disputed.push(name.clone());
        }
        for (name, item) in changed {
            self.conflicts.insert(name.clone(), item.clone());
            sequenced.conflicts.insert(name, item);
        }
        disputed
    }

    /// The operations behind what an operation may find standing, whose authors [`Record::arrive`] needs.
    #[must_use]
    pub fn standing(&self, operation: &crate::Operation) -> Vec<OpId> {
        let fields = operation.fields.keys().filter_map(|name| self.fields.get(name)).map(|field| field.op_id);
        fields.chain(self.deletion.as_ref().map(|deletion| deletion.op_id)).collect()
    }

    /// The item of this name that is still to be settled.
    #[must_use]
    pub fn open(&self, name: &str) -> Option<&Conflict> {
        self.conflicts.get(name).filter(|item| item.is_open())
    }
}

fn holds(values: &[Rival], op_id: OpId) -> bool {
    values.iter().any(|rival| rival.op_id == op_id)
}

fn ours(clash: &Clash, standing: &BTreeMap<OpId, Signature>) -> Option<Rival> {
    let by = standing.get(&clash.ours_by)?.clone();
    Some(Rival { op_id: clash.ours_by, value: clash.ours.clone(), by })
}
