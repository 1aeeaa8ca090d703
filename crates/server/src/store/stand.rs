//! Stands: devices that write for a day and read nothing. All of a territory write under one account, which nobody signs in
//! as; what each begins belongs to whoever opened it.

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, TerritoryId};
use domain::people::Role;
use serde::{Deserialize, Serialize};
use sqlx::{Row, SqliteConnection};
use sync::DeviceSeq;
use sync::protocol::Sealed;
use sync::protocol::access::StandLine;
use uuid::Uuid;

use super::account::{self, account};
use super::{Account, NewAccount, Store, StoreError, parsed, territory};
use crate::secret;

/// Login of the account of all stands; numbered when somebody bears it.
const LOGIN: &str = "stand";

/// A stand as its browser holds it, sealed to the server: the token, and what a server restored from a backup made before
/// the stand was opened needs to know it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    pub device: DeviceId,
    pub token: String,
    pub name: String,
    pub opened_by: AccountId,
    pub opened_at: Timestamp,
    pub until: Timestamp,
}

impl Store {
    /// Writes a stand, if it is not there, and answers the account under which it writes. `None`: nobody here could have
    /// opened it.
    pub async fn put_stand(
        &self,
        territory: TerritoryId,
        pass: &Pass,
        volunteers: &[String],
    ) -> Result<Option<Account>, StoreError> {
        let done = self.try_put_stand(territory, pass, volunteers).await;
        self.noted(done)
    }

    async fn try_put_stand(
        &self,
        territory: TerritoryId,
        pass: &Pass,
        volunteers: &[String],
    ) -> Result<Option<Account>, StoreError> {
        let mut transaction = self.begin().await?;
        let opener: Option<i64> = sqlx::query_scalar("SELECT 1 FROM account WHERE territory = ? AND account = ?")
            .bind(territory.to_string())
            .bind(pass.opened_by.to_string())
            .fetch_optional(&mut *transaction)
            .await?;
        if opener.is_none() {
            return Ok(None);
        }
        let writer = writer(&mut transaction, territory, pass.opened_at).await?;
        // As any device, it has those days to come back to the network; later, a person looks at what it brings first.
        let days = territory::exchange_days(&mut transaction, territory).await?;
        let expires = pass.until.0.saturating_add(i64::from(days) * 86_400_000);
        sqlx::query(
            "INSERT INTO device
             (territory, device, account, name, token_hash, recovery_key, enrolled_at, seen_at, expires_at)
             VALUES (?, ?, ?, ?, ?, '', ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(territory.to_string())
        .bind(pass.device.to_string())
        .bind(writer.id.to_string())
        .bind(&pass.name)
        .bind(secret::token_hash(&pass.token))
        .bind(pass.opened_at.0)
        .bind(pass.opened_at.0)
        .bind(expires)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO stand (territory, device, name, volunteers, opened_by, opened_at, until)
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(territory.to_string())
        .bind(pass.device.to_string())
        .bind(&pass.name)
        .bind(serde_json::to_string(volunteers).map_err(|_| StoreError::Corrupt("volunteers"))?)
        .bind(pass.opened_by.to_string())
        .bind(pass.opened_at.0)
        .bind(pass.until.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(writer))
    }

    /// The stands, newest first: all, or those one account opened.
    pub async fn stands(
        &self,
        territory: TerritoryId,
        opened_by: Option<AccountId>,
    ) -> Result<Vec<StandLine>, StoreError> {
        // Its operations are numbered without gap and sent in order: the highest number is how many came.
        sqlx::query(
            "SELECT stand.device, stand.name, stand.opened_at, stand.until, stand.closed_at,
             account.name AS opener, device.last_device_seq FROM stand
             JOIN account ON account.territory = stand.territory AND account.account = stand.opened_by
             JOIN device ON device.territory = stand.territory AND device.device = stand.device
             WHERE stand.territory = ? AND stand.opened_by = COALESCE(?, stand.opened_by)
             ORDER BY stand.opened_at DESC, stand.device",
        )
        .bind(territory.to_string())
        .bind(opened_by.map(|account| account.to_string()))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(|row| {
            Ok(StandLine {
                device: parsed(row.get("device"))?,
                name: row.get("name"),
                opened_by: row.get("opener"),
                opened_at: Timestamp(row.get("opened_at")),
                until: Timestamp(row.get("until")),
                closed_at: row.get::<Option<i64>, _>("closed_at").map(Timestamp),
                received: row.get::<i64, _>("last_device_seq").cast_unsigned(),
            })
        })
        .collect()
    }

    /// Closes a stand from afar: what it sends from then on is received, and waits for a person. `opened_by`: only if she
    /// opened it. False when there is none.
    pub async fn close_stand(
        &self,
        territory: TerritoryId,
        device: DeviceId,
        opened_by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let statement = sqlx::query(
            "UPDATE stand SET closed_at = COALESCE(closed_at, ?)
             WHERE territory = ? AND device = ? AND opened_by = COALESCE(?, opened_by)",
        )
        .bind(now.0)
        .bind(territory.to_string())
        .bind(device.to_string())
        .bind(opened_by.map(|account| account.to_string()));
        self.changed(statement).await
    }

    /// Puts away, as they came, seals that cannot be read. Answers the numbers that are held, and the highest the device
    /// ever sent: where another seal is held under a number, the device keeps its own.
    pub async fn put_aside(
        &self,
        territory: TerritoryId,
        device: DeviceId,
        seals: &[(DeviceSeq, Sealed)],
        now: Timestamp,
    ) -> Result<(Vec<DeviceSeq>, DeviceSeq), StoreError> {
        let done = self.try_put_aside(territory, device, seals, now).await;
        self.noted(done)
    }

    async fn try_put_aside(
        &self,
        territory: TerritoryId,
        device: DeviceId,
        seals: &[(DeviceSeq, Sealed)],
        now: Timestamp,
    ) -> Result<(Vec<DeviceSeq>, DeviceSeq), StoreError> {
        let mut transaction = self.begin().await?;
        let mut held = Vec::with_capacity(seals.len());
        for (device_seq, sealed) in seals {
            let body = serde_json::to_string(sealed).map_err(|_| StoreError::Corrupt("seal"))?;
            // Written again only where it is the same.
            let kept = sqlx::query(
                "INSERT INTO sealed_aside (territory, device, device_seq, body, received_at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (territory, device, device_seq) DO UPDATE SET body = excluded.body
                 WHERE body = excluded.body",
            )
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(device_seq.cast_signed())
            .bind(body)
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
            held.extend((kept.rows_affected() == 1).then_some(*device_seq));
        }
        let last: i64 = sqlx::query_scalar(
            "UPDATE device SET last_device_seq = max(last_device_seq, ?) WHERE territory = ? AND device = ?
             RETURNING last_device_seq",
        )
        .bind(held.iter().max().map_or(0, |last| last.cast_signed()))
        .bind(territory.to_string())
        .bind(device.to_string())
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok((held, last.cast_unsigned()))
    }
}

/// Who opened the stand of this device, inside a transaction.
pub async fn opener(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
) -> Result<Option<AccountId>, StoreError> {
    let opener: Option<String> = sqlx::query_scalar("SELECT opened_by FROM stand WHERE territory = ? AND device = ?")
        .bind(territory.to_string())
        .bind(device.to_string())
        .fetch_optional(transaction)
        .await?;
    opener.map(|opener| parsed(&opener)).transpose()
}

/// The account under which stands write, made with the first of them.
async fn writer(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    now: Timestamp,
) -> Result<Account, StoreError> {
    let row = sqlx::query(
        "SELECT account.* FROM stand
         JOIN device ON device.territory = stand.territory AND device.device = stand.device
         JOIN account ON account.territory = device.territory AND account.account = device.account
         WHERE stand.territory = ? LIMIT 1",
    )
    .bind(territory.to_string())
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(row) = row {
        return account(&row);
    }
    for login in [LOGIN.to_owned(), format!("{LOGIN}-{}", Uuid::new_v4())] {
        let new = NewAccount {
            login,
            name: "Stand".into(),
            profession: "Session de stand".into(),
            roles: vec![Role::StandSession],
            rpps: None,
            // Not a hash: no password is this one.
            password_hash: String::new(),
        };
        if let Ok(id) = account::insert(transaction, territory, &new).await? {
            let row = sqlx::query("UPDATE account SET disabled_at = ? WHERE territory = ? AND account = ? RETURNING *")
                .bind(now.0)
                .bind(territory.to_string())
                .bind(id.to_string())
                .fetch_one(transaction)
                .await?;
            return account(&row);
        }
    }
    Err(StoreError::Corrupt("login"))
}
