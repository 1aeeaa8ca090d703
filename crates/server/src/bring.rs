//! An outbox carried by hand: opened, attributed to the account of the token inside, and stored in order, as a push
//! would be. Done again, it changes nothing.

use domain::Timestamp;
use domain::id::{DeviceId, TerritoryId};
use serde::Deserialize;
use serde_json::value::RawValue;
use sync::Operation;
use sync::protocol::{Brought, Fate, MAX_OPERATIONS, Sealed};

use crate::clock;
use crate::http::readable;
use crate::store::{Caller, PushError, Store, StoreError};

/// Why nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum BringError {
    #[error("this is not a sealed outbox")]
    Unreadable,
    #[error("the seal does not open: altered, or made for another server")]
    Closed,
    #[error("the token inside is not the one of a device of this server")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// As [`sync::protocol::Export`], each operation left as text: one that cannot be read does not hold back the others.
#[derive(Deserialize)]
struct Inside<'a> {
    token: String,
    #[serde(borrow)]
    operations: Vec<&'a RawValue>,
}

/// Stores what is sealed in a text. The device may be expired or revoked, its account closed: what was written before
/// is never refused, and it is judged like anything else.
pub async fn bring(store: &Store, territory: TerritoryId, text: &[u8], now: Timestamp) -> Result<Brought, BringError> {
    let sealed: Sealed = serde_json::from_slice(text).map_err(|_| BringError::Unreadable)?;
    if sealed.format != Sealed::FORMAT {
        return Err(BringError::Unreadable);
    }
    let content = store.seal_secret(territory, now).await?.open(&sealed).ok_or(BringError::Closed)?;
    let inside: Inside<'_> = serde_json::from_slice(&content).map_err(|_| BringError::Unreadable)?;
    let device = store.device_once(territory, &inside.token).await?.ok_or(BringError::Unknown)?;
    let caller = Caller { territory, account: device.account.id, device: device.id, roles: device.account.roles };

    let (operations, unread) = read(&inside.operations, device.id);
    let mut brought = Brought { received: 0, known: 0, set_aside: unread };
    for batch in operations.chunks(MAX_OPERATIONS) {
        store_batch(store, &caller, batch.to_vec(), now, &mut brought).await?;
    }
    tracing::info!(account = %caller.account, device = %caller.device, ?brought, "an outbox was brought back");
    Ok(brought)
}

/// The operations in the order of their device, and how many cannot be read. Those stay set aside where they were made.
fn read(texts: &[&RawValue], device: DeviceId) -> (Vec<Operation>, u64) {
    let mut operations: Vec<_> = texts.iter().filter_map(|text| readable(text, device)).collect();
    operations.sort_by_key(|operation| operation.device_seq);
    let unread = texts.len() - operations.len();
    (operations, unread as u64)
}

async fn store_batch(
    store: &Store,
    caller: &Caller,
    mut batch: Vec<Operation>,
    now: Timestamp,
    brought: &mut Brought,
) -> Result<(), BringError> {
    while !batch.is_empty() {
        let before = store.sequence(caller.territory).await?;
        match store.push(caller, batch.clone(), now, clock::latest_day(now)).await {
            Ok(pushed) => {
                // What is told of consultations is no entry, and was not counted when the file was made.
                let entries = batch.iter().zip(pushed.fates).filter(|(operation, _)| !operation.is_trace());
                for (_, (_, fate)) in entries {
                    let (Fate::Applied { seq }
                    | Fate::Duplicate { seq }
                    | Fate::Conflict { seq, .. }
                    | Fate::Quarantined { seq, .. }) = fate;
                    let count = match fate {
                        _ if seq <= before => &mut brought.known,
                        Fate::Quarantined { .. } => &mut brought.set_aside,
                        _ => &mut brought.received,
                    };
                    *count += 1;
                }
                return Ok(());
            }
            // It bears the identifier of another device's: nothing can be stored under it.
            Err(PushError::Taken(position)) => {
                batch.remove(position);
                brought.set_aside += 1;
            }
            Err(PushError::Store(error)) => return Err(error.into()),
        }
    }
    Ok(())
}
