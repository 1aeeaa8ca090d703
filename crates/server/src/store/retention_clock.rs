//! The time that the purge believes. A machine whose clock is years ahead would find everybody past her time, and an erasure
//! is for good: the database keeps how far time went while a server ran, and it goes forward by little.

use domain::Timestamp;
use domain::id::TerritoryId;

use super::{Store, StoreError};

/// How far beyond the time kept is believed, in milliseconds. Our own choice: a clock that is wrong is seen within hours, and
/// what a server that stood still for months has missed is caught up within days.
const STEP_MS: i64 = 86_400_000;

/// Why the time is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Somebody typed a command, perhaps again and again: the time kept is the latest that is believed.
    Typed,
    /// A server starts, perhaps again and again: nothing is kept of it, unless nothing was kept yet.
    Started,
    /// A whole hour went by, by a clock that nobody sets, since the same server asked.
    Hour,
}

impl Store {
    /// The time to believe when the machine says `now`: never more than a day after the one kept, which follows by a day an
    /// hour at most and never goes back.
    pub async fn believed(&self, territory: TerritoryId, now: Timestamp, wake: Wake) -> Result<Timestamp, StoreError> {
        let believed = self.try_believed(territory, now, wake).await;
        self.noted(believed)
    }

    async fn try_believed(&self, territory: TerritoryId, now: Timestamp, wake: Wake) -> Result<Timestamp, StoreError> {
        let mut transaction = self.begin().await?;
        let kept: Option<i64> = sqlx::query_scalar("SELECT at FROM retention_clock WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_optional(&mut *transaction)
            .await?;
        let step = if wake == Wake::Typed { 0 } else { STEP_MS };
        // A server keeps the first time it knows, before anybody can confirm a duration.
        let believed = kept.map_or(now.0, |kept| now.0.min(kept.saturating_add(step)));
        if wake == Wake::Hour || (wake == Wake::Started && kept.is_none()) {
            sqlx::query(
                "INSERT INTO retention_clock (territory, at) VALUES (?, ?)
                 ON CONFLICT (territory) DO UPDATE SET at = max(at, excluded.at)",
            )
            .bind(territory.to_string())
            .bind(believed)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
        }
        Ok(Timestamp(believed))
    }
}
