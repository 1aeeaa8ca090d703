//! What makes the directory of a territory: whose the cards are, its lists, and whether its published file has changed.

use domain::Timestamp;
use domain::annuaire::entry::ENTRY;
use domain::annuaire::lists::Lists;
use domain::id::{AccountId, DeviceId, TerritoryId};
use sqlx::{Row, SqliteConnection};
use sync::Seq;
use uuid::Uuid;

use super::{Caller, NewAccount, Store, StoreError, account, parsed};
use crate::secret;

/// Login of the account whose the cards are, unless somebody already has it.
const LOGIN: &str = "annuaire";

/// The state of the directory: as long as it stays, so does the published file, and what was decided of the cards holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The last sequence that touched a card.
    pub cards: Seq,
    /// Grows with communes, lists, imports and objections.
    pub revision: i64,
}

impl Store {
    /// What the published file depends on, now.
    pub async fn edition(&self, territory: TerritoryId) -> Result<Edition, StoreError> {
        let mut snapshot = self.snapshot().await?;
        edition(&mut snapshot, territory).await
    }

    /// The lists of the territory; `None`: those this build carries.
    pub async fn lists(&self, territory: TerritoryId) -> Result<Option<Lists>, StoreError> {
        let text: Option<Option<String>> = sqlx::query_scalar("SELECT lists FROM annuaire WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_optional(&self.read)
            .await?;
        let lists = text.flatten().map(|text| serde_json::from_str(&text));
        lists.transpose().map_err(|_| StoreError::Corrupt("lists"))
    }

    /// Gives the territory lists of its own; `None`: those this build carries.
    pub async fn set_lists(
        &self,
        territory: TerritoryId,
        lists: Option<&Lists>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let text = lists.map(serde_json::to_string).transpose().map_err(|_| StoreError::Corrupt("lists"))?;
        let mut transaction = self.begin().await?;
        revise(&mut transaction, territory, now).await?;
        sqlx::query("UPDATE annuaire SET lists = ? WHERE territory = ?")
            .bind(text)
            .bind(territory.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// What the published file depends on, inside a transaction.
pub async fn edition(connection: &mut SqliteConnection, territory: TerritoryId) -> Result<Edition, StoreError> {
    let revision = sqlx::query_scalar("SELECT revision FROM annuaire WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let newest: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM record WHERE territory = ? AND kind = ?")
        .bind(territory.to_string())
        .bind(ENTRY)
        .fetch_one(connection)
        .await?;
    Ok(Edition { cards: newest.unwrap_or_default().cast_unsigned(), revision: revision.unwrap_or_default() })
}

/// Notes that the published file changes, whatever its cards.
pub async fn revise(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    author(transaction, territory, now).await?;
    sqlx::query("UPDATE annuaire SET revision = revision + 1 WHERE territory = ?")
        .bind(territory.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Whose the cards are: an account that is closed, with no role and no password, made the first time.
pub async fn author(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    now: Timestamp,
) -> Result<Caller, StoreError> {
    let row = sqlx::query("SELECT account, device FROM annuaire WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_optional(&mut *transaction)
        .await?;
    let (account, device) = match row {
        Some(row) => (parsed(row.get("account"))?, parsed(row.get("device"))?),
        None => begin(transaction, territory, now).await?,
    };
    Ok(Caller { territory, account, device, roles: Vec::new() })
}

/// Whether the cards are this account's.
pub async fn is_author(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
) -> Result<bool, StoreError> {
    let author: Option<String> = sqlx::query_scalar("SELECT account FROM annuaire WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_optional(transaction)
        .await?;
    Ok(author.is_some_and(|author| author == account.to_string()))
}

async fn begin(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    now: Timestamp,
) -> Result<(AccountId, DeviceId), StoreError> {
    let (account, device) = nobody(transaction, territory, LOGIN, "Annuaire", now).await?;
    sqlx::query("INSERT INTO annuaire (territory, account, device) VALUES (?, ?, ?)")
        .bind(territory.to_string())
        .bind(account.to_string())
        .bind(device.to_string())
        .execute(transaction)
        .await?;
    Ok((account, device))
}

/// An account that nobody signs in as, closed from the beginning, and its device: the server itself writes under it.
pub async fn nobody(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    login: &str,
    name: &str,
    now: Timestamp,
) -> Result<(AccountId, DeviceId), StoreError> {
    let account = account(transaction, territory, login, name).await?;
    sqlx::query("UPDATE account SET disabled_at = ? WHERE territory = ? AND account = ?")
        .bind(now.0)
        .bind(territory.to_string())
        .bind(account.to_string())
        .execute(&mut *transaction)
        .await?;
    let device = DeviceId(Uuid::new_v4());
    sqlx::query(
        "INSERT INTO device
         (territory, device, account, name, token_hash, recovery_key, enrolled_at, expires_at, revoked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(territory.to_string())
    .bind(device.to_string())
    .bind(account.to_string())
    .bind("Serveur")
    // The hash of a token nobody ever had.
    .bind(secret::token_hash(&secret::random_hex()))
    .bind("")
    .bind(now.0)
    .bind(now.0)
    .bind(now.0)
    .execute(transaction)
    .await?;
    Ok((account, device))
}

async fn account(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    login: &str,
    name: &str,
) -> Result<AccountId, StoreError> {
    for login in [login.to_owned(), format!("{login}-{}", Uuid::new_v4())] {
        let new = NewAccount {
            login,
            name: name.into(),
            profession: "Cardabelle".into(),
            roles: Vec::new(),
            rpps: None,
            // Not a hash: no password is this one.
            password_hash: String::new(),
        };
        if let Ok(account) = account::insert(transaction, territory, &new).await? {
            return Ok(account);
        }
    }
    Err(StoreError::Corrupt("login"))
}
