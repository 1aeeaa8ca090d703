//! One device, and what its tabs do.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::record::Value;
use pollster::block_on;
use sync::protocol::{Check, Frame, Pulled, Push, Pushed};
use sync::{
    Cursor, FirstPull, Hold, MemoryStore, Operation, OperationKind, Replica, Save, SaveError, Seq, Shown, Store,
    StoreError,
};

use crate::pausing::{Pausing, tab};

pub struct Device {
    pub id: DeviceId,
    pub account: AccountId,
    pub store: MemoryStore,
    /// This clock may be wrong by days and jump back.
    pub clock: i64,
    /// While its disk lies about its flushes: what was promised since, and may be lost.
    pub unflushed: Option<BTreeSet<(OpId, String)>>,
    /// Its copy was damaged on purpose: the check must find it.
    pub damaged: bool,
}

impl Device {
    pub fn tab(&self) -> Replica<Pausing> {
        tab(&self.store, self.id, None)
    }

    pub fn cursor(&self) -> Cursor {
        block_on(self.store.cursor()).expect("a read")
    }

    pub fn first_pull(&self) -> Option<FirstPull> {
        block_on(self.tab().first_pull()).expect("a read")
    }
}

/// One thing a tab does.
#[derive(Clone, Debug)]
pub enum Act {
    Save(Typed),
    Discard(RecordId),
    Offer(Option<(RecordId, String)>),
    Export,
    SetAside(OpId),
    Pushed(Pushed),
    Pulled(Pulled),
    Framed(Frame),
    Agrees(Seq, Check),
}

/// A save with its own texts.
#[derive(Clone, Debug)]
pub struct Typed {
    pub record: RecordId,
    pub kind: String,
    pub operation: OperationKind,
    pub fields: Vec<(String, Value)>,
    pub seen: BTreeMap<String, Option<OpId>>,
    pub over: Vec<OpId>,
    pub reason: Option<String>,
    pub hold: Hold,
    pub now: Timestamp,
    pub op_id: OpId,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    Saved(Result<Shown, SaveError>),
    Discarded(Result<Vec<RecordId>, StoreError>),
    Offered(Result<Option<Push>, StoreError>),
    Exported(Result<Vec<Operation>, StoreError>),
    Agreed(Result<bool, StoreError>),
    Done(Result<(), StoreError>),
}

pub async fn perform(replica: Replica<Pausing>, author: AccountId, act: Act) -> Outcome {
    match act {
        Act::Save(typed) => {
            let Typed { record, kind, operation, fields, seen, over, reason, hold, now, op_id } = typed;
            let kind = kind.as_str();
            let save =
                Save { record, kind, form_version: "1", operation, fields, seen, over, reason, hold, now, op_id };
            Outcome::Saved(replica.save(save).await)
        }
        Act::Discard(root) => Outcome::Discarded(replica.discard_held(root).await),
        Act::Offer(typing) => {
            let typing = typing.as_ref().map(|(record, field)| (*record, field.as_str()));
            Outcome::Offered(replica.offer(typing).await)
        }
        Act::Export => Outcome::Exported(replica.export().await),
        Act::SetAside(op) => Outcome::Done(replica.set_aside(op).await),
        Act::Pushed(reply) => Outcome::Done(replica.pushed(author, &reply).await.map(drop)),
        Act::Pulled(reply) => Outcome::Done(replica.pulled(&reply).await.map(drop)),
        Act::Framed(frame) => Outcome::Done(replica.framed(&frame).await.map(drop)),
        Act::Agrees(since, check) => Outcome::Agreed(replica.agrees(since, &check).await),
    }
}
