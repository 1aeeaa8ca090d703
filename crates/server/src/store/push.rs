//! Receiving operations: all of a push is stored, durably, in one transaction, or nothing is.

use chrono::NaiveDate;
use domain::Timestamp;
use domain::id::{AccountId, DeviceId, TerritoryId};
use domain::people::Role;
use sync::Operation;
use sync::protocol::{Fate, Pushed};

use super::batch::Batch;
use super::{AsStoreError, Store, StoreError, arrived, device, operation, sequence};

/// Who speaks, as the device token says.
#[derive(Clone, Debug)]
pub struct Caller {
    pub territory: TerritoryId,
    pub account: AccountId,
    pub device: DeviceId,
    pub roles: Vec<Role>,
}

/// Why a push was not stored.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another device's operation bears this identifier: no honest device draws one twice.
    #[error("operation {0} bears an identifier already used by another device")]
    Taken(usize),
}

impl From<sqlx::Error> for PushError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl AsStoreError for PushError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Taken(_) => None,
        }
    }
}

impl Store {
    /// Stores operations and applies those that may be. The reply may be sent once this resolves: it is on the disk. What
    /// there was no room for has no fate.
    pub async fn push(
        &self,
        caller: &Caller,
        operations: Vec<Operation>,
        now: Timestamp,
        today: NaiveDate,
    ) -> Result<Pushed, PushError> {
        let pushed = self.try_push(caller, operations, now, today).await;
        self.noted(pushed)
    }

    async fn try_push(
        &self,
        caller: &Caller,
        operations: Vec<Operation>,
        now: Timestamp,
        today: NaiveDate,
    ) -> Result<Pushed, PushError> {
        let mut transaction = self.begin().await?;
        let head = sequence::head(&mut transaction, caller.territory).await?;
        // Read here: an access that ends while the push is on its way is ended for it too.
        let revoked = device::is_over(&mut transaction, caller, now).await?;
        let mut batch = Batch::after(head.seq, &mut transaction, caller, today).await?.of_revoked(revoked);
        let mut fates = Vec::with_capacity(operations.len());
        let mut last = 0;
        for (position, operation) in operations.into_iter().enumerate() {
            if !batch.has_room(&operation).await? {
                continue;
            }
            last = last.max(operation.device_seq);
            fates.push((operation.op_id, batch.receive(position, operation, now).await?));
        }
        let received = batch.flush().await?;
        let before = received.seq;
        let received = arrived::judge_again(&mut transaction, caller.territory, head.seq, received, today).await?;
        if received.seq > before {
            // What waited behind may be applied already: it is said as it now is.
            for (op_id, fate) in fates.iter_mut().filter(|(_, fate)| matches!(fate, Fate::Quarantined { .. })) {
                let held = operation::held(&mut transaction, caller.territory, *op_id).await?;
                *fate = held.map_or(fate.clone(), |held| held.fate);
            }
        }
        let last_device_seq: i64 = sqlx::query_scalar(
            "UPDATE device SET last_device_seq = max(last_device_seq, ?) WHERE territory = ? AND device = ?
             RETURNING last_device_seq",
        )
        .bind(last.cast_signed())
        .bind(caller.territory.to_string())
        .bind(caller.device.to_string())
        .fetch_one(&mut *transaction)
        .await?;
        sequence::draw(&mut transaction, caller.territory, head.seq, received.seq).await?;
        self.list_erased(received.erased).await?;
        transaction.commit().await?;
        Ok(Pushed {
            fates,
            last_device_seq: last_device_seq.cast_unsigned(),
            epoch: head.epoch,
            backed_up_seq: head.backed_up_seq,
            server_time: now,
        })
    }
}
