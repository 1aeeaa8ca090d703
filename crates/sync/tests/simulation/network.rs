//! Messages under way, in no order.

use domain::id::OpId;
use sync::Seq;
use sync::protocol::{Pulled, Push, Pushed};

use crate::dice::Dice;

#[derive(Clone, Debug)]
pub enum Message {
    Push(Push),
    Pull { epoch: u64, since: Seq },
    Pushed(Pushed),
    Refused(OpId),
    Pulled(Pulled),
}

/// From or to the device of that rank.
#[derive(Default)]
pub struct Network {
    under_way: Vec<(usize, Message)>,
}

impl Network {
    pub fn send(&mut self, device: usize, message: Message) {
        self.under_way.push((device, message));
    }

    /// A message that arrives now: it may arrive again, and others may vanish.
    pub fn arrival(&mut self, dice: &mut Dice) -> Option<(usize, Message)> {
        if self.under_way.is_empty() {
            return None;
        }
        let at = dice.below(self.under_way.len());
        match dice.below(10) {
            0 | 1 => {
                self.under_way.swap_remove(at);
                None
            }
            2 | 3 => Some(self.under_way[at].clone()),
            _ => Some(self.under_way.swap_remove(at)),
        }
    }

    pub fn clear(&mut self) {
        self.under_way.clear();
    }
}
