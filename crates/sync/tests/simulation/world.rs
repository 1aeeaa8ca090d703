//! One run: many random steps, then the network heals and everything must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;

use domain::id::{AccountId, DeviceId, RecordId};
use pollster::block_on;
use sync::{Commit, Fault, Hold, MemoryStore, Store, StoreError};
use uuid::Uuid;

use crate::device::{Act, Device, Outcome, Typed, perform};
use crate::dice::Dice;
use crate::network::{Message, Network};
use crate::pausing::{step, tab};
use crate::server::{Line, Server};
use crate::witness::Witness;

const STEPS: usize = 120;

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
    pub last_typed: Option<(RecordId, String)>,
    pub drawn: u64,
    pub checks: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let device = |n: usize, dice: &mut Dice| Device {
            id: DeviceId(Uuid::from_u128(n as u128 + 1)),
            // The first account has two devices or three, the second has one.
            account: account(usize::from(n == 2)),
            store: MemoryStore::new(),
            clock: 1_700_000_000_000 + dice.below(10) as i64 * 86_400_000,
            unflushed: None,
            damaged: false,
        };
        let devices = (0..3 + dice.below(2)).map(|n| device(n, &mut dice)).collect();
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
            checks: 0,
        }
    }

    pub fn run(&mut self) {
        // Most runs begin with records that every device of an account knows.
        if !self.dice.once_in(4) {
            for at in [0, 2] {
                self.begin(at);
            }
            self.heal();
        }
        for _ in 0..STEPS {
            let at = self.dice.below(self.devices.len());
            self.step(at);
        }
        self.heal();
        self.check_agreement();
    }

    fn step(&mut self, at: usize) {
        match self.dice.below(42) {
            0..=13 => self.act(at),
            14..=18 => self.exchange(at),
            19..=32 => self.deliver(at),
            33 => match self.dice.below(6) {
                0 => self.server.restore(),
                1 | 2 => self.server.back_up(),
                _ => self.devices[at].clock -= self.dice.below(3) as i64 * 86_400_000,
            },
            34 => self.administrate(),
            // The commit of the next act, or of the next answer, is refused, or the device dies right after it.
            fault @ 35..=38 => {
                let kind = match self.dice.below(3) {
                    0 => Fault::Refuse(StoreError::Moved),
                    1 => Fault::Refuse(StoreError::Closed),
                    _ => Fault::DieAfter,
                };
                self.devices[at].store.inject(kind);
                let answers =
                    |message: &Message| matches!(message, Message::Framed(_) | Message::Pulled(_) | Message::Pushed(_));
                match self.network.answer(at, answers).filter(|_| fault > 35) {
                    Some((_, message)) => self.handle(at, message, None),
                    None => self.act(at),
                }
                self.power_cut(at);
            }
            39 => {
                self.devices[at].store.set_full(true);
                self.act(at);
                self.devices[at].store.set_full(false);
            }
            40 if self.devices[at].unflushed.is_none() => {
                self.devices[at].store.stop_flushing();
                self.devices[at].unflushed = Some(BTreeSet::new());
            }
            _ => self.damage(at),
        }
    }

    /// A record goes to the other professional, a right is given or taken, what was set aside is judged again.
    fn administrate(&mut self) {
        match self.dice.below(4) {
            0 | 1 => {
                let persons: Vec<_> = self.roots.values().copied().collect();
                let Some(root) = self.dice.pick(&persons).copied() else { return };
                let tree = self.roots.iter().filter(|(_, of)| **of == root).map(|(id, _)| *id).collect();
                let to = account(self.dice.below(2));
                self.server.hand_over(&tree, to);
            }
            2 => self.server.books.allowed ^= true,
            _ => {
                let aside = |line: &Line| match line {
                    Line::Aside(one, _) => Some((one.operation.record_id, one.operation.device_id)),
                    _ => None,
                };
                let aside: Vec<_> = self.server.books.log.iter().filter_map(aside).collect();
                if let Some((id, device)) = self.dice.pick(&aside).copied() {
                    self.server.apply_again(id, device);
                }
            }
        }
    }

    /// The device dies. If its disk lied, what it had not flushed is lost, and with it whatever it was waiting for.
    pub fn power_cut(&mut self, at: usize) {
        self.devices[at].store.crash();
        if let Some(lost) = self.devices[at].unflushed.take() {
            self.network.cut(at);
            self.witness.lost(self.devices[at].id, &lost);
        }
    }

    /// A record vanishes from a copy that was whole: the check must see it.
    fn damage(&mut self, at: usize) {
        let device = &self.devices[at];
        let cursor = device.cursor();
        let whole = device.first_pull().is_none()
            && device.unflushed.is_none()
            && cursor.epoch == self.server.epoch
            && cursor.since == self.server.books.top();
        let records = block_on(device.store.records()).expect("a read");
        let known: Vec<_> =
            records.iter().map(|stored| &stored.record).filter(|one| one.seq > 0 && !one.left).collect();
        let Some(id) = self.dice.pick(&known).map(|record| record.id).filter(|_| whole) else { return };
        let ahead = known.iter().any(|record| record.seq > cursor.since);
        if ahead || !block_on(device.store.outbox_of(id)).expect("a read").is_empty() {
            return;
        }
        block_on(device.store.commit(Commit { remove: vec![id], ..Commit::default() })).expect("a commit");
        self.devices[at].damaged = true;
        let page = self.server.pull(self.devices[at].account, cursor.epoch, cursor.since, true);
        self.handle(at, Message::Pulled(page), None);
        assert!(!self.devices[at].damaged, "a copy that differs must be found out");
    }

    /// A person does something; sometimes another tab does something else in the middle of it.
    fn act(&mut self, at: usize) {
        let Some(act) = self.choose(at) else { return };
        let pause_after = self.dice.once_in(3).then(|| self.dice.below(8) as u32);
        self.perform(at, act, pause_after);
    }

    pub fn perform(&mut self, at: usize, act: Act, pause_after: Option<u32>) {
        self.announce(&act);
        let Device { id, account, .. } = self.devices[at];
        let store = self.devices[at].store.clone();
        let mut outer: Pin<Box<dyn Future<Output = Outcome>>> =
            Box::pin(perform(tab(&store, id, pause_after), account, act.clone()));
        let mut outcome = step(&mut outer);
        if outcome.is_none() {
            let lies = self.devices[at].unflushed.is_some();
            let offer = Some(Act::Offer(None)).filter(|_| !lies);
            let other = if self.dice.once_in(2) { offer } else { self.choose(at) };
            if let Some(other) = other {
                self.announce(&other);
                let done = block_on(perform(tab(&store, id, None), account, other.clone()));
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
        let device = &mut self.devices[at];
        match (act, outcome) {
            (Act::Save(typed), Outcome::Saved(result)) => {
                if let Ok(shown) = &result {
                    self.witness.saved(device, typed, shown);
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
            (Act::Export, Outcome::Exported(Ok(operations))) => {
                let author = device.account;
                self.check_export(at, &operations);
                self.server.brought(author, &operations);
            }
            (Act::Agrees(..), Outcome::Agreed(Ok(agrees))) => {
                assert!(agrees || device.damaged, "the check must not differ on a copy nobody damaged");
                device.damaged &= agrees;
            }
            (_, Outcome::Done(result)) => assert_ne!(result, Err(StoreError::Moved), "moves are retried"),
            _ => {}
        }
    }
}

pub fn account(rank: usize) -> AccountId {
    AccountId(Uuid::from_u128(77 + rank as u128))
}
