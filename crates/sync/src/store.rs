//! What keeps the records and operations of one device. Backends: [`crate::MemoryStore`], IndexedDB in the client.

use domain::id::{OpId, RecordId};
use serde::{Deserialize, Serialize};

use crate::protocol::Quarantine;
use crate::{DeviceSeq, Operation, Record, Seq};

/// A record with the clear counter that guards it against a concurrent writer.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Grows by one at each write; 0 stands for "not there yet".
    pub rev: u64,
    pub record: Record,
}

/// Everything a store holds of one record, as it was at one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whole {
    /// 0: nothing is there. A record known only by its operations has a revision too.
    pub rev: u64,
    pub record: Option<Record>,
    /// Its unacknowledged operations, numbered ones by `device_seq`, then held ones by `op_id`.
    pub operations: Vec<Queued>,
}

/// An operation not yet acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    pub operation: Operation,
    pub phase: Phase,
}

/// How far an unacknowledged operation has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Waits for a consent, under the record that must be consented. Never leaves; `device_seq` is 0.
    Held(RecordId),
    /// Not yet offered: the next edit of the same field replaces its value.
    Open,
    /// Sent at least once, so immutable.
    Offered,
    /// The server could not read it, or stored it without applying it; kept, shown, no longer sent.
    SetAside(Aside),
}

/// Why an operation is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// The server could not read it.
    Unreadable,
    /// It is larger than a whole push may be.
    TooBig,
    /// The server holds it without applying it.
    Quarantined(Quarantine),
}

/// How far this device has read the server's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Grows at each restore of the server; 0: nothing was ever read.
    pub epoch: u64,
    pub since: Seq,
    /// The first pull under way, or asked for: the log is read from `since` only once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstPull>,
}

/// How far a first pull has come: the records are read by id, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FirstPull {
    /// Epoch of the frames read so far; 0 before the first.
    pub epoch: u64,
    /// The sequence noted by the server before the first frame, from which the log will be read.
    pub at: Seq,
    /// The last id read.
    pub after: Option<RecordId>,
    /// Records read, and records in all, for the progress bar.
    pub read: u64,
    pub total: u64,
}

/// One atomic, durable change of the store: all of it or nothing.
///
/// Applied in this order: `expect`, `forget`, `acknowledge`, `reopen`, `replace`, `release`, `add`, `records` and `touch`
/// (one revision each, whatever the number of mentions), `remove`, `cursor`, `backed_up`. An operation that is not there
/// any more is passed over in silence: another tab may have gone first.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// Every record this change was computed from: aborts with [`StoreError::Moved`] if its revision is no longer this one (0: absent).
    pub expect: Vec<(RecordId, u64)>,
    /// Server states to write.
    pub records: Vec<Record>,
    /// Bumps the revision of these records without changing their server state, so that a concurrent writer sees them move.
    pub touch: Vec<RecordId>,
    /// New operations; those to be sent draw their `device_seq` here, in order.
    pub add: Vec<Unnumbered>,
    /// Operations whose content or phase changes; their `device_seq` stays.
    pub replace: Vec<Queued>,
    /// Held operations that may now leave: each draws its `device_seq` in this order, before `add`, and becomes open.
    pub release: Vec<Queued>,
    /// Acknowledged operations with their sequence: out of the outbox, kept aside until a backup holds them.
    pub acknowledge: Vec<(OpId, Seq)>,
    /// Kept-aside operations that a restored server may have lost: back in the outbox as [`Phase::Offered`], `device_seq` unchanged.
    pub reopen: Vec<OpId>,
    /// Operations that leave without trace, from the outbox and from those kept aside: held ones after a refusal, those
    /// of an erased record.
    pub forget: Vec<OpId>,
    /// Records to forget, with their revision.
    pub remove: Vec<RecordId>,
    pub cursor: Option<Cursor>,
    /// Kept-aside operations up to this sequence are in a backup and may go.
    pub backed_up: Option<Seq>,
}

/// A new operation and the phase it begins in. Its `device_seq` is overwritten by the store unless it is held.
#[derive(Clone, Debug, PartialEq)]
pub struct Unnumbered {
    pub operation: Operation,
    pub phase: Phase,
}

/// Why the store could not do it. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("another writer changed the record first")]
    Moved,
    #[error("the disk quota is exhausted")]
    Full,
    #[error("the database connection is closed")]
    Closed,
    #[error("another tab keeps an older version of the database open")]
    Blocked,
    #[error("the browser refuses storage")]
    Refused,
    #[error("what is stored cannot be read: {0}")]
    Corrupt(String),
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Durable storage of one device's records and operations.
///
/// `commit` resolves only once the change would survive a power cut, and is atomic.
pub trait Store {
    /// Every record, in no order.
    fn records(&self) -> impl Future<Output = Result<Vec<Stored>, StoreError>>;
    /// These records, in this order, in one reading.
    fn some(&self, ids: &[RecordId]) -> impl Future<Output = Result<Vec<Option<Stored>>, StoreError>>;
    /// One record.
    fn record(&self, id: RecordId) -> impl Future<Output = Result<Option<Stored>, StoreError>> {
        async move { Ok(self.some(&[id]).await?.pop().flatten()) }
    }
    /// Identifiers of the records, and of those known only by their operations, above `after` and not above `up_to`,
    /// in no order. `None`: no bound.
    fn ids(
        &self,
        after: Option<RecordId>,
        up_to: Option<RecordId>,
    ) -> impl Future<Output = Result<Vec<RecordId>, StoreError>>;
    /// Revision of a record: 0 when absent. A record known only by its operations has a revision too.
    fn revision(&self, id: RecordId) -> impl Future<Output = Result<u64, StoreError>>;
    /// Every unacknowledged operation, numbered ones by `device_seq`, then held ones by `op_id`.
    fn outbox(&self) -> impl Future<Output = Result<Vec<Queued>, StoreError>>;
    /// All there is of one record, in one reading: what a save waits for is this and its commit.
    fn whole(&self, id: RecordId) -> impl Future<Output = Result<Whole, StoreError>>;
    /// The unacknowledged operations of one record, in the order of [`Whole::operations`].
    fn outbox_of(&self, id: RecordId) -> impl Future<Output = Result<Vec<Queued>, StoreError>> {
        async move { Ok(self.whole(id).await?.operations) }
    }
    /// Acknowledged operations no backup holds yet, by sequence.
    fn kept(&self) -> impl Future<Output = Result<Vec<(Seq, Operation)>, StoreError>>;
    fn cursor(&self) -> impl Future<Output = Result<Cursor, StoreError>>;
    /// Last `device_seq` drawn.
    fn last_device_seq(&self) -> impl Future<Output = Result<DeviceSeq, StoreError>>;
    /// Applies the change; answers the numbers drawn, by operation.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<Vec<(OpId, DeviceSeq)>, StoreError>>;
}
