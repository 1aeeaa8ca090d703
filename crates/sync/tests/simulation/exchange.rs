//! What goes between the devices and the server.

use pollster::block_on;
use sync::protocol::{Pulled, Push};

use crate::device::Act;
use crate::network::Message;
use crate::world::World;

impl World {
    pub fn exchange(&mut self, at: usize) {
        if self.dice.once_in(2) && self.devices[at].unflushed.is_none() {
            // The network holds for a moment.
            self.round(at);
            return;
        }
        if self.dice.once_in(2) {
            // A disk that lies would change what was offered.
            if self.devices[at].unflushed.is_none() {
                self.perform(at, Act::Offer(None), None);
            }
            return;
        }
        let check = self.dice.once_in(3);
        let device = &self.devices[at];
        let cursor = device.cursor();
        let pull = Message::Pull { epoch: cursor.epoch, since: cursor.since, check };
        let message = device.first_pull().map_or(pull, Message::Snapshot);
        self.network.send(at, message);
    }

    pub fn deliver(&mut self, at: usize) {
        // The frames of a stream come in order, most of the time.
        let framed = |message: &Message| matches!(message, Message::Framed(_));
        let frame = self.dice.once_in(2).then(|| self.network.answer(at, framed)).flatten();
        let arrival = frame.or_else(|| self.network.arrival(&mut self.dice));
        let Some((at, message)) = arrival else { return };
        let pause_after = self.dice.once_in(3).then(|| self.dice.below(8) as u32);
        self.handle(at, message, pause_after);
    }

    pub fn handle(&mut self, at: usize, message: Message, pause_after: Option<u32>) {
        let account = self.devices[at].account;
        match message {
            Message::Push(push) => {
                let reply = self.answer(at, &push);
                self.network.send(at, reply);
            }
            Message::Pull { epoch, since, check } => {
                // A request of a device that went on meanwhile may ask for more than a restored server has.
                let since = if epoch == self.server.epoch { since } else { 0 };
                let reply = self.server.pull(account, epoch, since, check);
                self.network.send(at, Message::Pulled(reply));
            }
            Message::Snapshot(first) => {
                for frame in self.server.frames(account, first) {
                    self.network.send(at, Message::Framed(frame));
                }
            }
            Message::Framed(frame) => self.perform(at, Act::Framed(frame), pause_after),
            Message::Pushed(reply) => self.perform(at, Act::Pushed(reply), pause_after),
            Message::Refused(op) => self.perform(at, Act::SetAside(op), pause_after),
            Message::Pulled(reply) => {
                let Pulled { since, check, epoch, .. } = reply;
                self.perform(at, Act::Pulled(reply), pause_after);
                if let Some(check) = check.filter(|_| epoch == self.devices[at].cursor().epoch) {
                    self.perform(at, Act::Agrees(since, check), None);
                }
            }
        }
    }

    pub fn answer(&mut self, at: usize, push: &Push) -> Message {
        match self.server.push(self.devices[at].account, push) {
            Ok(reply) => Message::Pushed(reply),
            Err(position) => Message::Refused(push.operations[position].op_id),
        }
    }

    /// The network is back: every device exchanges until nothing moves.
    pub fn heal(&mut self) {
        self.network.clear();
        for at in 0..self.devices.len() {
            if self.devices[at].unflushed.is_some() {
                self.power_cut(at);
            }
        }
        for _ in 0..80 {
            let mut moved = false;
            for at in 0..self.devices.len() {
                moved |= self.round(at);
            }
            if !moved {
                return;
            }
        }
        panic!("the devices must come to rest");
    }

    /// What a device does each time: a first pull if one is asked for, then a push, then a pull.
    pub fn round(&mut self, at: usize) -> bool {
        let mut moved = false;
        while let Some(first) = self.devices[at].first_pull() {
            for frame in self.server.frames(self.devices[at].account, first) {
                self.handle(at, Message::Framed(frame), None);
            }
            moved = true;
        }
        if let Some(push) = block_on(self.devices[at].tab().offer(None)).expect("an offer") {
            self.check_push(at, &push);
            let reply = self.answer(at, &push);
            self.handle(at, reply, None);
            moved = true;
        }
        let cursor = self.devices[at].cursor();
        let page = self.server.pull(self.devices[at].account, cursor.epoch, cursor.since, true);
        moved |= page.epoch != cursor.epoch || page.since != cursor.since;
        self.handle(at, Message::Pulled(page), None);
        moved
    }
}
