//! A professional leaves: her records are entrusted to a colleague.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::id::TerritoryId;
use domain::people::access;
use domain::programme::RecordKind;
use domain::programmes;
use sqlx::SqliteConnection;

use super::account::{account, normal_login};
use super::batch::Received;
use super::{Account, Store, StoreError, annuaire, arrived, parsed, record, sequence, sight};

/// Why nothing was handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("aucun compte n’a l’identifiant « {0} »")]
    Unknown(String),
    #[error("les deux identifiants sont ceux du même compte")]
    Same,
    #[error("le compte « {0} » porte les fiches de l’annuaire\u{a0}: elles ne se confient pas")]
    Directory(String),
    #[error("le compte « {0} » est désactivé")]
    Disabled(String),
    /// Whoever receives could neither read nor write these.
    #[error("le compte « {0} » n’a pas un rôle qui permet de suivre toutes ces fiches")]
    NoRight(String),
}

impl From<sqlx::Error> for HandOverError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Entrusts all the records of an account to another, in one transaction. Answers how many. Each record draws a
    /// sequence of its own, so that a device receives as many of them at a time as it can. What was set aside for want of
    /// them is judged again.
    pub async fn hand_over(
        &self,
        territory: TerritoryId,
        from: &str,
        to: &str,
        today: NaiveDate,
    ) -> Result<u64, HandOverError> {
        let mut transaction = self.begin().await?;
        let from = by_login(&mut transaction, territory, from).await?;
        let to = by_login(&mut transaction, territory, to).await?;
        if from.id == to.id {
            return Err(HandOverError::Same);
        }
        if annuaire::is_author(&mut transaction, territory, from.id).await? {
            // Every card would go down to the devices of whoever receives them.
            return Err(HandOverError::Directory(from.login));
        }
        if to.disabled {
            return Err(HandOverError::Disabled(to.login));
        }
        let records: Vec<(String, String)> =
            sqlx::query_as("SELECT record, kind FROM record WHERE territory = ? AND owner = ? ORDER BY record")
                .bind(territory.to_string())
                .bind(from.id.to_string())
                .fetch_all(&mut *transaction)
                .await?;
        // Whoever only hands over would read nothing of what somebody who looks after people noted.
        let follows = access::hands_over(&from.roles) || !access::hands_over(&to.roles);
        let may = |kind: &str| {
            // A kind that is no longer known is only read, and what is common stays in the hands of its roles.
            let writes = |kind: &RecordKind| follows && to.roles.iter().any(|role| kind.writers.contains(role));
            programmes::kind(kind).is_none_or(|kind| !kind.common.is_empty() || writes(kind))
        };
        if !records.iter().all(|(_, kind)| may(kind)) {
            return Err(HandOverError::NoRight(to.login));
        }
        let before = sequence::head(&mut transaction, territory).await?.seq;
        let mut seq = before;
        let mut roots = BTreeSet::new();
        record::leave_entrusted(&mut transaction, territory, from.id, to.id).await?;
        for (id, _) in &records {
            let id = parsed(id)?;
            record::give(&mut transaction, territory, id, to.id).await?;
            roots.insert(sight::root(&mut transaction, territory, id).await?);
        }
        for root in roots {
            seq = sight::settle(&mut transaction, territory, root, seq).await?;
        }
        let received = Received { seq, created: Vec::new(), erased: Vec::new(), settled: true };
        let received = arrived::judge_again(&mut transaction, territory, before, received, today).await?;
        sequence::draw(&mut transaction, territory, before, received.seq).await?;
        self.list_erased(received.erased).await?;
        transaction.commit().await?;
        Ok(records.len() as u64)
    }
}

async fn by_login(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    login: &str,
) -> Result<Account, HandOverError> {
    let row = sqlx::query("SELECT * FROM account WHERE territory = ? AND login = ?")
        .bind(territory.to_string())
        .bind(normal_login(login))
        .fetch_optional(transaction)
        .await?;
    Ok(account(&row.ok_or_else(|| HandOverError::Unknown(login.to_owned()))?)?)
}
