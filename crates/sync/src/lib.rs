//! Saving and exchanging: a log of operations on the fields of records.
//!
//! Sans I/O: a [`Store`] keeps, a transport carries, and this crate decides. The same merge code runs on the tablet and
//! on the server. Time and ids are arguments.

mod conflict;
pub mod conformance;
mod limited;
mod memory;
mod merge;
mod operation;
pub mod protocol;
mod record;
mod replica;
mod store;
mod view;

pub use conflict::{Conflict, Rival, Signature};
pub use memory::{Fault, MemoryStore};
pub use merge::{Clash, DELETED};
pub use operation::{DeviceSeq, Edit, Operation, OperationKind, Seq, Sequenced};
pub use record::{Deletion, DeletionState, Field, Origin, Record};
pub use replica::{Contents, Hold, Replica, Save, SaveError, Waiting};
pub use store::{Aside, Commit, Cursor, FirstPull, Phase, Queued, Store, StoreError, Stored, Unnumbered, Whole};
pub use view::{Shown, ShownField};
