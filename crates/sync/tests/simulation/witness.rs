//! What was promised to people, and what was seen to leave.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{DeviceId, OpId, RecordId};
use domain::record::Value;
use pollster::block_on;
use sync::{DeviceSeq, Operation, Queued, Seq, Shown, Store};

use crate::device::{Device, Typed};

#[derive(Default)]
pub struct Witness {
    /// Values whose save was acknowledged, by the operation that carries them.
    pub promised: BTreeMap<(OpId, String), (RecordId, Value)>,
    /// Operations as they were first offered.
    pub offered: BTreeMap<OpId, Operation>,
    numbers: BTreeMap<(DeviceId, DeviceSeq), OpId>,
    /// Epoch and sequence of the fields each device was last seen with.
    pub seen: BTreeMap<(DeviceId, RecordId, String), (u64, Seq)>,
    /// Epoch and position each device had last read to.
    pub read: BTreeMap<DeviceId, (u64, Seq)>,
}

impl Witness {
    pub fn saved(&mut self, device: &mut Device, typed: &Typed, shown: &Shown) {
        let own = block_on(device.store.outbox_of(typed.record)).expect("a read");
        for (field, value) in &typed.fields {
            let there = shown.fields.get(field).map(|field| &field.value);
            assert_eq!(there, Some(value), "what was saved must show");
            let carrier = own.iter().rev().find(|queued| queued.operation.fields.contains_key(field));
            // Without a carrier, the value was there already and nothing had to be saved.
            if let Some(Queued { operation, .. }) = carrier
                && operation.fields[field].value == *value
            {
                let key = (operation.op_id, field.clone());
                if let Some(unflushed) = &mut device.unflushed {
                    unflushed.insert(key.clone());
                }
                self.promised.insert(key, (typed.record, value.clone()));
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

    /// A disk lied and lost what it had not flushed: this was never in our hands.
    pub fn lost(&mut self, device: DeviceId, unflushed: &BTreeSet<(OpId, String)>) {
        self.promised.retain(|key, _| !unflushed.contains(key));
        self.seen.retain(|(of, ..), _| *of != device);
        self.read.remove(&device);
    }

    pub fn immutable(&mut self, operation: &Operation) {
        let first = self.offered.entry(operation.op_id).or_insert_with(|| operation.clone());
        assert_eq!(first, operation, "an offered operation must not change");
        let number = self.numbers.entry((operation.device_id, operation.device_seq)).or_insert(operation.op_id);
        assert_eq!(*number, operation.op_id, "a number must be drawn once");
    }
}
