//! All that the figures of a programme are counted over, at one instant.

use std::collections::{BTreeMap, BTreeSet};

use domain::Fields;
use domain::id::{AccountId, RecordId, TerritoryId};
use domain::people::{CONSENT, PERSON, SHARE, access};
use domain::programme::Programme;
use sqlx::Row;
use sync::Record;

use super::account::account;
use super::{Store, StoreError, parsed};

/// What is counted over, whosever it is.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Of a field on which two people differ, the value that stands.
    pub records: Vec<(RecordId, String, Fields)>,
    pub owners: BTreeMap<RecordId, AccountId>,
    /// The name of every account, and whether it may follow people today.
    pub accounts: BTreeMap<AccountId, (String, bool)>,
}

impl Store {
    /// Every record of a programme, with the people, their answers and with whom they are shared; nothing that was deleted or
    /// erased.
    pub async fn counted(&self, territory: TerritoryId, programme: &Programme) -> Result<Counted, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let mut counted = Counted::default();
        let kinds = [&PERSON, &CONSENT, &SHARE].map(|kind| kind.id);
        let kinds: BTreeSet<&str> = programme.records.iter().map(|kind| kind.id).chain(kinds).collect();
        for kind in kinds {
            let rows = sqlx::query("SELECT owner, state FROM record WHERE territory = ? AND kind = ? ORDER BY record")
                .bind(territory.to_string())
                .bind(kind)
                .fetch_all(&mut *snapshot)
                .await?;
            for row in rows {
                let record: Record =
                    serde_json::from_str(row.get("state")).map_err(|_| StoreError::Corrupt("record"))?;
                if record.is_deleted() || record.is_erased() {
                    continue;
                }
                counted.owners.insert(record.id, parsed(row.get("owner"))?);
                let fields = record.fields.into_iter().map(|(name, field)| (name, field.value)).collect();
                counted.records.push((record.id, record.kind, fields));
            }
        }
        let rows = sqlx::query("SELECT * FROM account WHERE territory = ?")
            .bind(territory.to_string())
            .fetch_all(&mut *snapshot)
            .await?;
        for row in &rows {
            let account = account(row)?;
            let follows = !account.disabled && access::may_follow(&account.roles);
            counted.accounts.insert(account.id, (account.name, follows));
        }
        Ok(counted)
    }
}
