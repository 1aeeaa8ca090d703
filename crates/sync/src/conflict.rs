//! Two people wrote the same field without seeing each other: what stands side by side until one of them settles it.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, OpId};
use domain::record::Value;
use serde::{Deserialize, Serialize};

use crate::{Clash, DELETED, Edit, Operation, OperationKind, Record, Seq, Sequenced};

#[cfg(test)]
mod tests;

/// Values side by side, at most, before the next of an author takes the place of her oldest: nobody can choose among
/// more, and the history has them all.
const MAX_RIVALS: usize = 50;

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
        let signed = |op_id: OpId| Some((op_id, standing.get(&op_id)?.clone()));
        let unseen: Vec<(OpId, Signature)> = self.unseen(&sequenced.operation).into_iter().filter_map(signed).collect();
        let clashes = self.apply(sequenced);
        if was_erased || self.is_erased() {
            return Vec::new();
        }
        let Sequenced { seq, ref operation, .. } = *sequenced;
        let settled = || Conflict { seq, values: Vec::new(), settled: Some(by.clone()) };
        let mut changed: Vec<(&str, Conflict)> = Vec::new();
        match operation.kind {
            OperationKind::Create | OperationKind::Set => {
                let deleted = clashes.iter().filter(|clash| clash.field == DELETED).map(|_| (DELETED, None));
                let edited = operation.fields.iter().map(|(name, edit)| (name.as_str(), Some(edit)));
                for (name, edit) in deleted.chain(edited) {
                    let clash = clashes.iter().find(|clash| clash.field == name);
                    let open = self.open(name);
                    if open.is_none() && clash.is_none() {
                        continue;
                    }
                    let mut values = open.map(|item| item.values.clone()).unwrap_or_default();
                    values
                        .extend(clash.filter(|clash| !holds(&values, clash.ours_by)).and_then(|it| ours(it, standing)));
                    values.retain(|rival| !gives_way(rival, edit, by));
                    let value = edit.map_or(Value::Bool(false), |edit| edit.value.clone());
                    let agreed = values.iter().all(|rival| rival.value == value);
                    if agreed && (open.is_some() || edit.is_some_and(|edit| !edit.over.is_empty())) {
                        changed.push((name, settled()));
                        continue;
                    }
                    let hers = |rival: &Rival| rival.by.author == by.author;
                    if let Some(oldest) = values.iter().position(hers).filter(|_| values.len() >= MAX_RIVALS) {
                        values.remove(oldest);
                    }
                    values.push(Rival { op_id: operation.op_id, value, by: by.clone() });
                    changed.push((name, Conflict { seq, values, settled: None }));
                }
            }
            // The other order of arrival of the edit of a deleted record: one item tells the same.
            OperationKind::Delete if !unseen.is_empty() => {
                let seen = |rival: &Rival| operation.fields[DELETED].over.contains(&rival.op_id);
                let mut values = self.open(DELETED).map(|item| item.values.clone()).unwrap_or_default();
                values.retain(|rival| !seen(rival) && (rival.by.author != by.author || rival.value != true));
                for (op_id, edited_by) in unseen {
                    if values.iter().all(|rival| rival.value == true || rival.by.author != edited_by.author) {
                        values.push(Rival { op_id, value: false.into(), by: edited_by });
                    }
                }
                values.push(Rival { op_id: operation.op_id, value: true.into(), by: by.clone() });
                changed.push((DELETED, Conflict { seq, values, settled: None }));
            }
            // Whoever deletes or restores after the edit has seen it: the item is settled.
            OperationKind::Delete | OperationKind::Restore if self.open(DELETED).is_some() => {
                changed.push((DELETED, settled()));
            }
            _ => {}
        }
        let changed: BTreeMap<_, _> = changed.into_iter().map(|(name, item)| (name.to_owned(), item)).collect();
        let disputed = changed.iter().filter(|(_, item)| item.is_open()).map(|(name, _)| name.clone()).collect();
        self.conflicts.extend(changed.clone());
        sequenced.conflicts = changed;
        disputed
    }

    /// The operations behind what an operation may find standing, whose authors [`Record::arrive`] needs.
    #[must_use]
    pub fn standing(&self, operation: &Operation) -> Vec<OpId> {
        let fields = operation.fields.keys().filter_map(|name| self.fields.get(name)).map(|field| field.op_id);
        let unseen = self.unseen(operation).into_iter();
        fields.chain(unseen).chain(self.deletion.as_ref().map(|deletion| deletion.op_id)).collect()
    }

    /// The operations behind what stands here that the author of a deletion had not seen, newest first. A deletion that
    /// does not say what she saw is taken at its word.
    fn unseen(&self, operation: &Operation) -> Vec<OpId> {
        let Some(deletion) = operation.fields.get(DELETED).filter(|_| operation.kind == OperationKind::Delete) else {
            return Vec::new();
        };
        let mut standing: Vec<(Seq, OpId)> = self.fields.values().map(|field| (field.seq, field.op_id)).collect();
        standing.sort_unstable_by(|a, b| b.cmp(a));
        // A value that waits beside another for a decision stands too.
        let open = self.conflicts.iter().filter(|(name, item)| *name != DELETED && item.is_open());
        let rivals = open.flat_map(|(_, item)| item.values.iter().rev()).map(|rival| rival.op_id);
        let mut unseen = Vec::new();
        for op_id in standing.into_iter().map(|(_, op_id)| op_id).chain(rivals) {
            if !deletion.over.contains(&op_id) && !unseen.contains(&op_id) {
                unseen.push(op_id);
            }
        }
        unseen
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

impl Operation {
    /// Whether its author settles an item, as far as she can see.
    pub(crate) fn settles(&self, name: &str, item: &Conflict) -> bool {
        match self.kind {
            OperationKind::Create | OperationKind::Set => self
                .fields
                .get(name)
                .is_some_and(|edit| item.is_open() && item.values.iter().all(|rival| edit.over.contains(&rival.op_id))),
            OperationKind::Delete | OperationKind::Restore => name == DELETED && item.is_open(),
            OperationKind::Erase => true,
        }
    }
}

/// What its author saw and settles gives way to an edit, and what she wrote herself just before.
fn gives_way(rival: &Rival, edit: Option<&Edit>, by: &Signature) -> bool {
    let hers = rival.by.author == by.author;
    match edit {
        Some(edit) => edit.over.contains(&rival.op_id) || (hers && edit.base == Some(rival.op_id)),
        // The edit of a deleted record: one item tells of all that she changed in it.
        None => hers && rival.value == Value::Bool(false),
    }
}

fn ours(clash: &Clash, standing: &BTreeMap<OpId, Signature>) -> Option<Rival> {
    let by = standing.get(&clash.ours_by)?.clone();
    Some(Rival { op_id: clash.ours_by, value: clash.ours.clone(), by })
}
