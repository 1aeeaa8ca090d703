//! The one place where the server reads the time.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::NaiveDate;
use domain::Timestamp;

/// Now, by this machine's clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The calendar day where it is latest: nobody is refused today's date because of the server's zone.
pub fn latest_day(now: Timestamp) -> NaiveDate {
    now.local(14 * 60).date()
}
