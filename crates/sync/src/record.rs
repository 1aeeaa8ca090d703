//! The state of a record as the server knows it, on the server and on the device alike.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, OpId, RecordId};
use domain::record::Value;
use serde::{Deserialize, Serialize};

use crate::{Conflict, Seq};

/// One record, field by field, each with the operation that wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub id: RecordId,
    pub kind: String,
    pub form_version: String,
    pub fields: BTreeMap<String, Field>,
    /// `None` until the server has sequenced its creation.
    pub origin: Option<Origin>,
    /// What last deleted, restored or erased it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    /// Fields on which two people wrote without seeing each other, settled ones included, as the server found them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts: BTreeMap<String, Conflict>,
    /// The last sequence that changed it.
    pub seq: Seq,
    /// On a device: the caller sees it no more. It is forgotten as soon as nothing of it waits to be sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// The caller sees only some of its fields, and writes none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub limited: bool,
}

/// The value of one field and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub value: Value,
    pub op_id: OpId,
    pub seq: Seq,
}

/// Who created a record, and when by the device's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub author: AccountId,
    pub at: Timestamp,
}

/// The operation that last deleted, restored or erased a record. It has its own sequence because a device learns the
/// fate of its own operations before it pulls older ones of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deletion {
    pub op_id: OpId,
    pub seq: Seq,
    pub state: DeletionState,
}

/// Whether a record is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeletionState {
    Deleted,
    Restored,
    /// RGPD erasure: nothing brings it back.
    Erased,
}
