//! Instants as the wire and the disk keep them.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. Given by the caller, never read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The wall-clock reading of this instant at `offset_minutes` east of UTC.
    /// An instant outside the calendar (a device clock gone mad) reads as the epoch.
    #[must_use]
    pub fn local(self, offset_minutes: i32) -> NaiveDateTime {
        let shifted = self.0.saturating_add(i64::from(offset_minutes) * 60_000);
        DateTime::<Utc>::from_timestamp_millis(shifted)
            .unwrap_or_default()
            .naive_utc()
    }
}
