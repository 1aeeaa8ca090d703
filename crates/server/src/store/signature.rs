//! Who wrote an operation, on which device and when, as a colleague may read it.

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, TerritoryId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::{Sequenced, Signature};

use super::{StoreError, parsed};

/// Whoever holds a device: what all her operations are signed with.
#[derive(Clone, Debug)]
pub struct Signer {
    name: String,
    profession: String,
    device: String,
}

impl Signer {
    /// Who signs with this device.
    pub async fn of(
        transaction: &mut SqliteConnection,
        territory: TerritoryId,
        device: DeviceId,
    ) -> Result<Self, StoreError> {
        let row = sqlx::query(
            "SELECT account.name AS author_name, account.profession, device.name AS device_name FROM device
             JOIN account ON account.territory = device.territory AND account.account = device.account
             WHERE device.territory = ? AND device.device = ?",
        )
        .bind(territory.to_string())
        .bind(device.to_string())
        .fetch_one(transaction)
        .await?;
        let (name, profession, device) = names(&row);
        Ok(Self { name, profession, device })
    }

    /// Signs one of her operations.
    pub fn sign(&self, sequenced: &Sequenced) -> Signature {
        let Self { name, profession, device } = self.clone();
        let (author, at) = (sequenced.author, sequenced.operation.device_time);
        Signature { author, name, profession, device, at, received_at: sequenced.received_at }
    }
}

/// Who wrote an operation of the log.
pub async fn signature_of(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    op_id: OpId,
) -> Result<Option<Signature>, StoreError> {
    let row = sqlx::query(
        "SELECT operation.author, operation.received_at, json_extract(operation.body, '$.device_time') AS written_at,
         account.name AS author_name, account.profession, device.name AS device_name FROM operation
         JOIN account ON account.territory = operation.territory AND account.account = operation.author
         JOIN device ON device.territory = operation.territory AND device.device = operation.device
         WHERE operation.territory = ? AND operation.op_id = ?",
    )
    .bind(territory.to_string())
    .bind(op_id.to_string())
    .fetch_optional(transaction)
    .await?;
    row.as_ref().map(signature).transpose()
}

/// Reads a row that holds `author`, `author_name`, `profession`, `device_name`, `written_at` and `received_at`.
pub fn signature(row: &SqliteRow) -> Result<Signature, StoreError> {
    let author: AccountId = parsed(row.get("author"))?;
    let (name, profession, device) = names(row);
    let (at, received_at) = (Timestamp(row.get("written_at")), Timestamp(row.get("received_at")));
    Ok(Signature { author, name, profession, device, at, received_at })
}

fn names(row: &SqliteRow) -> (String, String, String) {
    (row.get("author_name"), row.get("profession"), row.get("device_name"))
}
