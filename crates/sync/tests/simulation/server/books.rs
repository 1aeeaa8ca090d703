//! All that a backup copies.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::id::{AccountId, OpId, RecordId};
use sync::protocol::Quarantine;
use sync::{Operation, OperationKind, Record, Seq, Sequenced};

use super::{blanked, signature};

/// One sequence of the log.
#[derive(Clone, Debug)]
pub enum Line {
    Operation(Sequenced),
    /// Stored without being applied.
    Aside(Sequenced, Quarantine),
    /// Drawn for something else, or what stood here was applied again further on.
    Drawn,
}

impl Line {
    pub fn sequenced(&self) -> Option<&Sequenced> {
        match self {
            Self::Operation(sequenced) | Self::Aside(sequenced, _) => Some(sequenced),
            Self::Drawn => None,
        }
    }

    fn sequenced_mut(&mut self) -> Option<&mut Sequenced> {
        match self {
            Self::Operation(sequenced) | Self::Aside(sequenced, _) => Some(sequenced),
            Self::Drawn => None,
        }
    }
}

#[derive(Clone, Default)]
pub struct Books {
    /// Sequence is rank plus one.
    pub log: Vec<Line>,
    pub records: BTreeMap<RecordId, Record>,
    pub owners: BTreeMap<RecordId, AccountId>,
    /// When a record came to its present owner: what is older came with it, whole.
    pub owned_since: BTreeMap<RecordId, Seq>,
    /// At this sequence, the account came to see the record, or sees it no more, or must hear of its erasure.
    pub sights: Vec<(Seq, AccountId, RecordId)>,
    /// Where each operation stands.
    pub places: BTreeMap<OpId, Seq>,
    /// A coordinator has allowed [`super::FORBIDDEN`].
    pub allowed: bool,
}

impl Books {
    pub fn top(&self) -> Seq {
        self.log.len() as Seq
    }

    pub fn line(&self, seq: Seq) -> &Line {
        &self.log[usize::try_from(seq).expect("a rank") - 1]
    }

    pub fn find(&self, op: OpId) -> Option<&Line> {
        self.places.get(&op).map(|seq| self.line(*seq))
    }

    /// Today the care team is the owner alone.
    pub fn sees(&self, account: AccountId, id: RecordId) -> bool {
        self.owners.get(&id) == Some(&account)
    }

    pub fn is_erased(&self, id: RecordId) -> bool {
        self.records.get(&id).is_some_and(Record::is_erased)
    }

    pub fn append(&mut self, op: OpId, line: Line) {
        self.log.push(line);
        self.places.insert(op, self.top());
    }

    /// Applies an operation under the next sequence.
    pub fn apply(&mut self, author: AccountId, operation: Operation) -> (Seq, Vec<String>) {
        let seq = self.top() + 1;
        let (id, op) = (operation.record_id, operation.op_id);
        let erases = operation.kind == OperationKind::Erase;
        let mut sequenced = Sequenced::new(seq, author, Timestamp(0), operation);
        let mut record = self.records.remove(&id).unwrap_or_else(|| Record::of(&sequenced.operation));
        let standing = record.standing(&sequenced.operation).into_iter();
        let signed = standing.filter_map(|op| Some((op, signature(self.find(op)?.sequenced()?)))).collect();
        let by = signature(&sequenced);
        let disputed = record.arrive(&mut sequenced, &by, &signed);
        self.records.insert(id, record);
        self.owners.entry(id).or_insert(author);
        self.append(op, Line::Operation(sequenced));
        if erases {
            self.blank(id, seq);
        }
        (seq, disputed)
    }

    /// Blanks all that was ever written on a record, and tells all who may hold something of it.
    fn blank(&mut self, id: RecordId, seq: Seq) {
        let mut knew: BTreeSet<AccountId> = BTreeSet::new();
        knew.extend(self.sights.iter().filter(|(_, _, what)| *what == id).map(|(_, who, _)| *who));
        for sequenced in self.log.iter_mut().filter_map(Line::sequenced_mut) {
            if sequenced.operation.record_id == id {
                knew.insert(sequenced.author);
                blanked(&mut sequenced.operation);
                sequenced.conflicts.clear();
            }
        }
        for account in knew {
            self.tell(seq, account, id);
        }
    }

    /// This account does not see the record, and must hear that it is erased.
    pub fn tell(&mut self, seq: Seq, account: AccountId, id: RecordId) {
        if self.owners.get(&id) != Some(&account) {
            self.sights.push((seq, account, id));
        }
    }
}
