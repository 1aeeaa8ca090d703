//! One run: many random steps, then the network heals and everything must agree.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::record::{PARENT, Value};
use pollster::block_on;
use serde_json::json;
use sync::protocol::Push;
use sync::{Fault, Hold, MemoryStore, OperationKind, Shown, Store, StoreError};
use uuid::Uuid;

use crate::device::{Act, Outcome, Typed, perform, step, tab};
use crate::dice::Dice;
use crate::invariants::Witness;
use crate::network::{Message, Network};
use crate::server::{FORBIDDEN, POISON, Server};

const STEPS: usize = 120;
const FIELDS: &[&str] = &["weight", "words", "same"];

pub struct Device {
    pub id: DeviceId,
    pub store: MemoryStore,
    /// This clock may be wrong by days and jump back.
    clock: i64,
}

pub struct World {
    pub dice: Dice,
    pub server: Server,
    pub devices: Vec<Device>,
    pub network: Network,
    pub witness: Witness,
    /// Every record ever made, with the person it hangs on.
    pub roots: BTreeMap<RecordId, RecordId>,
    /// Persons whose consent was given, perhaps by a save that died.
    pub consented: BTreeSet<RecordId>,
    last_typed: Option<(RecordId, String)>,
    drawn: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let device = |n: usize, dice: &mut Dice| Device {
            id: DeviceId(Uuid::from_u128(n as u128 + 1)),
            store: MemoryStore::new(),
            clock: 1_700_000_000_000 + dice.below(10) as i64 * 86_400_000,
        };
        let devices = (0..2 + dice.below(2)).map(|n| device(n, &mut dice)).collect();
        Self {
            dice,
            server: Server::new(),
            devices,
            network: Network::default(),
            witness: Witness::default(),
            roots: BTreeMap::new(),
            consented: BTreeSet::new(),
            last_typed: None,
            drawn: 0,
        }
    }

    pub fn run(&mut self) {
        for _ in 0..STEPS {
            let at = self.dice.below(self.devices.len());
            self.step(at);
        }
        self.heal();
        self.check_agreement();
    }

    fn step(&mut self, at: usize) {
        match self.dice.below(20) {
            0..=8 => self.act(at),
            9..=10 => self.exchange(at),
            11..=16 => self.deliver(),
            17 => match self.dice.below(8) {
                0 => self.server.restore(),
                1 | 2 => self.server.back_up(),
                _ => self.devices[at].clock -= self.dice.below(3) as i64 * 86_400_000,
            },
            // The commit of the next act is refused, or the device dies right after it.
            18 => {
                let fault = match self.dice.below(3) {
                    0 => Fault::Refuse(StoreError::Moved),
                    1 => Fault::Refuse(StoreError::Closed),
                    _ => Fault::DieAfter,
                };
                self.devices[at].store.inject(fault);
                self.act(at);
                self.devices[at].store.crash();
            }
            _ => {
                self.devices[at].store.set_full(true);
                self.act(at);
                self.devices[at].store.set_full(false);
            }
        }
    }

    /// A person does something; sometimes another tab does something else in the middle of it.
    fn act(&mut self, at: usize) {
        let Some(act) = self.choose(at) else { return };
        let pause_after = self.dice.once_in(3).then(|| self.dice.below(8) as u32);
        self.perform(at, act, pause_after);
    }

    pub fn perform(&mut self, at: usize, act: Act, pause_after: Option<u32>) {
        self.announce(&act);
        let author = author();
        let (store, id) = (self.devices[at].store.clone(), self.devices[at].id);
        let mut outer: std::pin::Pin<Box<dyn Future<Output = Outcome>>> =
            Box::pin(perform(tab(&store, id, pause_after), author, act.clone()));
        let mut outcome = step(&mut outer);
        if outcome.is_none() {
            let other = if self.dice.once_in(2) { Some(Act::Offer(None)) } else { self.choose(at) };
            if let Some(other) = other {
                self.announce(&other);
                let done = block_on(perform(tab(&store, id, None), author, other.clone()));
                self.record(at, &other, done);
            }
            outcome = step(&mut outer);
        }
        self.record(at, &act, outcome.expect("a tab pauses once"));
        self.check(at);
    }

    fn announce(&mut self, act: &Act) {
        if let Act::Save(Typed { record, hold: Hold::Release(root), .. }) = act {
            self.consented.insert(*root);
            self.roots.insert(*record, *root);
        }
    }

    fn record(&mut self, at: usize, act: &Act, outcome: Outcome) {
        let device = &self.devices[at];
        match (act, outcome) {
            (Act::Save(typed), Outcome::Saved(result)) => {
                if let Ok(shown) = &result {
                    self.witness.saved(&device.store, typed, shown);
                } else if result == Err(StoreError::Closed.into()) {
                    self.witness.uncertain(typed);
                }
            }
            (Act::Discard(root), Outcome::Discarded(result))
                if result.as_ref().is_ok_and(|gone| !gone.is_empty()) || result == Err(StoreError::Closed) =>
            {
                let roots = &self.roots;
                self.witness.refused(|record| record == *root || roots.get(&record) == Some(root));
            }
            (Act::Offer(_), Outcome::Offered(Ok(Some(push)))) => {
                self.check_push(at, &push);
                self.network.send(at, Message::Push(push));
            }
            (_, Outcome::Done(result)) => assert_ne!(result, Err(StoreError::Moved), "moves are retried"),
            _ => {}
        }
    }

    fn choose(&mut self, at: usize) -> Option<Act> {
        let shown = block_on(tab(&self.devices[at].store, self.devices[at].id, None).contents()).expect("a read").shown;
        let of_kind = |kind: &str| shown.iter().filter(|one| one.kind == kind).map(|one| one.id).collect::<Vec<_>>();
        let persons = of_kind("person");
        let make = |world: &mut Self, kind: &str, root: Option<RecordId>, hold: fn(RecordId) -> Hold| {
            let record = RecordId(world.uuid(at));
            let root_or_self = root.unwrap_or(record);
            world.roots.insert(record, root_or_self);
            let fields = root.map(|root| (PARENT.to_owned(), json!(root.to_string()))).into_iter().collect();
            world.save(at, record, kind, OperationKind::Create, fields, hold(root_or_self))
        };
        match self.dice.below(16) {
            0 => Some(make(self, "person", None, Hold::Under)),
            1 if self.dice.once_in(4) => Some(make(self, FORBIDDEN, None, |_| Hold::No)),
            1 | 2 => {
                let root = *self.dice.pick(&persons)?;
                Some(make(self, "screening", Some(root), Hold::Under))
            }
            3 => {
                let root = *self.dice.pick(&persons)?;
                Some(make(self, "consent", Some(root), Hold::Release))
            }
            4 => self.dice.pick(&persons).copied().map(Act::Discard),
            5 => {
                let target = self.dice.pick(&shown)?;
                let kind = if target.deleted { OperationKind::Restore } else { OperationKind::Delete };
                Some(self.save(at, target.id, &target.kind, kind, Vec::new(), Hold::No))
            }
            6 => {
                let typing = self.last_typed.clone().filter(|_| self.dice.once_in(2));
                Some(Act::Offer(typing))
            }
            _ => {
                let target = self.dice.pick(&shown)?;
                Some(self.edit(at, target))
            }
        }
    }

    fn edit(&mut self, at: usize, target: &Shown) -> Act {
        let field = (*self.dice.pick(FIELDS).expect("there are fields")).to_owned();
        let value = match self.dice.below(40) {
            0 => json!(POISON),
            _ if field == "same" => json!(self.dice.below(2)),
            _ => json!(self.dice.next() >> 20),
        };
        self.last_typed = Some((target.id, field.clone()));
        let hold = if self.dice.once_in(2) { Hold::No } else { Hold::Under(self.roots[&target.id]) };
        let Act::Save(mut typed) =
            self.save(at, target.id, &target.kind, OperationKind::Set, vec![(field, value)], hold)
        else {
            unreachable!("`save` makes a save")
        };
        typed.reason = self.dice.once_in(8).then(|| "correction".to_owned());
        Act::Save(typed)
    }

    fn save(
        &mut self,
        at: usize,
        record: RecordId,
        kind: &str,
        operation: OperationKind,
        fields: Vec<(String, Value)>,
        hold: Hold,
    ) -> Act {
        let op_id = OpId(self.uuid(at));
        let now = Timestamp(self.devices[at].clock);
        Act::Save(Typed { record, kind: kind.to_owned(), operation, fields, reason: None, hold, now, op_id })
    }

    /// Time-ordered by the clock of the device, right or wrong.
    fn uuid(&mut self, at: usize) -> Uuid {
        self.drawn += 1;
        self.devices[at].clock += self.dice.below(60_000) as i64;
        let clock = u128::try_from(self.devices[at].clock).expect("after 1970");
        Uuid::from_u128((clock << 80) | (u128::from(self.dice.next() >> 32) << 32) | u128::from(self.drawn))
    }

    fn exchange(&mut self, at: usize) {
        if self.dice.once_in(2) {
            self.perform(at, Act::Offer(None), None);
        } else {
            let cursor = block_on(self.devices[at].store.cursor()).expect("a read");
            self.network.send(at, Message::Pull { epoch: cursor.epoch, since: cursor.since });
        }
    }

    fn deliver(&mut self) {
        let Some((at, message)) = self.network.arrival(&mut self.dice) else {
            return;
        };
        let pause_after = self.dice.once_in(3).then(|| self.dice.below(8) as u32);
        self.handle(at, message, pause_after);
    }

    fn handle(&mut self, at: usize, message: Message, pause_after: Option<u32>) {
        match message {
            Message::Push(push) => {
                let reply = self.answer(&push);
                self.network.send(at, reply);
            }
            Message::Pull { epoch, since } => {
                let reply = Message::Pulled(self.server.pull(epoch, since));
                self.network.send(at, reply);
            }
            Message::Pushed(reply) => self.perform(at, Act::Pushed(reply), pause_after),
            Message::Refused(op) => self.perform(at, Act::SetAside(op), pause_after),
            Message::Pulled(reply) => self.perform(at, Act::Pulled(reply), pause_after),
        }
    }

    fn answer(&mut self, push: &Push) -> Message {
        match self.server.push(author(), push) {
            Ok(reply) => Message::Pushed(reply),
            Err(position) => Message::Refused(push.operations[position].op_id),
        }
    }

    /// The network is back: every device exchanges until nothing moves.
    fn heal(&mut self) {
        self.network.clear();
        for _ in 0..60 {
            let mut moved = false;
            for at in 0..self.devices.len() {
                let (store, id) = (self.devices[at].store.clone(), self.devices[at].id);
                if let Some(push) = block_on(tab(&store, id, None).offer(None)).expect("an offer") {
                    self.check_push(at, &push);
                    let reply = self.answer(&push);
                    self.handle(at, reply, None);
                    moved = true;
                }
                let cursor = block_on(store.cursor()).expect("a read");
                let page = self.server.pull(cursor.epoch, cursor.since);
                moved |= page.epoch != cursor.epoch || page.since != cursor.since;
                self.handle(at, Message::Pulled(page), None);
            }
            if !moved {
                return;
            }
        }
        panic!("the devices must come to rest");
    }
}

pub fn author() -> AccountId {
    AccountId(Uuid::from_u128(77))
}
