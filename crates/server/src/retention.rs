//! What is past its time goes, once a day.

use std::time::Duration;

use domain::id::TerritoryId;

use crate::clock;
use crate::store::Store;

/// From the end of a run to the next. The first one comes with the server: what a stop cut short goes on then.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Erases what is past its time, each day, until the database is closed.
pub async fn every_day(store: Store, territory: TerritoryId) {
    loop {
        match store.purge(territory, clock::now()).await {
            Ok(purged) if purged == Default::default() => {}
            Ok(purged) => {
                let (people, failed, lines) = (purged.people, purged.failed, purged.lines);
                tracing::info!(people, failed, lines, "what was past its time is erased");
            }
            Err(error) => tracing::error!(%error, "what is past its time could not be erased"),
        }
        if let Err(error) = store.rewritten().await {
            tracing::warn!(%error, "the database could not be written anew: copies of what was erased may lie in it");
        }
        tokio::time::sleep(DAY).await;
    }
}
