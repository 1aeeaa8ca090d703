//! What an operation does to the state of a record. The same code runs on the server and on the device.
//!
//! A field belongs to the operation with the highest sequence that wrote it, so the state does not depend on the order of
//! arrival: a device may apply its own acknowledged operations before older ones of others. Clashes do depend on it; only
//! those the server finds, in sequence order, become items to settle.

use std::collections::BTreeMap;

use domain::id::{OpId, RecordId};
use domain::record::Value;

use crate::{Deletion, DeletionState, Field, Operation, OperationKind, Origin, Record, Seq, Sequenced};

/// Name of the clash of an edit on a deleted record, and of the item it opens.
pub const DELETED: &str = "deleted";

/// Two people wrote the same field without knowing of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// Name of the field, or `deleted` when a deleted record is edited.
    pub field: String,
    /// What stood there, and the operation that wrote it.
    pub ours: Value,
    pub ours_by: OpId,
    /// What arrived, and stands there now.
    pub theirs: Value,
}

impl Record {
    /// A record nothing has been applied to yet.
    #[must_use]
    pub fn new(id: RecordId, kind: impl Into<String>, form_version: impl Into<String>) -> Self {
        Self {
            id,
            kind: kind.into(),
            form_version: form_version.into(),
            fields: BTreeMap::new(),
            origin: None,
            deletion: None,
            conflicts: BTreeMap::new(),
            left: false,
            limited: false,
            seq: 0,
        }
    }

    /// The record an operation speaks of, before it is applied.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        Self::new(operation.record_id, &operation.record_kind, &operation.form_version)
    }

    /// Applies one operation; applying it again, or applying it late, changes nothing more.
    pub fn apply(&mut self, sequenced: &Sequenced) -> Vec<Clash> {
        let Sequenced { seq, operation, .. } = sequenced;
        self.seq = self.seq.max(*seq);
        let erased = self.is_erased();
        if !erased {
            for (name, item) in &sequenced.conflicts {
                take_newer(&mut self.conflicts, name, item, |item| item.seq);
            }
        }
        match operation.kind {
            OperationKind::Create => {
                if self.origin.is_none() {
                    self.kind.clone_from(&operation.record_kind);
                    self.form_version.clone_from(&operation.form_version);
                    self.origin = Some(Origin { author: sequenced.author, at: operation.device_time });
                }
                if erased { Vec::new() } else { self.edit(sequenced) }
            }
            _ if erased && operation.kind != OperationKind::Erase => Vec::new(),
            OperationKind::Set => self.edit(sequenced),
            OperationKind::Delete => self.mark(sequenced, DeletionState::Deleted),
            OperationKind::Restore => self.mark(sequenced, DeletionState::Restored),
            OperationKind::Erase => {
                self.fields.clear();
                self.conflicts.clear();
                let first = self.deletion.as_ref().is_none_or(|erasure| !erased || *seq < erasure.seq);
                if first {
                    let state = DeletionState::Erased;
                    self.deletion = Some(Deletion { op_id: operation.op_id, seq: *seq, state });
                }
                Vec::new()
            }
        }
    }

    /// Takes in another state of the same record, newer or older: of each part, the one with the highest sequence. The
    /// record is in sight again, if it had left; where the other is limited, nothing else of it is in sight any more.
    pub fn absorb(&mut self, other: &Self) {
        self.left = false;
        self.limited = other.limited;
        if other.limited {
            self.fields.retain(|name, _| other.fields.contains_key(name));
            self.conflicts.retain(|name, _| other.conflicts.contains_key(name));
        }
        self.seq = self.seq.max(other.seq);
        if self.origin.is_none() {
            self.kind.clone_from(&other.kind);
            self.form_version.clone_from(&other.form_version);
            self.origin.clone_from(&other.origin);
        }
        if other.newer_deletion(self) {
            self.deletion.clone_from(&other.deletion);
        }
        if self.is_erased() {
            self.fields.clear();
            self.conflicts.clear();
            return;
        }
        for (name, field) in &other.fields {
            take_newer(&mut self.fields, name, field, |field| field.seq);
        }
        for (name, item) in &other.conflicts {
            take_newer(&mut self.conflicts, name, item, |item| item.seq);
        }
    }

    /// Deleted, or erased for good.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.deletion.as_ref().is_some_and(|deletion| deletion.state != DeletionState::Restored)
    }

    /// Erased for good.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.deletion.as_ref().is_some_and(|deletion| deletion.state == DeletionState::Erased)
    }

    /// Whether this state's deletion prevails over the other's: the newest, but an erasure over all, the first of them.
    fn newer_deletion(&self, other: &Self) -> bool {
        let rank = |record: &Self| {
            let seq = record.deletion.as_ref().map_or(0, |deletion| deletion.seq);
            (record.is_erased(), if record.is_erased() { Seq::MAX - seq } else { seq })
        };
        rank(self) > rank(other)
    }

    fn edit(&mut self, sequenced: &Sequenced) -> Vec<Clash> {
        let Sequenced { seq, operation, .. } = sequenced;
        let mut clashes = Vec::new();
        let mut changed = false;
        for (name, edit) in &operation.fields {
            let current = self.fields.get(name);
            if current.is_some_and(|field| *seq <= field.seq) {
                continue;
            }
            changed = true;
            if let Some(field) = current
                && edit.base != Some(field.op_id)
                && edit.value != field.value
            {
                clashes.push(Clash {
                    field: name.clone(),
                    ours: field.value.clone(),
                    ours_by: field.op_id,
                    theirs: edit.value.clone(),
                });
            }
            let field = Field { value: edit.value.clone(), op_id: operation.op_id, seq: *seq };
            self.fields.insert(name.clone(), field);
        }
        if let Some(deletion) = self.deletion.as_ref().filter(|deletion| deletion.seq < *seq)
            && changed
            && self.is_deleted()
        {
            let ours_by = deletion.op_id;
            clashes.push(Clash { field: DELETED.into(), ours: true.into(), ours_by, theirs: false.into() });
        }
        clashes
    }

    fn mark(&mut self, sequenced: &Sequenced, state: DeletionState) -> Vec<Clash> {
        if self.deletion.as_ref().is_none_or(|deletion| deletion.seq < sequenced.seq) {
            self.deletion = Some(Deletion { op_id: sequenced.operation.op_id, seq: sequenced.seq, state });
        }
        Vec::new()
    }
}

/// Keeps, under a name, what has the highest sequence.
fn take_newer<T: Clone>(into: &mut BTreeMap<String, T>, name: &str, from: &T, seq: impl Fn(&T) -> Seq) {
    if into.get(name).is_none_or(|there| seq(there) < seq(from)) {
        into.insert(name.to_owned(), from.clone());
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::id::{AccountId, DeviceId};
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::Edit;

    #[test]
    fn an_edit_of_what_its_author_saw_is_applied() {
        let mut record = record_of(&[(1, 1, "a", None)]);
        assert_eq!(record.apply(&set(2, 2, "b", Some(1))), []);
        assert_eq!(value(&record), &json!("b"));
    }

    #[test]
    fn the_same_value_merges_and_the_newer_operation_is_the_base() {
        let mut record = record_of(&[(1, 1, "a", None), (2, 2, "b", Some(1))]);
        assert_eq!(record.apply(&set(3, 3, "b", Some(1))), []);
        assert_eq!(record.fields["name"].op_id, op(3));
    }

    #[test]
    fn an_edit_of_something_else_is_applied_and_clashes() {
        let mut record = record_of(&[(1, 1, "a", None), (2, 2, "b", Some(1))]);
        let clashes = record.apply(&set(3, 3, "c", Some(1)));
        assert_eq!(clashes, [Clash { field: "name".into(), ours: json!("b"), ours_by: op(2), theirs: json!("c") }]);
        assert_eq!(value(&record), &json!("c"));
        assert_eq!(record.apply(&set(4, 4, "d", None)).len(), 1, "having seen nothing is having seen something else");
    }

    #[test]
    fn a_base_nobody_overwrote_does_not_clash() {
        let mut record = record_of(&[]);
        assert_eq!(record.apply(&set(3, 3, "c", Some(1))), []);
    }

    #[test]
    fn an_older_operation_that_comes_late_changes_nothing() {
        let mut record = record_of(&[(5, 5, "new", None)]);
        let before = record.clone();
        assert_eq!(record.apply(&set(4, 4, "old", None)), []);
        assert_eq!(record, before);
    }

    #[test]
    fn editing_a_deleted_record_clashes_and_is_not_lost() {
        let mut record = record_of(&[(1, 1, "a", None)]);
        record.apply(&of_kind(OperationKind::Delete, 2));
        let clashes = record.apply(&set(3, 3, "b", Some(1)));
        let clash = Clash { field: "deleted".into(), ours: json!(true), ours_by: op(2), theirs: json!(false) };
        assert_eq!(clashes, [clash]);
        assert!(record.is_deleted());
        record.apply(&of_kind(OperationKind::Restore, 4));
        assert!(!record.is_deleted());
        assert_eq!(value(&record), &json!("b"));
        assert_eq!(record.apply(&set(5, 5, "c", Some(3))), []);
    }

    #[test]
    fn a_deletion_that_comes_late_does_not_undo_the_restoration() {
        let mut record = record_of(&[(1, 1, "a", None)]);
        record.apply(&of_kind(OperationKind::Restore, 4));
        record.apply(&of_kind(OperationKind::Delete, 3));
        assert!(!record.is_deleted());
    }

    #[test]
    fn nothing_comes_back_after_an_erasure() {
        let mut record = record_of(&[(1, 1, "a", None)]);
        record.apply(&of_kind(OperationKind::Erase, 2));
        record.apply(&set(3, 3, "b", Some(1)));
        record.apply(&of_kind(OperationKind::Restore, 4));
        assert!(record.fields.is_empty() && record.is_deleted() && record.is_erased());
    }

    #[test]
    fn the_creation_tells_who_and_when_and_a_second_one_is_an_edit() {
        let mut first = set(1, 1, "a", None);
        first.operation.kind = OperationKind::Create;
        let mut second = set(2, 2, "b", None);
        second.operation.kind = OperationKind::Create;
        second.author = AccountId(Uuid::from_u128(9));
        let mut record = Record::of(&first.operation);
        assert_eq!(record.apply(&first), []);
        assert_eq!(record.apply(&second).len(), 1);
        assert_eq!(record.origin, Some(Origin { author: author(), at: Timestamp(1) }));
    }

    #[test]
    fn fields_never_seen_are_kept_as_they_came() {
        let mut sequenced = set(1, 1, "a", None);
        let later = json!({"unit": "kg", "value": [1, null]});
        sequenced.operation.fields.insert("later".into(), Edit::new(later.clone(), None));
        let mut record = Record::of(&sequenced.operation);
        record.apply(&sequenced);
        record.apply(&set(2, 2, "b", Some(1)));
        assert_eq!(record.fields["later"].value, later);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn applying_a_log_twice_is_applying_it_once(log in log()) {
            let once = applied(&log);
            let mut twice = once.clone();
            for sequenced in &log {
                prop_assert_eq!(twice.apply(sequenced), []);
            }
            prop_assert_eq!(twice, once);
        }

        #[test]
        fn neither_order_nor_duplicates_matter((log, shuffled) in log().prop_flat_map(|log| {
            let doubled = log.iter().chain(log.iter().take(5)).cloned().collect::<Vec<_>>();
            (Just(log), Just(doubled).prop_shuffle())
        })) {
            prop_assert_eq!(applied(&shuffled), applied(&log));
        }

        #[test]
        fn the_same_value_never_clashes(value in 0..3_u8, bases in prop::collection::vec(prop::option::of(1..9_u64), 1..9)) {
            let mut record = record_of(&[]);
            for (at, base) in (1..).zip(bases) {
                prop_assert_eq!(record.apply(&set(at, at, &value.to_string(), base)), []);
            }
        }
    }

    /// Edits of two fields, deletions and restorations, now and then an erasure, in sequence order.
    fn log() -> impl Strategy<Value = Vec<Sequenced>> {
        let one = (0..20_u8, 0..3_u8, prop::option::of(1..12_u64), any::<bool>());
        prop::collection::vec(one, 1..12).prop_map(|log| {
            let sequenced = |(seq, (kind, value, base, other)): (Seq, (u8, u8, Option<u64>, bool))| match kind {
                0 => of_kind(OperationKind::Erase, seq),
                1..=3 => of_kind(OperationKind::Delete, seq),
                4..=6 => of_kind(OperationKind::Restore, seq),
                _ => {
                    let mut set = set(seq, seq, &value.to_string(), base);
                    if other {
                        let edit = set.operation.fields["name"].clone();
                        set.operation.fields.insert("other".into(), edit);
                    }
                    set
                }
            };
            (1..).zip(log).map(sequenced).collect()
        })
    }

    fn applied(log: &[Sequenced]) -> Record {
        let mut record = record_of(&[]);
        for sequenced in log {
            record.apply(sequenced);
        }
        record
    }

    fn record_of(log: &[(Seq, u64, &str, Option<u64>)]) -> Record {
        let mut record = Record::of(&set(0, 0, "", None).operation);
        for (seq, id, text, base) in log {
            record.apply(&set(*seq, *id, text, *base));
        }
        record
    }

    fn value(record: &Record) -> &Value {
        &record.fields["name"].value
    }

    fn op(id: u64) -> OpId {
        OpId(Uuid::from_u128(u128::from(id)))
    }

    fn author() -> AccountId {
        AccountId(Uuid::from_u128(1))
    }

    fn of_kind(kind: OperationKind, seq: Seq) -> Sequenced {
        let mut sequenced = set(seq, seq, "", None);
        sequenced.operation.kind = kind;
        sequenced.operation.fields.clear();
        sequenced
    }

    fn set(seq: Seq, id: u64, text: &str, base: Option<u64>) -> Sequenced {
        let edit = Edit::new(json!(text), base.map(op));
        let operation = Operation {
            op_id: op(id),
            device_id: DeviceId(Uuid::from_u128(1)),
            device_seq: id,
            record_id: RecordId(Uuid::from_u128(1)),
            record_kind: "person".into(),
            form_version: "1".into(),
            kind: OperationKind::Set,
            fields: BTreeMap::from([("name".into(), edit)]),
            reason: None,
            device_time: Timestamp(1),
        };
        Sequenced::new(seq, author(), Timestamp(0), operation)
    }
}
