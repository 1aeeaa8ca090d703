//! What a stand sends: sealed as it was written, opened here and nowhere else. Whatever cannot be read is put away as it
//! came, so that the stand lets go of it and nothing is lost. Done again, it changes nothing.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::id::{DeviceId, TerritoryId};
use domain::people::Role;
use sync::Operation;
use sync::protocol::Sealed;
use sync::protocol::access::{SealedOperation, StandPushed};

use crate::clock;
use crate::http::fitting;
use crate::seal::Secret;
use crate::store::{Caller, Pass, PushError, Store, StoreError};

/// The stand whose token this is; `None` for anything this server did not seal itself, or that nobody here opened. A stand
/// opened after the backup that was restored is written again, from what its token says.
pub async fn recognise(
    store: &Store,
    territory: TerritoryId,
    token: &Sealed,
    now: Timestamp,
) -> Result<Option<Caller>, StoreError> {
    let secret = store.seal_secret(territory, now).await?;
    let Some(pass) = secret.open_own(token).and_then(|pass| serde_json::from_slice::<Pass>(&pass).ok()) else {
        return Ok(None);
    };
    let account = match store.device_by_token(territory, &pass.token).await? {
        Some(device) if device.id == pass.device => Some(device.account),
        Some(_) => None,
        None => store.put_stand(territory, &pass, &[], None).await?,
    };
    let account = account.filter(|account| account.roles.contains(&Role::StandSession));
    Ok(account.map(|account| Caller { territory, account: account.id, device: pass.device, roles: account.roles }))
}

/// Opens and stores what a stand sealed.
pub async fn receive(
    store: &Store,
    stand: &Caller,
    operations: Vec<SealedOperation>,
    now: Timestamp,
) -> Result<StandPushed, StoreError> {
    let secret = store.seal_secret(stand.territory, now).await?;
    let (mut read, mut aside) = open(secret, stand.device, operations).await;
    let (mut received, mut last_device_seq) = (BTreeSet::new(), None);
    while !read.is_empty() {
        let operations = read.iter().map(|(operation, _)| operation.clone()).collect();
        match store.push(stand, operations, now, clock::latest_day(now)).await {
            Ok(pushed) => {
                last_device_seq = Some(pushed.last_device_seq);
                let held: BTreeSet<_> = pushed.fates.into_iter().map(|(op_id, _)| op_id).collect();
                let named = read.drain(..).filter(|(operation, _)| held.contains(&operation.op_id));
                received.extend(named.map(|(operation, _)| operation.device_seq));
            }
            // It bears the identifier of another device's: nothing can be stored under it.
            Err(PushError::Taken(position)) => {
                let (operation, sealed) = read.remove(position);
                aside.push((operation.device_seq, sealed));
            }
            Err(PushError::Store(error)) => return Err(error),
        }
    }
    let last_device_seq = match last_device_seq {
        Some(last) if aside.is_empty() => last,
        _ => {
            let (held, last) = store.put_aside(stand.territory, stand.device, &aside, now).await?;
            if !held.is_empty() {
                tracing::warn!(device = %stand.device, count = held.len(), "what a stand sealed cannot be read: put away");
            }
            received.extend(held);
            last
        }
    };
    Ok(StandPushed { received: received.into_iter().collect(), last_device_seq })
}

/// An operation with the seal it came in.
type Opened = (Operation, Sealed);

/// The operations in the order of their device, and the seals that hold none.
async fn open(secret: Secret, device: DeviceId, operations: Vec<SealedOperation>) -> (Vec<Opened>, Vec<(u64, Sealed)>) {
    let work = move || {
        let (mut read, mut aside) = (Vec::with_capacity(operations.len()), Vec::new());
        for SealedOperation { device_seq, sealed } in operations {
            match inside(&secret, device, device_seq, &sealed) {
                Some(operation) => read.push((operation, sealed)),
                None => aside.push((device_seq, sealed)),
            }
        }
        read.sort_by_key(|(operation, _)| operation.device_seq);
        (read, aside)
    };
    tokio::task::spawn_blocking(work).await.expect("opening seals does not panic")
}

fn inside(secret: &Secret, device: DeviceId, device_seq: u64, sealed: &Sealed) -> Option<Operation> {
    let content = secret.open(sealed).filter(|_| sealed.format == Sealed::FORMAT)?;
    let operation: Operation = serde_json::from_slice(&content).ok()?;
    // Its number was drawn once it was sealed.
    fitting(Operation { device_seq, ..operation }, device)
}
