//! Messages under way, in no order.

use domain::id::OpId;
use sync::protocol::{Frame, Pulled, Push, Pushed};
use sync::{FirstPull, Seq};

use crate::dice::Dice;

#[derive(Clone, Debug)]
pub enum Message {
    Push(Push),
    Pull { epoch: u64, since: Seq, check: bool },
    Snapshot(FirstPull),
    Pushed(Pushed),
    Refused(OpId),
    Pulled(Pulled),
    Framed(Frame),
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

    /// The oldest answer of this sort on its way to a device.
    pub fn answer(&mut self, device: usize, sort: fn(&Message) -> bool) -> Option<(usize, Message)> {
        let at = self.under_way.iter().position(|(to, message)| *to == device && sort(message))?;
        Some(self.under_way.remove(at))
    }

    pub fn cut(&mut self, device: usize) {
        self.under_way.retain(|(to, _)| *to != device);
    }

    pub fn clear(&mut self) {
        self.under_way.clear();
    }
}
