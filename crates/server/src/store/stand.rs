//! Stands: devices that write for a day and read nothing. All of a territory write under one account, which nobody signs in
//! as; what each begins belongs to whoever opened it.

use domain::form::Kind;
use domain::id::{AccountId, DeviceId, RecordId, TerritoryId};
use domain::people::Role;
use domain::programme::RecordKind;
use domain::{Fields, Timestamp, programmes};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::protocol::Sealed;
use sync::protocol::access::StandLine;
use sync::{DeviceSeq, Operation, Record};
use uuid::Uuid;

use super::account::{self, account};
use super::{Account, NewAccount, Store, StoreError, operation, parsed, record, territory};
use crate::secret;

/// Bytes that the telephone of somebody who signs herself up may send, at most: some hundred answers and as many changes of
/// mind, and as much that cannot be read. Anybody may photograph the code of a stand.
const LONGEST_VISIT: i64 = 512 * 1024;

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
    /// The record it is held for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<RecordId>,
    /// The stand whose code somebody scanned: this one is hers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<DeviceId>,
}

/// A stand that lets those who pass sign themselves up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inviting {
    pub device: DeviceId,
    pub name: String,
    pub opened_by: AccountId,
    pub venue: RecordId,
}

/// A record a stand is held for, with those it points to.
#[derive(Clone, Debug)]
pub struct Venue {
    pub kind: &'static RecordKind,
    /// The record itself first.
    pub known: Vec<(RecordId, String, Fields)>,
}

impl Store {
    /// Writes a stand, if it is not there, and answers the account under which it writes. `None`: nobody here could have
    /// opened it. `invitation`: the token it shows, and until when.
    pub async fn put_stand(
        &self,
        territory: TerritoryId,
        pass: &Pass,
        volunteers: &[String],
        invitation: Option<(&str, Timestamp)>,
    ) -> Result<Option<Account>, StoreError> {
        let done = self.try_put_stand(territory, pass, volunteers, invitation).await;
        self.noted(done)
    }

    async fn try_put_stand(
        &self,
        territory: TerritoryId,
        pass: &Pass,
        volunteers: &[String],
        invitation: Option<(&str, Timestamp)>,
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
            "INSERT INTO stand (territory, device, name, volunteers, opened_by, opened_at, until, venue, invited_by)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(territory.to_string())
        .bind(pass.device.to_string())
        .bind(&pass.name)
        .bind(serde_json::to_string(volunteers).map_err(|_| StoreError::Corrupt("volunteers"))?)
        .bind(pass.opened_by.to_string())
        .bind(pass.opened_at.0)
        .bind(pass.until.0)
        .bind(pass.venue.map(|venue| venue.to_string()))
        .bind(pass.invited_by.map(|device| device.to_string()))
        .execute(&mut *transaction)
        .await?;
        if let Some((token, until)) = invitation {
            sqlx::query("INSERT INTO invitation (territory, token_hash, device, until) VALUES (?, ?, ?, ?)")
                .bind(territory.to_string())
                .bind(secret::token_hash(token))
                .bind(pass.device.to_string())
                .bind(until.0)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(Some(writer))
    }

    /// The stand that an invitation is of; `None` whatever is wrong: unknown, over, of a stand that was closed, or whose
    /// opener has left.
    pub async fn inviting(
        &self,
        territory: TerritoryId,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Inviting>, StoreError> {
        let row = sqlx::query(
            "SELECT stand.device, stand.name, stand.opened_by, stand.venue FROM invitation
             JOIN stand ON stand.territory = invitation.territory AND stand.device = invitation.device
             JOIN account ON account.territory = stand.territory AND account.account = stand.opened_by
             WHERE invitation.territory = ? AND invitation.token_hash = ? AND invitation.until > ?
             AND stand.closed_at IS NULL AND stand.venue IS NOT NULL AND account.disabled_at IS NULL",
        )
        .bind(territory.to_string())
        .bind(secret::token_hash(token))
        .bind(now.0)
        .fetch_optional(&self.read)
        .await?;
        let read = |row: SqliteRow| {
            Ok(Inviting {
                device: parsed(row.get("device"))?,
                name: row.get("name"),
                opened_by: parsed(row.get("opened_by"))?,
                venue: parsed(row.get("venue"))?,
            })
        };
        row.map(read).transpose()
    }

    /// A record a stand may be held for: of a kind that a programme names its venue, and still there.
    pub async fn venue(&self, territory: TerritoryId, record: RecordId) -> Result<Option<Venue>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let Some(found) = record::find(&mut snapshot, territory, record).await?.map(|owned| owned.record) else {
            return Ok(None);
        };
        let kind = programmes::PROGRAMMES.iter().find(|programme| programme.venue == Some(found.kind.as_str()));
        let kind = kind.and_then(|_| programmes::kind(&found.kind));
        let Some(kind) = kind.filter(|_| !found.is_deleted() && !found.is_erased()) else { return Ok(None) };
        let fields = values(&found);
        let links: Vec<RecordId> = kind
            .form()
            .questions()
            .filter(|(_, question)| matches!(question.kind, Kind::Link(_)))
            .filter_map(|(_, question)| fields.get(question.id)?.as_str()?.parse().ok())
            .collect();
        let mut known = vec![(record, found.kind, fields)];
        for id in links {
            if let Some(owned) = record::find(&mut snapshot, territory, id).await? {
                known.push((id, owned.record.kind.clone(), values(&owned.record)));
            }
        }
        Ok(Some(Venue { kind, known }))
    }

    /// The stands that somebody opened, newest first: all, or those of one account.
    pub async fn stands(
        &self,
        territory: TerritoryId,
        opened_by: Option<AccountId>,
    ) -> Result<Vec<StandLine>, StoreError> {
        // Its operations are numbered without gap and sent in order: the highest number is how many came.
        sqlx::query(
            "SELECT stand.device, stand.name, stand.opened_at, stand.until, stand.closed_at, stand.venue,
             account.name AS opener, device.last_device_seq,
             (SELECT count(*) FROM stand AS hers
              JOIN device AS phone ON phone.territory = hers.territory AND phone.device = hers.device
              WHERE hers.territory = stand.territory AND hers.invited_by = stand.device AND phone.last_device_seq > 0)
             AS visits FROM stand
             JOIN account ON account.territory = stand.territory AND account.account = stand.opened_by
             JOIN device ON device.territory = stand.territory AND device.device = stand.device
             WHERE stand.territory = ? AND stand.opened_by = COALESCE(?, stand.opened_by) AND stand.invited_by IS NULL
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
                venue: row.get::<Option<String>, _>("venue").map(|venue| parsed(&venue)).transpose()?,
                visits: row.get::<i64, _>("visits").cast_unsigned(),
            })
        })
        .collect()
    }

    /// Closes a stand from afar, its invitation and whoever scanned it: what it sends from then on is received, and waits for
    /// a person. `opened_by`: only if she opened it. False when there is none.
    pub async fn close_stand(
        &self,
        territory: TerritoryId,
        device: DeviceId,
        opened_by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE stand SET closed_at = COALESCE(closed_at, ?)
             WHERE territory = ? AND ? IN (device, invited_by) AND opened_by = COALESCE(?, opened_by)",
        )
        .bind(now.0)
        .bind(territory.to_string())
        .bind(device.to_string())
        .bind(opened_by.map(|account| account.to_string()))
        .execute(&self.write)
        .await
        .map_err(StoreError::from);
        Ok(self.noted(done)?.rows_affected() > 0)
    }

    /// Ends a stand that was closed on its own device, and what it shows to others: nobody comes in by its code any more.
    /// Those who had come in finish, and what it wrote before goes on arriving.
    pub async fn end_stand(&self, territory: TerritoryId, device: DeviceId, now: Timestamp) -> Result<(), StoreError> {
        let done = self.try_end_stand(territory, device, now).await;
        self.noted(done)
    }

    async fn try_end_stand(&self, territory: TerritoryId, device: DeviceId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE stand SET until = min(until, ?) WHERE territory = ? AND device = ?")
            .bind(now.0)
            .bind(territory.to_string())
            .bind(device.to_string())
            .execute(&mut *transaction)
            .await?;
        sqlx::query("UPDATE invitation SET until = min(until, ?) WHERE territory = ? AND device = ?")
            .bind(now.0)
            .bind(territory.to_string())
            .bind(device.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
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
            // Written again only where it is the same; of a telephone that signs somebody up, no more than a visit holds.
            let kept = sqlx::query(
                "INSERT INTO sealed_aside (territory, device, device_seq, body, received_at)
                 SELECT territory, device, ?, ?, ? FROM stand WHERE territory = ? AND device = ?
                 AND CASE WHEN invited_by IS NULL THEN 1 ELSE ? >= length(?) + (
                   SELECT COALESCE(sum(length(held.body)), 0) FROM sealed_aside AS held
                   WHERE held.territory = stand.territory AND held.device = stand.device AND held.device_seq <> ?) END
                 ON CONFLICT (territory, device, device_seq) DO UPDATE SET body = excluded.body
                 WHERE body = excluded.body",
            )
            .bind(device_seq.cast_signed())
            .bind(&body)
            .bind(now.0)
            .bind(territory.to_string())
            .bind(device.to_string())
            .bind(LONGEST_VISIT)
            .bind(&body)
            .bind(device_seq.cast_signed())
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

fn values(record: &Record) -> Fields {
    record.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect()
}

/// Who opened the stand of this device, and whether it is the telephone of somebody who scanned its code.
pub async fn opener(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
) -> Result<Option<(AccountId, bool)>, StoreError> {
    let row = sqlx::query("SELECT opened_by, invited_by FROM stand WHERE territory = ? AND device = ?")
        .bind(territory.to_string())
        .bind(device.to_string())
        .fetch_optional(transaction)
        .await?;
    let read =
        |row: SqliteRow| Ok((parsed(row.get("opened_by"))?, row.get::<Option<String>, _>("invited_by").is_some()));
    row.map(read).transpose()
}

/// Whether this person is the one whom a telephone signs up: the first it began.
pub async fn begins(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
    person: RecordId,
) -> Result<bool, StoreError> {
    let began: String = sqlx::query_scalar(
        "UPDATE stand SET began = COALESCE(began, ?) WHERE territory = ? AND device = ? RETURNING began",
    )
    .bind(person.to_string())
    .bind(territory.to_string())
    .bind(device.to_string())
    .fetch_one(transaction)
    .await?;
    Ok(began == person.to_string())
}

/// Whether the telephone of somebody who signs herself up may still send this: all of it fits in [`LONGEST_VISIT`].
pub async fn takes(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
    operation: &Operation,
) -> Result<bool, StoreError> {
    let bytes = i64::try_from(operation::body(operation)?.len()).unwrap_or(i64::MAX);
    let done = sqlx::query("UPDATE stand SET sent = sent + ? WHERE territory = ? AND device = ? AND sent <= ?")
        .bind(bytes)
        .bind(territory.to_string())
        .bind(device.to_string())
        .bind(LONGEST_VISIT.saturating_sub(bytes))
        .execute(transaction)
        .await?;
    Ok(done.rows_affected() == 1)
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
