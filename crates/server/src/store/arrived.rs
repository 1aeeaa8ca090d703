//! What waited for a record that now exists, or for a sight of it. After a restoration devices send again what they kept, in
//! no common order: an edit may come before the creation that another device holds, a child before its parent, what a
//! colleague wrote before the share that let her. Nobody has to help.

use chrono::NaiveDate;
use domain::id::TerritoryId;
use sqlx::SqliteConnection;
use sync::Seq;
use sync::protocol::Quarantine;

use super::batch::{Batch, Received};
use super::set_aside::holder;
use super::{StoreError, quarantine, record, sight};

/// Judges again what was set aside for want of the records a transaction created, or of a sight it gave after this
/// sequence, then for want of what that brings.
pub async fn judge_again(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    mut after: Seq,
    mut received: Received,
    today: NaiveDate,
) -> Result<Received, StoreError> {
    loop {
        let waiting = if let Some(created) = received.created.pop() {
            let known = record::find(transaction, territory, created).await?;
            let common = known.is_some_and(|owned| sight::is_common(&owned.record.kind));
            quarantine::for_want_of(transaction, territory, created, common).await?
        } else if std::mem::take(&mut received.settled) {
            let given = quarantine::for_want_of_sight(transaction, territory, after).await?;
            after = received.seq;
            given
        } else {
            return Ok(received);
        };
        for (record, device) in waiting {
            let Some(author) = holder(transaction, territory, device).await? else { continue };
            let waiting = quarantine::set_aside(transaction, territory, record, device).await?;
            let mut batch = Batch::after(received.seq, transaction, &author, today).await?;
            for (operation, reason) in waiting {
                if reason.is_final() {
                    continue;
                }
                // What a revoked device sent waits for a person, not for a record.
                if reason == Quarantine::Revoked
                    || batch.again(operation).await?.is_err_and(|reason| !reason.is_final())
                {
                    break;
                }
            }
            let more = batch.flush().await?;
            received.seq = more.seq;
            received.created.extend(more.created);
            received.erased.extend(more.erased);
            received.settled |= more.settled;
        }
    }
}
