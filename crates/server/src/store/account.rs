//! Those who sign in.

use domain::Timestamp;
use domain::id::{AccountId, TerritoryId};
use domain::people::Role;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::{Store, StoreError, parsed};

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
    /// PHC string.
    pub password_hash: String,
    pub disabled: bool,
}

/// What an administrator says of a new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub profession: String,
    pub roles: Vec<Role>,
    pub password_hash: String,
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

    /// Adds an account; `None` when the login is taken.
    pub async fn add_account(&self, territory: TerritoryId, new: &NewAccount) -> Result<Option<AccountId>, StoreError> {
        let mut connection = self.write.acquire().await?;
        insert(&mut connection, territory, new).await
    }

    /// Closes the door to an account; false when there is no such login.
    pub async fn disable_account(
        &self,
        territory: TerritoryId,
        login: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE account SET disabled_at = COALESCE(disabled_at, ?) WHERE territory = ? AND login = ?")
                .bind(now.0)
                .bind(territory.to_string())
                .bind(normal_login(login))
                .execute(&self.write)
                .await?;
        Ok(done.rows_affected() == 1)
    }
}

/// Adds an account; `None` when the login is taken.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    territory: TerritoryId,
    new: &NewAccount,
) -> Result<Option<AccountId>, StoreError> {
    let id = AccountId(Uuid::new_v4());
    let roles = serde_json::to_string(&new.roles).map_err(|_| StoreError::Corrupt("roles"))?;
    let added = sqlx::query(
        "INSERT INTO account (territory, account, login, name, profession, roles, password_hash)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (territory, login) DO NOTHING",
    )
    .bind(territory.to_string())
    .bind(id.to_string())
    .bind(normal_login(&new.login))
    .bind(&new.name)
    .bind(&new.profession)
    .bind(roles)
    .bind(&new.password_hash)
    .execute(connection)
    .await?;
    Ok((added.rows_affected() == 1).then_some(id))
}

pub(super) fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: parsed(row.get("account"))?,
        login: row.get("login"),
        name: row.get("name"),
        profession: row.get("profession"),
        roles: serde_json::from_str(row.get("roles")).map_err(|_| StoreError::Corrupt("roles"))?,
        password_hash: row.get("password_hash"),
        disabled: row.get::<Option<i64>, _>("disabled_at").is_some(),
    })
}
