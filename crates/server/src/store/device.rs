//! Browsers enrolled by an account.

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, TerritoryId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::account::account;
use super::{Account, Store, StoreError, parsed};
use crate::secret;

/// How long a device exchanges after a full sign-in.
const DAYS: i64 = 30;

/// A device as its token finds it, with its account.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: DeviceId,
    pub account: Account,
    pub expires_at: Timestamp,
    pub revoked: bool,
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
    })
}

impl Store {
    /// Enrols a browser after a full sign-in. A device of the same account stays itself: same recovery key, new token.
    /// Anything else (unknown, or another account's) silently becomes a new device, unless `known` says that its database
    /// is one of this very account: a backup made before its enrolment was restored, and what it wrote bears its id.
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
        let expires = now.0.saturating_add(DAYS * 86_400_000);
        if let Some(device) = known.device {
            let mut transaction = self.write.begin().await?;
            sqlx::query(
                "INSERT INTO former_token (territory, token_hash, device)
                 SELECT territory, token_hash, device FROM device WHERE territory = ? AND device = ? AND account = ?",
            )
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(account.to_string())
            .execute(&mut *transaction)
            .await?;
            let renewed: Option<String> = sqlx::query_scalar(
                "UPDATE device SET token_hash = ?, expires_at = ?, revoked_at = NULL, name = ?
                 WHERE territory = ? AND device = ? AND account = ? RETURNING recovery_key",
            )
            .bind(secret::token_hash(&token))
            .bind(expires)
            .bind(name)
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(account.to_string())
            .fetch_optional(&mut *transaction)
            .await?;
            transaction.commit().await?;
            if let Some(recovery_key) = renewed {
                return Ok(Enrolled { device, token, recovery_key });
            }
        }
        let taken_back = known.device.filter(|_| known.account == Some(account));
        let mut enrolled = Enrolled { device: DeviceId(Uuid::new_v4()), token, recovery_key: secret::random_hex() };
        for device in taken_back.into_iter().chain([enrolled.device]) {
            enrolled.device = device;
            let inserted = sqlx::query(
                "INSERT INTO device
                 (territory, device, account, name, token_hash, recovery_key, enrolled_at, expires_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (territory, device) DO NOTHING",
            )
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(account.to_string())
            .bind(name)
            .bind(secret::token_hash(&enrolled.token))
            .bind(&enrolled.recovery_key)
            .bind(now.0)
            .bind(expires)
            .execute(&self.write)
            .await?;
            if inserted.rows_affected() == 1 {
                break;
            }
        }
        Ok(enrolled)
    }

    /// The device that holds this token, whatever its state.
    pub async fn device_by_token(&self, territory: TerritoryId, token: &str) -> Result<Option<Device>, StoreError> {
        let row = sqlx::query(
            "SELECT device.device, device.expires_at, device.revoked_at, account.* FROM device
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
            "SELECT device.device, device.expires_at, device.revoked_at, account.* FROM former_token
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

    /// Ends a device's access until its next full sign-in.
    pub async fn revoke(&self, territory: TerritoryId, device: DeviceId, now: Timestamp) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE device SET revoked_at = ? WHERE territory = ? AND device = ?")
            .bind(now.0)
            .bind(territory.to_string())
            .bind(device.to_string())
            .execute(&self.write)
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        self.noted(done)
    }
}
