//! What must hold in the end, once the network is back.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{OpId, RecordId};
use pollster::block_on;
use sync::{Aside, DELETED, Operation, OperationKind, Phase, Queued, Record, Sequenced, Store};

use crate::server::{Line, poisoned};
use crate::world::World;

impl World {
    pub fn check_agreement(&self) {
        for at in 0..self.devices.len() {
            self.check_whole(at);
        }
        self.check_promises();
        self.check_log();
        self.check_conflicts();
        for id in self.server.erased.keys() {
            let fields = self.server.books.records.get(id).map_or(0, |record| record.fields.len());
            assert_eq!(fields, 0, "what was erased must not come back, not even with a backup");
        }
    }

    /// A device holds what its account may see, all of it and nothing else, and only waits for what cannot leave.
    fn check_whole(&self, at: usize) {
        let device = &self.devices[at];
        let mut here: BTreeMap<RecordId, Record> = BTreeMap::new();
        let records = block_on(device.store.records()).expect("a read").into_iter().map(|stored| stored.record);
        here.extend(
            records.filter(|record| record.seq > 0 || !record.fields.is_empty()).map(|record| (record.id, record)),
        );
        here.retain(|_, record| !record.left);
        let expected: BTreeMap<_, _> =
            self.server.visible(device.account).map(|record| (record.id, record.clone())).collect();
        assert_eq!(here, expected, "devices and server must agree");
        let outbox = block_on(device.store.outbox()).expect("a read");
        for Queued { operation, phase } in &outbox {
            let expected = match phase {
                Phase::Held(_) => true,
                Phase::SetAside(Aside::Unreadable) => poisoned(operation),
                Phase::SetAside(Aside::Quarantined(_)) => self.server.books.find(operation.op_id).is_some(),
                Phase::SetAside(Aside::TooBig) | Phase::Open | Phase::Offered => false,
            };
            assert!(expected, "nothing that can leave may wait once the network is back: {phase:?}");
        }
        let kept = block_on(device.store.kept()).expect("a read");
        let own = kept.iter().map(|(_, operation)| operation).chain(outbox.iter().map(|queued| &queued.operation));
        for operation in own.filter(|operation| !operation.fields.is_empty()) {
            let offered = self.witness.offered.contains_key(&operation.op_id);
            let erased = offered && !poisoned(operation) && self.server.erased.contains_key(&operation.record_id);
            assert!(!erased, "what was erased must leave every device, sent or not");
        }
    }

    /// Nothing that was acknowledged, and nothing that was offered, is lost.
    fn check_promises(&self) {
        let mut waiting: BTreeMap<OpId, Operation> = BTreeMap::new();
        for device in &self.devices {
            let outbox = block_on(device.store.outbox()).expect("a read");
            waiting.extend(outbox.into_iter().map(|queued| (queued.operation.op_id, queued.operation)));
        }
        let erased = |id: &RecordId| self.server.erased.contains_key(id);
        for ((op_id, field), (_, value)) in self.witness.promised.iter().filter(|(_, (id, _))| !erased(id)) {
            let stored = self.server.books.find(*op_id).and_then(Line::sequenced).map(|one| &one.operation);
            let found = stored.or(waiting.get(op_id)).and_then(|operation| operation.fields.get(field));
            assert_eq!(found.map(|edit| &edit.value), Some(value), "an acknowledged save must not be lost");
        }
        for operation in self.witness.offered.values() {
            let there = self.arrived(operation) || waiting.get(&operation.op_id) == Some(operation);
            assert!(there, "every offered value must stay reachable");
        }
    }

    /// The log holds each operation once, and leads to the states the server answers.
    fn check_log(&self) {
        let books = &self.server.books;
        let mut again: BTreeMap<RecordId, Record> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for line in &books.log {
            if let Some(one) = line.sequenced() {
                assert!(seen.insert(one.operation.op_id), "an operation must not be stored twice");
            }
            if let Line::Operation(one) = line {
                let id = one.operation.record_id;
                again.entry(id).or_insert_with(|| Record::of(&one.operation)).apply(one);
            }
        }
        let lasting =
            |(id, record): (&RecordId, &Record)| (*id, record.fields.clone(), record.conflicts.clone(), record.seq);
        let told: Vec<_> = again.iter().map(lasting).collect();
        assert_eq!(told, books.records.iter().map(lasting).collect::<Vec<_>>(), "the log must tell the states");
    }

    /// Every pair of values that clashed is in an item, until a person settled it.
    fn check_conflicts(&self) {
        let applied = |line: &'_ Line| match line {
            Line::Operation(one) => Some(one.clone()),
            _ => None,
        };
        let mut logs: BTreeMap<RecordId, Vec<Sequenced>> = BTreeMap::new();
        for one in self.server.books.log.iter().filter_map(applied) {
            logs.entry(one.operation.record_id).or_default().push(one);
        }
        for (id, record) in self.server.books.records.iter().filter(|(_, record)| !record.is_erased()) {
            check_items(record, &logs[id]);
        }
    }
}

fn check_items(record: &Record, log: &[Sequenced]) {
    for (rank, one) in log.iter().enumerate() {
        let before = &log[..rank];
        let mark = before
            .iter()
            .rev()
            .find(|one| matches!(one.operation.kind, OperationKind::Delete | OperationKind::Restore));
        let deleted = mark.filter(|mark| mark.operation.kind == OperationKind::Delete);
        let deletes = one.operation.kind == OperationKind::Delete;
        if let Some(seen) = one.operation.fields.get(DELETED).filter(|_| deletes) {
            let edits: Vec<_> = before.iter().filter(|one| one.operation.kind != OperationKind::Delete).collect();
            let names: BTreeSet<_> = edits.iter().flat_map(|one| one.operation.fields.keys()).collect();
            let last = |name| edits.iter().rev().find(|one| one.operation.fields.contains_key(name));
            let unseen = names.into_iter().filter_map(last).any(|one| !seen.over.contains(&one.operation.op_id));
            let item = record.conflicts.get(DELETED).filter(|item| item.seq >= one.seq);
            assert!(!unseen || item.is_some(), "a deletion that had not seen an edit must be an item");
            continue;
        }
        if deleted.is_some() && !one.operation.fields.is_empty() {
            let item = record.conflicts.get(DELETED);
            assert!(item.is_some_and(|item| item.seq >= one.seq), "the edit of a deleted record must be an item");
            let settled = log[rank + 1..]
                .iter()
                .any(|one| matches!(one.operation.kind, OperationKind::Delete | OperationKind::Restore));
            assert_eq!(item.is_some_and(|item| item.is_open()), !settled || record.open(DELETED).is_some());
        }
        for (name, edit) in &one.operation.fields {
            let Some(last) = before.iter().rev().find(|one| one.operation.fields.contains_key(name)) else { continue };
            let there = &last.operation.fields[name];
            let over = |op: OpId| edit.over.contains(&op);
            if edit.base == Some(last.operation.op_id) || edit.value == there.value || over(last.operation.op_id) {
                continue;
            }
            let item = record.conflicts.get(name).filter(|item| item.seq >= one.seq);
            let item = item.expect("two values that clash must be in an item");
            for rival in [last, one] {
                let op = rival.operation.op_id;
                let after = &log[rank..];
                let gave_way = || {
                    after.iter().any(|later| {
                        later.operation.fields.get(name).is_some_and(|edit| {
                            edit.over.contains(&op) || (edit.base == Some(op) && later.author == rival.author)
                        })
                    })
                };
                let listed = item.values.iter().any(|value| value.op_id == op);
                // Once settled, by whoever saw the others or came to agree, the history keeps the values.
                let settled =
                    || after.iter().any(|later| later.conflicts.get(name).is_some_and(|item| !item.is_open()));
                assert!(listed || gave_way() || settled(), "a value that clashed must stand until a person settles it");
            }
        }
    }
}
