//! One-time links: who holds one chooses a password, sets a second factor up, or both.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, TerritoryId};
use domain::identifiers::Rpps;
use domain::people::Role;
use sqlx::{Row, SqliteConnection};
use sync::protocol::access::Link;

use super::account::{account, insert, normal_login};
use super::{Account, InUse, NewAccount, Store, StoreError, Territory, second_factor};
use crate::{secret, totp};

/// How long a link waits.
const DAYS: i64 = 7;
/// Namesakes tried before a login is given up.
const NAMESAKES: u32 = 1000;

/// What a link is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewLink {
    /// The present password stays.
    pub keeps_password: bool,
    /// The second factor to set up, base32.
    pub totp_secret: Option<String>,
}

impl NewLink {
    /// To choose another password; and a second factor if there is none, or if it is to be forgotten.
    pub fn another(account: &Account, territory: &Territory, forget_second_factor: bool) -> Self {
        let wanted = account.lacks_second_factor(territory) || forget_second_factor && account.totp_secret.is_some();
        Self { keeps_password: false, totp_secret: wanted.then(totp::new_secret) }
    }
}

/// A link that somebody holds, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLink {
    pub account: Account,
    pub keeps_password: bool,
    pub totp_secret: Option<String>,
}

/// What spending a link makes of its account.
#[derive(Clone, Debug, Default)]
pub struct Ready {
    /// `None`: the present one stays.
    pub password_hash: Option<String>,
    /// The step whose code proved the second factor; `None`: none is set up.
    pub step: Option<i64>,
    /// Of the codes on paper that come with it.
    pub recovery_hashes: Vec<String>,
}

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct Invite {
    pub login: String,
    /// Whether `login` was made of the name: a figure is then added to tell namesakes apart.
    pub made: bool,
    pub name: String,
    pub profession: String,
    pub roles: Vec<Role>,
    pub rpps: Option<Rpps>,
    pub totp_secret: Option<String>,
}

/// Somebody who was invited.
#[derive(Clone, Debug, PartialEq)]
pub struct Invited {
    pub id: AccountId,
    pub login: String,
    pub link: Link,
}

impl Store {
    /// Makes a link for an account; those before it are spent.
    pub async fn make_link(
        &self,
        territory: TerritoryId,
        account: AccountId,
        new: &NewLink,
        now: Timestamp,
    ) -> Result<Link, StoreError> {
        let made = self.try_make_link(territory, account, new, now).await;
        self.noted(made)
    }

    async fn try_make_link(
        &self,
        territory: TerritoryId,
        account: AccountId,
        new: &NewLink,
        now: Timestamp,
    ) -> Result<Link, StoreError> {
        let mut transaction = self.begin().await?;
        let link = make(&mut transaction, territory, account, new, now).await?;
        transaction.commit().await?;
        Ok(link)
    }

    /// What a link opens; `None` whatever is wrong with it: unknown, spent, too old, of an account that is disabled.
    pub async fn open_link(
        &self,
        territory: TerritoryId,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<OpenLink>, StoreError> {
        let row = sqlx::query(
            "SELECT link.keeps_password, link.totp_secret AS awaited_secret, account.* FROM link
             JOIN account ON account.territory = link.territory AND account.account = link.account
             WHERE link.territory = ? AND link.token_hash = ?
             AND link.spent_at IS NULL AND link.expires_at > ? AND account.disabled_at IS NULL",
        )
        .bind(territory.to_string())
        .bind(secret::token_hash(token))
        .bind(now.0)
        .fetch_optional(&self.read)
        .await?;
        let read = |row| {
            Ok(OpenLink {
                account: account(&row)?,
                keeps_password: row.get("keeps_password"),
                totp_secret: row.get("awaited_secret"),
            })
        };
        row.map(read).transpose()
    }

    /// Until when the link of each account may be used that was given one and has not used it, were it past.
    pub async fn links_waiting(&self, territory: TerritoryId) -> Result<BTreeMap<AccountId, Timestamp>, StoreError> {
        sqlx::query("SELECT account, expires_at FROM link WHERE territory = ? AND spent_at IS NULL")
            .bind(territory.to_string())
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(|row| Ok((super::parsed(row.get("account"))?, Timestamp(row.get("expires_at")))))
            .collect()
    }

    /// Spends a link and makes its account ready, all or nothing; false when it opens nothing any more.
    pub async fn use_link(
        &self,
        territory: TerritoryId,
        token: &str,
        ready: &Ready,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = self.try_use_link(territory, token, ready, now).await;
        self.noted(used)
    }

    async fn try_use_link(
        &self,
        territory: TerritoryId,
        token: &str,
        ready: &Ready,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query(
            "SELECT link.account, link.totp_secret FROM link
             JOIN account ON account.territory = link.territory AND account.account = link.account
             WHERE link.territory = ? AND link.token_hash = ?
             AND link.spent_at IS NULL AND link.expires_at > ? AND account.disabled_at IS NULL",
        )
        .bind(territory.to_string())
        .bind(secret::token_hash(token))
        .bind(now.0)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(false) };
        let account: AccountId = super::parsed(row.get("account"))?;
        let awaited: Option<String> = row.get("totp_secret");
        if let Some(hash) = &ready.password_hash {
            sqlx::query("UPDATE account SET password_hash = ? WHERE territory = ? AND account = ?")
                .bind(hash)
                .bind(territory.to_string())
                .bind(account.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        if let (Some(awaited), Some(step)) = (awaited, ready.step) {
            let proved = (awaited.as_str(), step);
            second_factor::set(&mut transaction, territory, account, proved, &ready.recovery_hashes).await?;
        }
        spend(&mut transaction, territory, account, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Makes an account and its link for each, all or nothing but those whose login or RPPS is taken.
    pub async fn invite(
        &self,
        territory: TerritoryId,
        invites: &[Invite],
        now: Timestamp,
    ) -> Result<Vec<Result<Invited, InUse>>, StoreError> {
        let invited = self.try_invite(territory, invites, now).await;
        self.noted(invited)
    }

    async fn try_invite(
        &self,
        territory: TerritoryId,
        invites: &[Invite],
        now: Timestamp,
    ) -> Result<Vec<Result<Invited, InUse>>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut invited = Vec::with_capacity(invites.len());
        for invite in invites {
            let mut made = Err(InUse::Login);
            for namesake in 1..=if invite.made { NAMESAKES } else { 1 } {
                let more = if namesake == 1 { String::new() } else { namesake.to_string() };
                let new = NewAccount {
                    login: format!("{}{more}", invite.login),
                    name: invite.name.clone(),
                    profession: invite.profession.clone(),
                    roles: invite.roles.clone(),
                    rpps: invite.rpps.clone(),
                    password_hash: String::new(),
                };
                made = match insert(&mut transaction, territory, &new).await? {
                    Err(InUse::Login) => continue,
                    Err(InUse::Rpps) => Err(InUse::Rpps),
                    Ok(id) => {
                        let link = NewLink { keeps_password: false, totp_secret: invite.totp_secret.clone() };
                        let link = make(&mut transaction, territory, id, &link, now).await?;
                        Ok(Invited { id, login: normal_login(&new.login), link })
                    }
                };
                break;
            }
            invited.push(made);
        }
        transaction.commit().await?;
        Ok(invited)
    }
}

async fn make(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    new: &NewLink,
    now: Timestamp,
) -> Result<Link, StoreError> {
    spend(transaction, territory, account, now).await?;
    let expires_at = Timestamp(now.0.saturating_add(DAYS * 86_400_000));
    let link = Link { token: secret::random_hex(), expires_at, qr: Vec::new() };
    sqlx::query(
        "INSERT INTO link (territory, token_hash, account, made_at, expires_at, keeps_password, totp_secret)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(territory.to_string())
    .bind(secret::token_hash(&link.token))
    .bind(account.to_string())
    .bind(now.0)
    .bind(link.expires_at.0)
    .bind(new.keeps_password)
    .bind(&new.totp_secret)
    .execute(transaction)
    .await?;
    Ok(link)
}

/// Spends whatever links an account has; the second factor that waited in them is forgotten.
pub(super) async fn spend(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE link SET spent_at = ?, totp_secret = NULL WHERE territory = ? AND account = ? AND spent_at IS NULL",
    )
    .bind(now.0)
    .bind(territory.to_string())
    .bind(account.to_string())
    .execute(transaction)
    .await?;
    Ok(())
}
