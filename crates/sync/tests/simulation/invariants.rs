//! What must hold after every step.

use domain::id::RecordId;
use pollster::block_on;
use sync::protocol::{MAX_BYTES, MAX_OPERATIONS, Push};
use sync::{Operation, OperationKind, Phase, Queued, Record, Store};

use crate::server::{FORBIDDEN, Line};
use crate::world::World;

impl World {
    pub fn check_push(&mut self, at: usize, push: &Push) {
        let bytes = serde_json::to_string(push).expect("JSON").len();
        assert!(push.operations.len() <= MAX_OPERATIONS && bytes <= MAX_BYTES, "a push must be within the limits");
        assert!(push.operations[0].device_seq > 0, "what leaves must be numbered");
        self.check_leaving(at, &push.operations);
    }

    pub fn check_export(&mut self, at: usize, operations: &[Operation]) {
        self.check_leaving(at, operations);
    }

    fn check_leaving(&mut self, at: usize, operations: &[Operation]) {
        assert!(operations.is_sorted_by(|a, b| a.device_seq < b.device_seq), "what leaves must be in order");
        let stored = block_on(self.devices[at].store.outbox()).expect("a read");
        for operation in operations {
            self.witness.immutable(operation);
            let held = stored.iter().any(|queued| {
                queued.operation.op_id == operation.op_id && matches!(queued.phase, Phase::Open | Phase::Held(_))
            });
            assert!(!held, "what leaves must be marked so before");
            let root = self.roots[&operation.record_id];
            let free = operation.record_kind == FORBIDDEN || self.consented.contains(&root);
            assert!(free, "nothing may leave before the consent");
        }
    }

    pub fn check(&mut self, at: usize) {
        // A breach lasts: it need not be looked for after every step.
        self.checks += 1;
        if !self.checks.is_multiple_of(4) {
            return;
        }
        let device = &self.devices[at];
        let outbox = block_on(device.store.outbox()).expect("a read");
        for Queued { operation, phase } in &outbox {
            if matches!(phase, Phase::Offered | Phase::SetAside(_)) {
                self.witness.immutable(operation);
            }
            assert_eq!(matches!(phase, Phase::Held(_)), operation.device_seq == 0, "held operations have no number");
        }
        let cursor = device.cursor();
        let before = self.witness.read.insert(device.id, (cursor.epoch, cursor.since));
        assert!(before.is_none_or(|before| before <= (cursor.epoch, cursor.since)), "a cursor must not go back");
        self.check_indicator(at, outbox.len());
        self.check_copy(at, &outbox);
    }

    fn check_indicator(&self, at: usize, waiting: usize) {
        let device = &self.devices[at];
        let cursor = device.cursor();
        let says = block_on(device.tab().waiting()).expect("a read");
        if !says.everything_sent() || cursor.first.is_some() || cursor.epoch != self.server.epoch {
            return;
        }
        assert_eq!(waiting, 0, "« tout est envoyé » while the outbox is not empty");
        for operation in self.witness.offered.values().filter(|operation| operation.device_id == device.id) {
            assert!(self.arrived(operation), "« tout est envoyé » while it is not");
        }
        let stored = self.server.books.log.iter().filter_map(Line::sequenced);
        let stored = stored.filter(|one| one.operation.device_id == device.id).count() as u64;
        let drawn = says.last_drawn;
        let complete = stored == drawn || (stored < drawn && !self.server.erased.is_empty());
        assert!(complete, "every number drawn must be on the server, once");
    }

    fn check_copy(&mut self, at: usize, outbox: &[Queued]) {
        let device = &self.devices[at];
        let cursor = device.cursor();
        // While a first pull is under way, the copy is of two times at once, perhaps of two servers.
        let settled = cursor.first.is_none();
        self.witness.seen.retain(|(of, ..), (epoch, _)| *of != device.id || (settled && *epoch == cursor.epoch));
        let kept = block_on(device.store.kept()).expect("a read");
        let of = |id: RecordId| move |operation: &&Operation| operation.record_id == id;
        for stored in block_on(device.store.records()).expect("a read") {
            let Record { id, fields, left, .. } = &stored.record;
            let waits = outbox.iter().map(|queued| &queued.operation).find(of(*id));
            assert!(!left || waits.is_some(), "nothing of a record that left stays once nothing of it waits");
            if stored.record.is_erased() {
                // The erasure itself is kept: a restored server must hear of it again.
                let own = outbox.iter().map(|queued| &queued.operation).chain(kept.iter().map(|(_, own)| own));
                let there = own.filter(of(*id)).find(|own| own.kind != OperationKind::Erase);
                assert!(fields.is_empty() && there.is_none(), "nothing stays of an erased record");
            }
            for (name, field) in fields.iter().filter(|_| settled) {
                let key = (device.id, *id, name.clone());
                let last = self.witness.seen.insert(key, (cursor.epoch, field.seq));
                assert!(last.is_none_or(|(_, seq)| seq <= field.seq), "a field must not go back to an older operation");
            }
        }
    }

    /// What was offered is on the server, unless it was erased since.
    pub fn arrived(&self, operation: &Operation) -> bool {
        let there = self.server.books.find(operation.op_id).and_then(Line::sequenced);
        self.server.erased.contains_key(&operation.record_id)
            || there.is_some_and(|there| there.operation == *operation)
    }
}
