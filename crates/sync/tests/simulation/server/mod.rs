//! The smallest honest server: a log, who sees what, and the merge the devices use too.

mod books;
mod push;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use sync::{Operation, OperationKind, Seq, Sequenced, Signature};
use uuid::Uuid;

pub use books::{Books, Line};

/// A value this server cannot read.
pub const POISON: &str = "poison";
/// A kind of record nobody may write until a coordinator allows it.
pub const FORBIDDEN: &str = "forbidden";

pub struct Server {
    pub epoch: u64,
    pub books: Books,
    pub backed_up: Seq,
    /// Beside the backups, not in them, with whom each belonged to.
    pub erased: BTreeMap<RecordId, AccountId>,
    backup: Books,
}

impl Server {
    pub fn new() -> Self {
        Self { epoch: 1, books: Books::default(), backed_up: 0, erased: BTreeMap::new(), backup: Books::default() }
    }

    pub fn back_up(&mut self) {
        self.backed_up = self.books.top();
        self.backup = self.books.clone();
    }

    /// All that no backup holds is lost, but what was erased stays so.
    pub fn restore(&mut self) {
        self.epoch += 7;
        self.books = self.backup.clone();
        for (id, owner) in &self.erased {
            if self.books.is_erased(*id) {
                continue;
            }
            // A backup that does not know it yet: its place is taken, erased, before anybody brings it.
            let mut erasure = erasure(*id);
            if let Some(record) = self.books.records.get(id) {
                erasure.record_kind.clone_from(&record.kind);
            }
            let owner = self.books.owners.get(id).unwrap_or(owner);
            self.books.apply(*owner, erasure);
        }
    }

    /// The records of a person who goes to another professional, in one drawn sequence.
    pub fn hand_over(&mut self, tree: &BTreeSet<RecordId>, to: AccountId) {
        let books = &mut self.books;
        let moving = |(id, owner): &(&RecordId, &mut AccountId)| tree.contains(id) && **owner != to;
        let erased = |id: &RecordId, books: &BTreeMap<RecordId, sync::Record>| {
            books.get(id).is_some_and(sync::Record::is_erased)
        };
        let seq = books.log.len() as Seq + 1;
        let mut moved = false;
        for (id, owner) in books.owners.iter_mut().filter(moving) {
            if !erased(id, &books.records) {
                books.sights.push((seq, *owner, *id));
                books.sights.push((seq, to, *id));
                *owner = to;
                books.owned_since.insert(*id, seq);
                moved = true;
            }
        }
        if moved {
            books.log.push(Line::Drawn);
        }
    }
}

/// The erasure that a restored server does again by itself.
fn erasure(id: RecordId) -> Operation {
    Operation {
        op_id: OpId(Uuid::from_u128(!id.0.as_u128())),
        device_id: DeviceId(Uuid::nil()),
        device_seq: 0,
        record_id: id,
        record_kind: String::new(),
        form_version: "1".into(),
        kind: OperationKind::Erase,
        fields: BTreeMap::new(),
        reason: None,
        device_time: Timestamp(0),
    }
}

pub fn signature(sequenced: &Sequenced) -> Signature {
    Signature {
        author: sequenced.author,
        name: String::new(),
        profession: String::new(),
        device: sequenced.operation.device_id.to_string(),
        at: sequenced.operation.device_time,
        received_at: sequenced.received_at,
    }
}

pub fn blanked(operation: &mut Operation) {
    operation.fields.clear();
    operation.reason = None;
}

pub fn poisoned(operation: &Operation) -> bool {
    operation.fields.values().any(|edit| edit.value == POISON)
}
