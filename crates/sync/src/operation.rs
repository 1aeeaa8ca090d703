//! The unit of saving, sending and history.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::people::TRACE;
use domain::record::Value;
use serde::{Deserialize, Serialize};

use crate::Conflict;

/// Rank of an operation on its device, from 1. Gaps never happen: the counter is drawn in the saving transaction.
pub type DeviceSeq = u64;

/// Rank of an operation on the server, from 1, per territory.
pub type Seq = u64;

/// What the author did to one record. Territory and author come from the device token, never from here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    pub op_id: OpId,
    pub device_id: DeviceId,
    pub device_seq: DeviceSeq,
    pub record_id: RecordId,
    /// Identifier of a [`domain::programme::RecordKind`].
    pub record_kind: String,
    /// Version of the form the record was begun with.
    pub form_version: String,
    pub kind: OperationKind,
    /// A deletion edits nothing: its one field, [`crate::DELETED`], is `true` over the operations whose values its author
    /// saw standing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Edit>,
    /// Why a finished form was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the device's clock said; shown, never trusted.
    pub device_time: Timestamp,
}

impl Operation {
    /// Whether it tells what was consulted, and is no entry of anybody: it leaves with the entries, is not counted among
    /// them and shows nowhere ([`domain::people::trace`]).
    #[must_use]
    pub fn is_trace(&self) -> bool {
        self.record_kind == TRACE.id
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OperationKind {
    Create,
    Set,
    Delete,
    Restore,
    /// RGPD erasure: values are blanked everywhere, ids and sequence stay.
    Erase,
}

/// One field of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    pub value: Value,
    /// The operation that last wrote this field *as the author saw it*, her own unsent one included.
    pub base: Option<OpId>,
    /// The values in conflict its author saw side by side and settles with this one; all that she saw, for a deletion.
    /// Empty for an ordinary edit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<OpId>,
}

impl Edit {
    /// An ordinary edit of what stood there.
    #[must_use]
    pub fn new(value: Value, base: Option<OpId>) -> Self {
        Self { value, base, over: Vec::new() }
    }
}

/// An operation as the server stored it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "SequencedRow")]
pub struct Sequenced {
    pub seq: Seq,
    pub author: AccountId,
    pub received_at: Timestamp,
    /// The conflicts this operation opened, joined or settled, as they stand after it, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts: BTreeMap<String, Conflict>,
    #[serde(flatten)]
    pub operation: Operation,
}

impl Sequenced {
    /// An operation that has just received its sequence.
    #[must_use]
    pub fn new(seq: Seq, author: AccountId, received_at: Timestamp, operation: Operation) -> Self {
        Self { seq, author, received_at, conflicts: BTreeMap::new(), operation }
    }
}

/// How [`Sequenced`] is read: serde buffers whatever it flattens, through code this spares the client's download.
#[derive(Deserialize)]
struct SequencedRow {
    seq: Seq,
    author: AccountId,
    received_at: Timestamp,
    #[serde(default)]
    conflicts: BTreeMap<String, Conflict>,
    op_id: OpId,
    device_id: DeviceId,
    device_seq: DeviceSeq,
    record_id: RecordId,
    record_kind: String,
    form_version: String,
    kind: OperationKind,
    #[serde(default)]
    fields: BTreeMap<String, Edit>,
    #[serde(default)]
    reason: Option<String>,
    device_time: Timestamp,
}

impl From<SequencedRow> for Sequenced {
    fn from(row: SequencedRow) -> Self {
        let operation = Operation {
            op_id: row.op_id,
            device_id: row.device_id,
            device_seq: row.device_seq,
            record_id: row.record_id,
            record_kind: row.record_kind,
            form_version: row.form_version,
            kind: row.kind,
            fields: row.fields,
            reason: row.reason,
            device_time: row.device_time,
        };
        Self { seq: row.seq, author: row.author, received_at: row.received_at, conflicts: row.conflicts, operation }
    }
}
