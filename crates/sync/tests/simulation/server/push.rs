//! What arrives: judged, applied or set aside, never refused once it can be read.

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, RecordId};
use domain::record::PARENT;
use sync::protocol::{Fate, Push, Pushed, Quarantine};
use sync::{Operation, OperationKind, Sequenced};

use super::{FORBIDDEN, Line, Server, blanked, poisoned};

impl Server {
    /// The position of an operation that cannot be read, or the fates.
    pub fn push(&mut self, author: AccountId, push: &Push) -> Result<Pushed, usize> {
        if let Some(at) = push.operations.iter().position(poisoned) {
            return Err(at);
        }
        Ok(Pushed {
            fates: push.operations.iter().map(|one| (one.op_id, self.receive(author, one))).collect(),
            last_device_seq: push.operations.last().map_or(0, |last| last.device_seq),
            epoch: self.epoch,
            backed_up_seq: self.backed_up,
            server_time: Timestamp(0),
        })
    }

    /// An exported outbox that somebody brings.
    pub fn brought(&mut self, author: AccountId, operations: &[Operation]) {
        for operation in operations.iter().filter(|operation| !poisoned(operation)) {
            self.receive(author, operation);
        }
    }

    fn receive(&mut self, author: AccountId, operation: &Operation) -> Fate {
        if let Some(seq) = self.books.places.get(&operation.op_id).copied() {
            if self.books.is_erased(operation.record_id) && !self.books.sees(author, operation.record_id) {
                // Her device has not heard of it, perhaps because a first pull went past: told once more.
                self.books.log.push(Line::Drawn);
                self.books.tell(self.books.top(), author, operation.record_id);
            }
            return match self.books.line(seq) {
                Line::Aside(_, reason) => Fate::Quarantined { seq, reason: *reason },
                Line::Operation(Sequenced { conflicts, .. }) => {
                    let open = conflicts.iter().filter(|(_, item)| item.is_open());
                    let fields: Vec<_> = open.map(|(name, _)| name.clone()).collect();
                    if fields.is_empty() { Fate::Duplicate { seq } } else { Fate::Conflict { seq, fields } }
                }
                Line::Drawn => unreachable!("an operation stands where it was last applied"),
            };
        }
        let id = operation.record_id;
        if self.books.is_erased(id) {
            return self.bury(author, operation);
        }
        // Neither an erasure nor the creation that others wait for is held behind anything.
        let begins = operation.kind == OperationKind::Create && !self.books.records.contains_key(&id);
        let waits = !begins && operation.kind != OperationKind::Erase;
        let verdict = if waits && self.is_behind(id, operation.device_id) {
            Err(Quarantine::Behind)
        } else {
            self.verdict(author, operation)
        };
        match verdict {
            Ok(()) => {
                let fate = self.apply(author, operation.clone());
                if begins {
                    self.arrived();
                }
                fate
            }
            Err(reason) => {
                let seq = self.books.top() + 1;
                let aside = Sequenced::new(seq, author, Timestamp(0), operation.clone());
                self.books.append(operation.op_id, Line::Aside(aside, reason));
                Fate::Quarantined { seq, reason }
            }
        }
    }

    /// A record came to be: what waited for one is judged again.
    fn arrived(&mut self) {
        let waited = |line: &Line| match line {
            Line::Aside(one, Quarantine::UnknownRecord) => Some((one.operation.record_id, one.operation.device_id)),
            _ => None,
        };
        let waited: Vec<_> = self.books.log.iter().filter_map(waited).collect();
        for (id, device) in waited {
            self.apply_again(id, device);
        }
    }

    fn apply(&mut self, author: AccountId, operation: Operation) -> Fate {
        let erases = (operation.kind == OperationKind::Erase).then_some(operation.record_id);
        let (seq, fields) = self.books.apply(author, operation);
        self.erased.extend(erases.map(|id| (id, self.books.owners[&id])));
        if fields.is_empty() { Fate::Applied { seq } } else { Fate::Conflict { seq, fields } }
    }

    /// Whoever writes on an erased record is told that it was received: nothing of it is kept, here or there.
    fn bury(&mut self, author: AccountId, operation: &Operation) -> Fate {
        let id = operation.record_id;
        let mut operation = operation.clone();
        blanked(&mut operation);
        let (seq, _) = self.books.apply(author, operation);
        self.books.tell(seq, author, id);
        Fate::Applied { seq }
    }

    fn is_behind(&self, id: RecordId, device: DeviceId) -> bool {
        let of_it = |one: &Sequenced| (one.operation.record_id, one.operation.device_id) == (id, device);
        self.books.log.iter().any(|line| matches!(line, Line::Aside(one, _) if of_it(one)))
    }

    fn verdict(&self, author: AccountId, operation: &Operation) -> Result<(), Quarantine> {
        let books = &self.books;
        if operation.record_kind == FORBIDDEN && !books.allowed {
            return Err(Quarantine::NoRight);
        }
        let parent = operation.fields.get(PARENT).and_then(|edit| edit.value.as_str()?.parse().ok());
        let own = |id: RecordId| books.owners.get(&id).map(|owner| *owner == author);
        match (own(operation.record_id), parent.map(own)) {
            (None, _) if operation.kind != OperationKind::Create => Err(Quarantine::UnknownRecord),
            (_, Some(None)) => Err(Quarantine::UnknownRecord),
            (Some(false), _) | (_, Some(Some(false))) => Err(Quarantine::NoRight),
            _ => Ok(()),
        }
    }

    /// Judges again, in order, what a device wrote on a record; stops at the first that may not be applied.
    pub fn apply_again(&mut self, id: RecordId, device: DeviceId) {
        let aside: Vec<_> = (0..self.books.log.len())
            .filter(|rank| match &self.books.log[*rank] {
                Line::Aside(one, _) => (one.operation.record_id, one.operation.device_id) == (id, device),
                _ => false,
            })
            .collect();
        for rank in aside {
            let Line::Aside(one, _) = self.books.log[rank].clone() else { unreachable!("it was chosen so") };
            if self.books.is_erased(id) || self.verdict(one.author, &one.operation).is_err() {
                return;
            }
            self.books.log[rank] = Line::Drawn;
            self.apply(one.author, one.operation);
        }
    }
}
