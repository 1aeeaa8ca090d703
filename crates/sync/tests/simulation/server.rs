//! The smallest honest server: a log, and the merge the devices use too.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, OpId, RecordId};
use sync::protocol::{Fate, Pulled, Push, Pushed, Quarantine};
use sync::{Operation, Record, Seq, Sequenced};

/// A value this server cannot read.
pub const POISON: &str = "poison";
/// A kind of record the account may not write.
pub const FORBIDDEN: &str = "forbidden";
/// Small, so that first pulls take several pages.
const PAGE: usize = 7;

#[derive(Default)]
pub struct Server {
    pub epoch: u64,
    /// Sequence is rank plus one; quarantined operations are in it.
    pub log: Vec<(Sequenced, Option<Quarantine>)>,
    pub records: BTreeMap<RecordId, Record>,
    pub backed_up: Seq,
    fates: BTreeMap<OpId, (Seq, Option<Quarantine>)>,
}

impl Server {
    pub fn new() -> Self {
        Self { epoch: 1, ..Self::default() }
    }

    pub fn holds(&self, op: OpId) -> Option<&Operation> {
        let (seq, _) = self.fates.get(&op)?;
        Some(&self.log[usize::try_from(*seq).expect("a rank") - 1].0.operation)
    }

    /// The position of an operation that cannot be read, or the fates.
    pub fn push(&mut self, author: AccountId, push: &Push) -> Result<Pushed, usize> {
        if let Some(at) = push.operations.iter().position(poisoned) {
            return Err(at);
        }
        let fates = push.operations.iter().map(|operation| (operation.op_id, self.store(author, operation))).collect();
        let of_device = |sequenced: &&(Sequenced, Option<Quarantine>)| {
            push.operations.first().is_some_and(|first| first.device_id == sequenced.0.operation.device_id)
        };
        let last = self.log.iter().filter(of_device).map(|(sequenced, _)| sequenced.operation.device_seq).max();
        Ok(Pushed {
            fates,
            last_device_seq: last.unwrap_or(0),
            epoch: self.epoch,
            backed_up_seq: self.backed_up,
            server_time: Timestamp(0),
        })
    }

    fn store(&mut self, author: AccountId, operation: &Operation) -> Fate {
        if let Some((seq, quarantine)) = self.fates.get(&operation.op_id) {
            let seq = *seq;
            return quarantine.map_or(Fate::Duplicate { seq }, |reason| Fate::Quarantined { seq, reason });
        }
        let seq = self.log.len() as Seq + 1;
        let quarantine = self.quarantine(operation);
        let sequenced = Sequenced::new(seq, author, Timestamp(0), operation.clone());
        let fate = self.keep(sequenced, quarantine);
        assert_eq!(self.holds(operation.op_id), Some(operation));
        fate
    }

    fn keep(&mut self, sequenced: Sequenced, quarantine: Option<Quarantine>) -> Fate {
        let seq = sequenced.seq;
        self.fates.insert(sequenced.operation.op_id, (seq, quarantine));
        let fate = if let Some(reason) = quarantine {
            Fate::Quarantined { seq, reason }
        } else {
            let operation = &sequenced.operation;
            let record = self.records.entry(operation.record_id).or_insert_with(|| Record::of(operation));
            let clashes = record.apply(&sequenced);
            if clashes.is_empty() {
                Fate::Applied { seq }
            } else {
                Fate::Conflict { seq, fields: clashes.into_iter().map(|clash| clash.field).collect() }
            }
        };
        self.log.push((sequenced, quarantine));
        fate
    }

    fn quarantine(&self, operation: &Operation) -> Option<Quarantine> {
        let behind = |(sequenced, quarantine): &(Sequenced, Option<Quarantine>)| {
            quarantine.is_some()
                && sequenced.operation.record_id == operation.record_id
                && sequenced.operation.device_id == operation.device_id
        };
        if self.log.iter().any(behind) {
            Some(Quarantine::Behind)
        } else if operation.record_kind == FORBIDDEN {
            Some(Quarantine::NoRight)
        } else if !self.records.contains_key(&operation.record_id) && operation.kind != sync::OperationKind::Create {
            Some(Quarantine::UnknownRecord)
        } else {
            None
        }
    }

    pub fn pull(&self, epoch: u64, since: Seq) -> Pulled {
        let since = if epoch == self.epoch { since } else { 0 };
        let after = &self.log[usize::try_from(since).expect("a rank")..];
        let page = &after[..after.len().min(PAGE)];
        let applied = page.iter().filter(|(_, quarantine)| quarantine.is_none());
        Pulled {
            epoch: self.epoch,
            operations: applied.map(|(sequenced, _)| sequenced.clone()).collect(),
            since: since + page.len() as Seq,
            more: after.len() > page.len(),
            backed_up_seq: self.backed_up,
            server_time: Timestamp(0),
        }
    }

    pub fn back_up(&mut self) {
        self.backed_up = self.log.len() as Seq;
    }

    /// All that no backup holds is lost.
    pub fn restore(&mut self) {
        let epoch = self.epoch + 1;
        let backed_up = self.backed_up;
        let mut log = std::mem::take(&mut self.log);
        log.truncate(usize::try_from(backed_up).expect("a rank"));
        *self = Self { epoch, backed_up, ..Self::default() };
        for (sequenced, quarantine) in log {
            self.keep(sequenced, quarantine);
        }
    }
}

pub fn poisoned(operation: &Operation) -> bool {
    operation.fields.values().any(|edit| edit.value == POISON)
}
