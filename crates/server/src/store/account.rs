//! Those who sign in.

use domain::Timestamp;
use domain::id::{AccountId, TerritoryId};
use domain::identifiers::Rpps;
use domain::people::Role;
use domain::people::access::{self, Giving};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::{Store, StoreError, Territory, link, parsed, sight};

/// An account as the server knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub id: AccountId,
    pub login: String,
    /// « Claire Vidal »
    pub name: String,
    /// « Infirmière »
    pub profession: String,
    pub roles: Vec<Role>,
    /// By which Pro Santé Connect knows its holder.
    pub rpps: Option<Rpps>,
    /// PHC string; empty as long as no password was chosen.
    pub password_hash: String,
    /// Base32; `None`: no second factor is set up.
    pub totp_secret: Option<String>,
    /// The last step whose code was taken.
    pub totp_step: i64,
    pub disabled: bool,
}

impl Account {
    /// Whether somebody signs in with it: neither the server's own accounts nor that of the stands.
    pub fn is_a_person(&self) -> bool {
        self.roles.iter().any(|role| role.needs_second_factor())
    }

    /// Whether a person may sign in with it now, as far as its password goes.
    pub fn is_active(&self) -> bool {
        !self.disabled && !self.password_hash.is_empty()
    }

    /// Whether a second factor must be set up before it signs in here.
    pub fn lacks_second_factor(&self, territory: &Territory) -> bool {
        !territory.demo && self.is_a_person() && self.totp_secret.is_none()
    }
}

/// What an administrator says of a new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub profession: String,
    pub roles: Vec<Role>,
    pub rpps: Option<Rpps>,
    pub password_hash: String,
}

/// Why an account cannot be made: another one has this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InUse {
    Login,
    Rpps,
}

/// What became of a wish to close the door to an account, or to open it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disabling {
    Done,
    /// No person has this account.
    Unknown,
    /// Nobody would be left to administer the territory.
    LastAdministrator,
}

/// Logins are compared without case nor surrounding spaces: tablets capitalise the first letter.
pub fn normal_login(login: &str) -> String {
    login.trim().to_lowercase()
}

impl Store {
    /// The account of this login, disabled or not.
    pub async fn account_by_login(&self, territory: TerritoryId, login: &str) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM account WHERE territory = ? AND login = ?")
            .bind(territory.to_string())
            .bind(normal_login(login))
            .fetch_optional(&self.read)
            .await?
            .map(|row| account(&row))
            .transpose()
    }

    /// The account of this id, disabled or not.
    pub async fn account(&self, territory: TerritoryId, id: AccountId) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM account WHERE territory = ? AND account = ?")
            .bind(territory.to_string())
            .bind(id.to_string())
            .fetch_optional(&self.read)
            .await?
            .map(|row| account(&row))
            .transpose()
    }

    /// The account of the holder of this RPPS, disabled or not.
    pub async fn account_by_rpps(&self, territory: TerritoryId, rpps: &Rpps) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM account WHERE territory = ? AND rpps = ?")
            .bind(territory.to_string())
            .bind(rpps.as_str())
            .fetch_optional(&self.read)
            .await?
            .map(|row| account(&row))
            .transpose()
    }

    /// Gives an account its RPPS, or takes it off; false when another one has it, or when there is no such account.
    pub async fn set_rpps(
        &self,
        territory: TerritoryId,
        id: AccountId,
        rpps: Option<&Rpps>,
    ) -> Result<bool, StoreError> {
        let statement = sqlx::query("UPDATE OR IGNORE account SET rpps = ? WHERE territory = ? AND account = ?")
            .bind(rpps.map(Rpps::as_str))
            .bind(territory.to_string())
            .bind(id.to_string());
        self.changed(statement).await
    }

    /// Every account, by login.
    pub async fn accounts(&self, territory: TerritoryId) -> Result<Vec<Account>, StoreError> {
        sqlx::query("SELECT * FROM account WHERE territory = ? ORDER BY login")
            .bind(territory.to_string())
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(account)
            .collect()
    }

    /// Adds an account, unless its login or its RPPS is taken.
    pub async fn add_account(
        &self,
        territory: TerritoryId,
        new: &NewAccount,
    ) -> Result<Result<AccountId, InUse>, StoreError> {
        let mut transaction = self.begin().await?;
        let added = insert(&mut transaction, territory, new).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// Closes the door to an account, whose links are spent, or opens it again. The last administrator who has a password
    /// stays.
    pub async fn disable(
        &self,
        territory: TerritoryId,
        id: AccountId,
        disabled: bool,
        now: Timestamp,
    ) -> Result<Disabling, StoreError> {
        let done = self.try_disable(territory, id, disabled, now).await;
        self.noted(done)
    }

    async fn try_disable(
        &self,
        territory: TerritoryId,
        id: AccountId,
        disabled: bool,
        now: Timestamp,
    ) -> Result<Disabling, StoreError> {
        let mut transaction = self.begin().await?;
        let rows = sqlx::query("SELECT * FROM account WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_all(&mut *transaction)
            .await?;
        let accounts = rows.iter().map(account).collect::<Result<Vec<_>, _>>()?;
        if !accounts.iter().any(|account| account.id == id && account.is_a_person()) {
            return Ok(Disabling::Unknown);
        }
        let administers = |account: &Account| account.is_active() && account.roles.contains(&Role::Administrator);
        let (mut them, mut others) = (false, false);
        for account in accounts.iter().filter(|account| administers(account)) {
            them |= account.id == id;
            others |= account.id != id;
        }
        if disabled && them && !others {
            return Ok(Disabling::LastAdministrator);
        }
        let since = disabled.then_some(now.0);
        sqlx::query(
            "UPDATE account SET disabled_at = CASE WHEN ? THEN COALESCE(disabled_at, ?) END
             WHERE territory = ? AND account = ?",
        )
        .bind(disabled)
        .bind(since)
        .bind(territory.to_string())
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        link::spend(&mut transaction, territory, id, now).await?;
        transaction.commit().await?;
        Ok(Disabling::Done)
    }
}

/// Adds an account, unless its login or its RPPS is taken.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    new: &NewAccount,
) -> Result<Result<AccountId, InUse>, StoreError> {
    if let Some(rpps) = &new.rpps {
        let held = sqlx::query("SELECT 1 FROM account WHERE territory = ? AND rpps = ?")
            .bind(territory.to_string())
            .bind(rpps.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        if held.is_some() {
            return Ok(Err(InUse::Rpps));
        }
    }
    let id = AccountId(Uuid::new_v4());
    let roles = serde_json::to_string(&new.roles).map_err(|_| StoreError::Corrupt("roles"))?;
    let added = sqlx::query(
        "INSERT INTO account (territory, account, login, name, profession, roles, rpps, password_hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (territory, login) DO NOTHING",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .bind(normal_login(&new.login))
    .bind(&new.name)
    .bind(&new.profession)
    .bind(roles)
    .bind(new.rpps.as_ref().map(Rpps::as_str))
    .bind(&new.password_hash)
    .execute(&mut *connection)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(Err(InUse::Login));
    }
    sight::welcome(connection, territory, id, &new.roles).await?;
    Ok(Ok(id))
}

/// Whether a person may be shared with this account now.
pub(super) async fn may_follow(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    id: AccountId,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT * FROM account WHERE territory = ? AND account = ?")
        .bind(territory.to_string())
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    let account = row.map(|row| account(&row)).transpose()?;
    Ok(account.is_some_and(|account| !account.disabled && access::may_follow(&account.roles)))
}

/// Whether somebody who has this account can do nothing with it any more.
pub(super) async fn is_closed(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    id: AccountId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM account WHERE territory = ? AND account = ? AND disabled_at IS NOT NULL)",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .fetch_one(connection)
    .await?)
}

/// What becomes of those whom this account shares; an account that is not there keeps what it shares.
pub(super) async fn giving(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    id: AccountId,
) -> Result<Giving, StoreError> {
    let roles: Option<String> = sqlx::query_scalar("SELECT roles FROM account WHERE territory = ? AND account = ?")
        .bind(territory.to_string())
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    let Some(roles) = roles else { return Ok(Giving::Shares) };
    let roles: Vec<Role> = serde_json::from_str(&roles).map_err(|_| StoreError::Corrupt("roles"))?;
    Ok(Giving::of(&roles))
}

pub(super) fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: parsed(row.get("account"))?,
        login: row.get("login"),
        name: row.get("name"),
        profession: row.get("profession"),
        roles: serde_json::from_str(row.get("roles")).map_err(|_| StoreError::Corrupt("roles"))?,
        rpps: row.get::<Option<&str>, _>("rpps").map(parsed).transpose()?,
        password_hash: row.get("password_hash"),
        totp_secret: row.get("totp_secret"),
        totp_step: row.get("totp_step"),
        disabled: row.get::<Option<i64>, _>("disabled_at").is_some(),
    })
}
