//! Browsers enrolled by an account.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, TerritoryId};
use domain::people::Role;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::protocol::access::{DeviceLine, DeviceState, Neighbours};
use uuid::Uuid;

use super::account::account;
use super::{Account, Caller, Store, StoreError, parsed, territory};
use crate::secret;

/// A device is not noted as seen again before this many milliseconds: most exchanges of an idle device write nothing.
const SEEN_EVERY: i64 = 5 * 60_000;
/// Its name, where nobody gave one.
const UNNAMED: &str = "Appareil";

/// A device as its token finds it, with its account.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: DeviceId,
    pub account: Account,
    pub expires_at: Timestamp,
    /// Somebody ended its access: it hands over what waits, then wipes itself.
    pub revoked: bool,
    /// It said that it holds nothing any more.
    pub wiped: bool,
    pub seen_at: Timestamp,
}

/// What became of the wish to give a device its access back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBack {
    Done,
    /// It holds nothing any more: whoever comes back to this browser enrols it anew.
    Wiped,
    /// No such device, or not one the asker may speak for.
    Unknown,
}

/// What a browser says of the database it already holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    pub device: Option<DeviceId>,
    pub account: Option<AccountId>,
}

/// What a device receives at enrolment.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub device: DeviceId,
    pub token: String,
    pub recovery_key: String,
}

fn device(row: &SqliteRow) -> Result<Device, StoreError> {
    Ok(Device {
        id: parsed(row.get("device"))?,
        account: account(row)?,
        expires_at: Timestamp(row.get("expires_at")),
        revoked: row.get::<Option<i64>, _>("revoked_at").is_some(),
        wiped: row.get::<Option<i64>, _>("wiped_at").is_some(),
        seen_at: Timestamp(row.get("seen_at")),
    })
}

impl Store {
    /// Enrols a browser after a full sign-in. A device of the same account stays itself: same name, same recovery key, new
    /// token. Anything else (unknown, revoked, or another account's) silently becomes a new device, unless `known` says that
    /// its database is one of this very account: a backup made before its enrolment was restored, and what it wrote bears
    /// its id. A new device whose name its account already gave to another is numbered.
    pub async fn enrol(
        &self,
        territory: TerritoryId,
        account: AccountId,
        known: Known,
        name: &str,
        now: Timestamp,
    ) -> Result<Enrolled, StoreError> {
        let enrolled = self.try_enrol(territory, account, known, name, now).await;
        self.noted(enrolled)
    }

    async fn try_enrol(
        &self,
        territory: TerritoryId,
        account: AccountId,
        known: Known,
        name: &str,
        now: Timestamp,
    ) -> Result<Enrolled, StoreError> {
        let token = secret::random_hex();
        let mut transaction = self.begin().await?;
        let days = territory::exchange_days(&mut transaction, territory).await?;
        let expires = Timestamp(now.0.saturating_add(i64::from(days) * 86_400_000));
        if let Some(device) = known.device
            && let Some(recovery_key) =
                renew(&mut transaction, territory, account, device, &token, expires, now).await?
        {
            transaction.commit().await?;
            return Ok(Enrolled { device, token, recovery_key });
        }
        let name = free_name(&mut transaction, territory, account, name).await?;
        let taken_back = known.device.filter(|_| known.account == Some(account));
        let mut enrolled = Enrolled { device: DeviceId(Uuid::new_v4()), token, recovery_key: secret::random_hex() };
        for device in taken_back.into_iter().chain([enrolled.device]) {
            enrolled.device = device;
            let inserted = sqlx::query(
                "INSERT INTO device
                 (territory, device, account, name, token_hash, recovery_key, enrolled_at, seen_at, expires_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (territory, device) DO NOTHING",
            )
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(account.to_string())
            .bind(&name)
            .bind(secret::token_hash(&enrolled.token))
            .bind(&enrolled.recovery_key)
            .bind(now.0)
            .bind(now.0)
            .bind(expires.0)
            .execute(&mut *transaction)
            .await?;
            if inserted.rows_affected() == 1 {
                break;
            }
        }
        transaction.commit().await?;
        Ok(enrolled)
    }

    /// The device that holds this token, whatever its state.
    pub async fn device_by_token(&self, territory: TerritoryId, token: &str) -> Result<Option<Device>, StoreError> {
        let row = sqlx::query(
            "SELECT device.device, device.expires_at, device.revoked_at, device.wiped_at, device.seen_at, account.* FROM device
             JOIN account ON account.territory = device.territory AND account.account = device.account
             WHERE device.territory = ? AND device.token_hash = ?",
        )
        .bind(territory.to_string())
        .bind(secret::token_hash(token))
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| device(&row)).transpose()
    }

    /// The device that holds this token or once held it: what it sealed before a later sign-in is still its own.
    pub async fn device_once(&self, territory: TerritoryId, token: &str) -> Result<Option<Device>, StoreError> {
        if let Some(device) = self.device_by_token(territory, token).await? {
            return Ok(Some(device));
        }
        let row = sqlx::query(
            "SELECT device.device, device.expires_at, device.revoked_at, device.wiped_at, device.seen_at, account.* FROM former_token
             JOIN device ON device.territory = former_token.territory AND device.device = former_token.device
             JOIN account ON account.territory = device.territory AND account.account = device.account
             WHERE former_token.territory = ? AND former_token.token_hash = ?",
        )
        .bind(territory.to_string())
        .bind(secret::token_hash(token))
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| device(&row)).transpose()
    }

    /// The devices of one account, or of all: by account, the one that asks first, then the last seen.
    pub async fn devices_of(
        &self,
        territory: TerritoryId,
        account: Option<AccountId>,
        asking: DeviceId,
        now: Timestamp,
    ) -> Result<Vec<(AccountId, DeviceLine)>, StoreError> {
        sqlx::query(
            "SELECT account, device, name, enrolled_at, seen_at, expires_at, revoked_at, wiped_at FROM device
             WHERE territory = ? AND account = COALESCE(?, account)
             ORDER BY account, device = ? DESC, seen_at DESC, device",
        )
        .bind(territory.to_string())
        .bind(account.map(|account| account.to_string()))
        .bind(asking.to_string())
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(|row| Ok((parsed(row.get("account"))?, line(row, asking, now)?)))
        .collect()
    }

    /// Names a device of this account; false when there is none.
    pub async fn name_device(
        &self,
        territory: TerritoryId,
        account: AccountId,
        device: DeviceId,
        name: &str,
    ) -> Result<bool, StoreError> {
        let statement = sqlx::query("UPDATE device SET name = ? WHERE territory = ? AND device = ? AND account = ?")
            .bind(name)
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(account.to_string());
        self.changed(statement).await
    }

    /// Ends a device's access, for good unless it is given back. `account`: only if the device is hers. False when there is
    /// none.
    pub async fn revoke(
        &self,
        territory: TerritoryId,
        device: DeviceId,
        account: Option<AccountId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let statement = sqlx::query(
            "UPDATE device SET revoked_at = COALESCE(revoked_at, ?)
             WHERE territory = ? AND device = ? AND account = COALESCE(?, account)",
        )
        .bind(now.0)
        .bind(territory.to_string())
        .bind(device.to_string())
        .bind(account.map(|account| account.to_string()));
        self.changed(statement).await
    }

    /// Gives a device its access back, as long as it may still hold something. `account`: only if the device is hers.
    pub async fn give_back(
        &self,
        territory: TerritoryId,
        device: DeviceId,
        account: Option<AccountId>,
    ) -> Result<GivenBack, StoreError> {
        let given = sqlx::query_scalar::<_, bool>(
            "UPDATE device SET revoked_at = CASE WHEN wiped_at IS NULL THEN NULL ELSE revoked_at END
             WHERE territory = ? AND device = ? AND account = COALESCE(?, account) RETURNING wiped_at IS NULL",
        )
        .bind(territory.to_string())
        .bind(device.to_string())
        .bind(account.map(|account| account.to_string()))
        .fetch_optional(&self.write)
        .await
        .map_err(StoreError::from);
        Ok(match self.noted(given)? {
            Some(true) => GivenBack::Done,
            Some(false) => GivenBack::Wiped,
            None => GivenBack::Unknown,
        })
    }

    /// A revoked device holds nothing any more. Said again, it changes nothing; false when it has its access.
    pub async fn wiped(&self, territory: TerritoryId, device: DeviceId, now: Timestamp) -> Result<bool, StoreError> {
        let statement = sqlx::query(
            "UPDATE device SET wiped_at = COALESCE(wiped_at, ?)
             WHERE territory = ? AND device = ? AND revoked_at IS NOT NULL",
        )
        .bind(now.0)
        .bind(territory.to_string())
        .bind(device.to_string());
        self.changed(statement).await
    }

    /// A device that signs out exchanges no more until its next full sign-in.
    pub async fn sign_out(&self, territory: TerritoryId, device: DeviceId, now: Timestamp) -> Result<(), StoreError> {
        let statement =
            sqlx::query("UPDATE device SET expires_at = min(expires_at, ?) WHERE territory = ? AND device = ?")
                .bind(now.0)
                .bind(territory.to_string())
                .bind(device.to_string());
        self.changed(statement).await.map(drop)
    }

    /// Notes that a device was heard of, if that was not just done. An exchange does not wait for it, nor fails with it.
    pub fn heard_of(&self, territory: TerritoryId, device: &Device, now: Timestamp) {
        if now.0.saturating_sub(device.seen_at.0) < SEEN_EVERY {
            return;
        }
        let (store, device) = (self.clone(), device.id);
        tokio::spawn(async move {
            let statement =
                sqlx::query("UPDATE device SET seen_at = max(seen_at, ?) WHERE territory = ? AND device = ?")
                    .bind(now.0)
                    .bind(territory.to_string())
                    .bind(device.to_string());
            if let Err(error) = store.changed(statement).await {
                tracing::warn!(%error, "a device is not noted as seen");
            }
        });
    }

    /// Whose each of these devices is, by exact id; an empty name for those that are unknown.
    pub async fn neighbours(&self, territory: TerritoryId, devices: &[DeviceId]) -> Result<Neighbours, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let mut named = Vec::with_capacity(devices.len());
        for device in devices {
            let name: Option<String> = sqlx::query_scalar(
                "SELECT account.name FROM device
                 JOIN account ON account.territory = device.territory AND account.account = device.account
                 WHERE device.territory = ? AND device.device = ?",
            )
            .bind(territory.to_string())
            .bind(device.to_string())
            .fetch_optional(&mut *snapshot)
            .await?;
            named.push((*device, name.unwrap_or_default()));
        }
        Ok(Neighbours { devices: named })
    }
}

/// Whether a person must look at what a device sends before it is applied, inside the transaction that receives it: it was
/// revoked, or it is a stand that was closed from afar, its telephone lost, or that comes back long after its day. Any
/// other that has expired was let in by somebody.
pub async fn is_over(transaction: &mut SqliteConnection, caller: &Caller, now: Timestamp) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT COALESCE(device.revoked_at, stand.closed_at) AS ended_at, device.expires_at FROM device
         LEFT JOIN stand ON stand.territory = device.territory AND stand.device = device.device
         WHERE device.territory = ? AND device.device = ?",
    )
    .bind(caller.territory.to_string())
    .bind(caller.device.to_string())
    .fetch_one(transaction)
    .await?;
    let late = caller.roles.contains(&Role::StandSession) && row.get::<i64, _>("expires_at") <= now.0;
    Ok(late || row.get::<Option<i64>, _>("ended_at").is_some())
}

/// Gives a device of this account a new token; answers its recovery key. A revoked one never gets its access back this way.
async fn renew(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    device: DeviceId,
    token: &str,
    expires: Timestamp,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    sqlx::query(
        "INSERT INTO former_token (territory, token_hash, device) SELECT territory, token_hash, device FROM device
         WHERE territory = ? AND device = ? AND account = ? AND revoked_at IS NULL",
    )
    .bind(territory.to_string())
    .bind(device.to_string())
    .bind(account.to_string())
    .execute(&mut *transaction)
    .await?;
    Ok(sqlx::query_scalar(
        "UPDATE device SET token_hash = ?, expires_at = ?, seen_at = ?
         WHERE territory = ? AND device = ? AND account = ? AND revoked_at IS NULL RETURNING recovery_key",
    )
    .bind(secret::token_hash(token))
    .bind(expires.0)
    .bind(now.0)
    .bind(territory.to_string())
    .bind(device.to_string())
    .bind(account.to_string())
    .fetch_optional(transaction)
    .await?)
}

/// The name wished, numbered when a device of the account bears it: « iPad », « iPad 2 ».
async fn free_name(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    wished: &str,
) -> Result<String, StoreError> {
    let taken: BTreeSet<String> = sqlx::query_scalar::<_, String>(
        "SELECT name FROM device WHERE territory = ? AND account = ? AND wiped_at IS NULL",
    )
    .bind(territory.to_string())
    .bind(account.to_string())
    .fetch_all(transaction)
    .await?
    .into_iter()
    .collect();
    let wished = if wished.is_empty() { UNNAMED } else { wished };
    let mut name = wished.to_owned();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{wished} {number}");
        number += 1;
    }
    Ok(name)
}

fn line(row: &SqliteRow, asking: DeviceId, now: Timestamp) -> Result<DeviceLine, StoreError> {
    let id: DeviceId = parsed(row.get("device"))?;
    let expires_at = Timestamp(row.get("expires_at"));
    let noted = |name: &str| row.get::<Option<i64>, _>(name).is_some();
    let state = match (noted("wiped_at"), noted("revoked_at")) {
        (true, _) => DeviceState::Wiped,
        (false, true) => DeviceState::Revoked,
        _ if expires_at <= now => DeviceState::Expired,
        _ => DeviceState::Open,
    };
    Ok(DeviceLine {
        id,
        name: row.get("name"),
        this: id == asking,
        enrolled_at: Timestamp(row.get("enrolled_at")),
        seen_at: Timestamp(row.get("seen_at")),
        expires_at,
        state,
    })
}
