//! Small operations and records to tell stories with.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Cursor, DeviceSeq, Edit, Operation, OperationKind, Phase, Queued, Record, Seq, Sequenced, Store, Stored, Unnumbered,
};

/// Everything a store holds, to compare.
#[derive(Debug, Default, PartialEq)]
pub struct Image {
    pub records: BTreeMap<RecordId, (u64, Record)>,
    pub outbox: Vec<Queued>,
    pub kept: Vec<(Seq, Operation)>,
    pub cursor: Cursor,
    pub last_device_seq: DeviceSeq,
}

impl Image {
    pub async fn of<S: Store>(store: &S) -> Self {
        let records = store.records().await.expect("the records can be read");
        Self {
            records: records.into_iter().map(|Stored { rev, record }| (record.id, (rev, record))).collect(),
            outbox: store.outbox().await.expect("the outbox can be read"),
            kept: store.kept().await.expect("what is kept can be read"),
            cursor: store.cursor().await.expect("the cursor can be read"),
            last_device_seq: store.last_device_seq().await.expect("the counter can be read"),
        }
    }
}

pub fn op(n: u128) -> OpId {
    OpId(Uuid::from_u128(n))
}

pub fn record(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(n))
}

pub fn author() -> AccountId {
    AccountId(Uuid::from_u128(1))
}

pub fn operation(n: u128, on: u128) -> Operation {
    Operation {
        op_id: op(n),
        device_id: DeviceId(Uuid::from_u128(1)),
        device_seq: 0,
        record_id: record(on),
        record_kind: "person".into(),
        form_version: "1".into(),
        kind: OperationKind::Set,
        fields: BTreeMap::from([("name".into(), Edit::new(json!(n.to_string()), None))]),
        reason: None,
        device_time: Timestamp(1_000),
    }
}

pub fn open(n: u128, on: u128) -> Unnumbered {
    Unnumbered { operation: operation(n, on), phase: Phase::Open }
}

pub fn held(n: u128, on: u128, under: u128) -> Unnumbered {
    Unnumbered { operation: operation(n, on), phase: Phase::Held(record(under)) }
}

pub fn state(on: u128, seq: Seq) -> Record {
    let mut state = Record::of(&operation(0, on));
    let operation = operation(u128::from(seq), on);
    state.apply(&Sequenced::new(seq, author(), Timestamp(0), operation));
    state
}
