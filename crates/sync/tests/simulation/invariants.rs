//! What must hold after every step, and what must hold in the end.

use std::collections::BTreeMap;

use domain::id::{DeviceId, OpId, RecordId};
use domain::record::Value;
use pollster::block_on;
use sync::protocol::{MAX_BYTES, MAX_OPERATIONS, Push};
use sync::{DeviceSeq, MemoryStore, Operation, Phase, Queued, Seq, Shown, Store};

use crate::device::{Typed, tab};
use crate::server::poisoned;
use crate::world::World;

/// What was promised to people, and what was seen to leave.
#[derive(Default)]
pub struct Witness {
    /// Values whose save was acknowledged, by the operation that carries them.
    promised: BTreeMap<(OpId, String), (RecordId, Value)>,
    /// Operations as they were first offered.
    offered: BTreeMap<OpId, Operation>,
    numbers: BTreeMap<(DeviceId, DeviceSeq), OpId>,
    /// Epoch and sequence of the fields each device was last seen with.
    seen: BTreeMap<(DeviceId, RecordId, String), (u64, Seq)>,
}

impl Witness {
    pub fn saved(&mut self, store: &MemoryStore, typed: &Typed, shown: &Shown) {
        let own = block_on(store.outbox_of(typed.record)).expect("a read");
        for (field, value) in &typed.fields {
            let there = shown.fields.get(field).map(|field| &field.value);
            assert_eq!(there, Some(value), "what was saved must show");
            let carrier = own.iter().rev().find(|queued| queued.operation.fields.contains_key(field));
            // Without a carrier, the value was there already and nothing had to be saved.
            if let Some(Queued { operation, .. }) = carrier
                && operation.fields[field].value == *value
            {
                self.promised.insert((operation.op_id, field.clone()), (typed.record, value.clone()));
            }
        }
    }

    /// The device died: the person does not know whether it was saved, and will look.
    pub fn uncertain(&mut self, typed: &Typed) {
        let touched = |field: &str| typed.fields.iter().any(|(name, _)| name == field);
        self.promised.retain(|(_, field), (record, _)| *record != typed.record || !touched(field));
    }

    pub fn refused(&mut self, gone: impl Fn(RecordId) -> bool) {
        self.promised.retain(|_, (record, _)| !gone(*record));
    }

    fn immutable(&mut self, operation: &Operation) {
        let first = self.offered.entry(operation.op_id).or_insert_with(|| operation.clone());
        assert_eq!(first, operation, "an offered operation must not change");
        let number = self.numbers.entry((operation.device_id, operation.device_seq)).or_insert(operation.op_id);
        assert_eq!(*number, operation.op_id, "a number must be drawn once");
    }
}

impl World {
    pub fn check_push(&mut self, at: usize, push: &Push) {
        let bytes = serde_json::to_string(push).expect("JSON").len();
        assert!(push.operations.len() <= MAX_OPERATIONS && bytes <= MAX_BYTES, "a push must be within the limits");
        let numbers: Vec<_> = push.operations.iter().map(|operation| operation.device_seq).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b) && numbers[0] > 0, "a push must be in order");
        let stored = block_on(self.devices[at].store.outbox()).expect("a read");
        for operation in &push.operations {
            self.witness.immutable(operation);
            let held = stored.iter().any(|queued| {
                queued.operation.op_id == operation.op_id && matches!(queued.phase, Phase::Open | Phase::Held(_))
            });
            assert!(!held, "what is sent must be marked so before");
            let free = operation.record_kind == crate::server::FORBIDDEN
                || self.consented.contains(&self.roots[&operation.record_id]);
            assert!(free, "nothing may leave before the consent");
        }
    }

    pub fn check(&mut self, at: usize) {
        let device = &self.devices[at];
        let outbox = block_on(device.store.outbox()).expect("a read");
        for Queued { operation, phase } in &outbox {
            if matches!(phase, Phase::Offered | Phase::SetAside) {
                self.witness.immutable(operation);
            }
            assert_eq!(matches!(phase, Phase::Held(_)), operation.device_seq == 0, "held operations have no number");
        }
        let cursor = block_on(device.store.cursor()).expect("a read");
        let waiting = block_on(tab(&device.store, device.id, None).waiting()).expect("a read");
        if waiting.everything_sent() && cursor.epoch == self.server.epoch {
            assert!(outbox.is_empty(), "« tout est envoyé » while the outbox is not empty");
            let own = |operation: &&Operation| operation.device_id == device.id;
            for operation in self.witness.offered.values().filter(own) {
                let there = self.server.holds(operation.op_id);
                assert_eq!(there, Some(operation), "« tout est envoyé » while it is not");
            }
            let drawn = block_on(device.store.last_device_seq()).expect("a read");
            let stored = self.server.log.iter().filter(|(sequenced, _)| sequenced.operation.device_id == device.id);
            assert_eq!(stored.count() as u64, drawn, "every number drawn must be on the server, once");
        }
        // Replies of another epoch make the device begin again from nothing.
        self.witness.seen.retain(|(of, ..), (epoch, _)| *of != device.id || *epoch == cursor.epoch);
        for stored in block_on(device.store.records()).expect("a read") {
            for (name, field) in stored.record.fields {
                let key = (device.id, stored.record.id, name);
                let last = self.witness.seen.insert(key, (cursor.epoch, field.seq));
                let back = last.is_some_and(|(epoch, seq)| epoch == cursor.epoch && field.seq < seq);
                assert!(!back, "a field must not go back to an older operation");
            }
        }
    }

    pub fn check_agreement(&self) {
        for device in &self.devices {
            let records = block_on(device.store.records()).expect("a read");
            for (id, expected) in &self.server.records {
                let here = records.iter().find(|stored| stored.record.id == *id);
                assert_eq!(here.map(|stored| &stored.record), Some(expected), "devices and server must agree");
            }
            for stored in records {
                let ghost = !self.server.records.contains_key(&stored.record.id);
                assert!(!ghost || Shown::of(Some(&stored.record), &[]).is_none(), "the server knows no such record");
            }
            for Queued { operation, phase } in block_on(device.store.outbox()).expect("a read") {
                let expected = match phase {
                    Phase::Held(_) => true,
                    Phase::SetAside => poisoned(&operation) || self.server.holds(operation.op_id).is_some(),
                    Phase::Open | Phase::Offered => false,
                };
                assert!(expected, "nothing that can leave may wait once the network is back: {phase:?}");
            }
        }
        for ((op_id, field), (_, value)) in &self.witness.promised {
            let waits = self.devices.iter().flat_map(|device| block_on(device.store.outbox()).expect("a read"));
            let here = waits.map(|queued| queued.operation).find(|operation| operation.op_id == *op_id);
            let operation = self.server.holds(*op_id).or(here.as_ref());
            let found = operation.and_then(|operation| operation.fields.get(field)).map(|edit| &edit.value);
            assert_eq!(found, Some(value), "an acknowledged save must not be lost");
        }
        let mut ids: Vec<_> = self.server.log.iter().map(|(sequenced, _)| sequenced.operation.op_id).collect();
        ids.sort_unstable();
        let before = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), before, "an operation must not be applied twice");
    }
}
