//! What the agenda of one person plans.

use super::challenge::challenges;
use super::{calls, settings};
use crate::programme::{Clock, Noted, Planned};

/// The next call of each challenge of one person, given her records and those that are common.
#[must_use]
pub fn calls(records: &[Noted<'_>], clock: &Clock<'_>) -> Vec<Planned> {
    let editions = settings::editions(records);
    let next = |challenge: &_| calls::next(challenge, editions.of(challenge.edition), clock.today);
    challenges(records, clock).iter().filter_map(next).collect()
}
