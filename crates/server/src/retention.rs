//! What is past its time goes, once a day.

use std::time::Duration;

use chrono::NaiveDate;
use domain::Timestamp;
use domain::id::TerritoryId;

use crate::clock;
use crate::store::{Purged, Store, StoreError, Wake};

/// From the end of a wake to the next. The first one comes with the server: what a stop cut short goes on then.
const HOUR: Duration = Duration::from_secs(3600);

/// The wakes of a server since it started.
#[derive(Debug, Default)]
pub struct Wakes {
    /// Whether there was one.
    begun: bool,
    /// The day that was believed when what is past its time was last erased.
    last: Option<NaiveDate>,
}

impl Wakes {
    /// The first wake, or one a whole hour at least after the wake before. Erases what is past its time if the day that is
    /// believed is another than the last time; `None` when it is the same.
    pub async fn next(
        &mut self,
        store: &Store,
        territory: TerritoryId,
        now: Timestamp,
    ) -> Result<Option<Purged>, StoreError> {
        let wake = if std::mem::replace(&mut self.begun, true) { Wake::Hour } else { Wake::Started };
        let believed = store.believed(territory, now, wake).await?;
        let day = Some(believed.local(0).date());
        // One that fails is tried again with the next day.
        if std::mem::replace(&mut self.last, day) == day {
            return Ok(None);
        }
        store.purge(territory, believed).await.map(Some)
    }
}

/// Erases what is past its time, each day, until the database is closed.
pub async fn every_day(store: Store, territory: TerritoryId) {
    let mut wakes = Wakes::default();
    loop {
        let purged = wakes.next(&store, territory, clock::now()).await;
        let idle = matches!(purged, Ok(None));
        match purged {
            Ok(Some(purged)) if purged != Purged::default() => {
                let Purged { people, parts, failed, lines } = purged;
                tracing::info!(people, parts, failed, lines, "what was past its time is erased");
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "what is past its time could not be erased"),
        }
        if !idle && let Err(error) = store.rewritten().await {
            tracing::warn!(%error, "the database could not be written anew: copies of what was erased may lie in it");
        }
        // By a clock that nobody sets.
        tokio::time::sleep(HOUR).await;
    }
}
