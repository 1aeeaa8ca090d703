//! What is stored without being applied: seen by a coordinator without its values, and judged again.

use chrono::NaiveDate;
use domain::id::{DeviceId, RecordId, TerritoryId};
use domain::people::Role;
use sqlx::{Row, SqliteConnection};
use sync::protocol::{AppliedAgain, ApplyAgain, SetAside, SetAsideItem};

use super::account::account;
use super::batch::Batch;
use super::quarantine::{self, quarantine};
use super::signature::signature;
use super::{Caller, Store, StoreError, arrived, parsed, record, sequence};

impl Store {
    /// Everything that waits, by record and device. Of an erased record nothing waits any more.
    pub async fn set_aside(&self, territory: TerritoryId) -> Result<SetAside, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let rows = sqlx::query(
            "SELECT operation.record, operation.device, operation.kind, operation.quarantine, operation.author,
             operation.received_at, json_extract(operation.body, '$.device_time') AS written_at,
             account.name AS author_name, account.profession, device.name AS device_name
             FROM operation INDEXED BY operation_set_aside
             JOIN account ON account.territory = operation.territory AND account.account = operation.author
             JOIN device ON device.territory = operation.territory AND device.device = operation.device
             WHERE operation.territory = ? AND operation.quarantine IS NOT NULL
             ORDER BY operation.record, operation.device, operation.device_seq, operation.seq",
        )
        .bind(territory.to_string())
        .fetch_all(&mut *snapshot)
        .await?;
        let mut items: Vec<SetAsideItem> = Vec::new();
        for row in rows {
            let (record, device): (RecordId, DeviceId) = (parsed(row.get("record"))?, parsed(row.get("device"))?);
            match items.last_mut() {
                Some(item) if (item.record, item.device) == (record, device) => item.count += 1,
                _ => items.push(SetAsideItem {
                    record,
                    device,
                    kind: row.get("kind"),
                    reason: quarantine(row.get("quarantine"))?,
                    by: signature(&row)?,
                    count: 1,
                }),
            }
        }
        let mut waiting = Vec::with_capacity(items.len());
        for item in items {
            if !is_erased(&mut snapshot, territory, item.record).await? {
                waiting.push(item);
            }
        }
        Ok(SetAside { items: waiting })
    }

    /// Judges again, in order, what a device wrote on a record, and stops at the first that may not be applied.
    /// `None`: only a coordinator and the author herself may ask.
    pub async fn apply_again(
        &self,
        caller: &Caller,
        asked: ApplyAgain,
        today: NaiveDate,
    ) -> Result<Option<AppliedAgain>, StoreError> {
        let applied = self.try_apply_again(caller, asked, today).await;
        self.noted(applied)
    }

    async fn try_apply_again(
        &self,
        caller: &Caller,
        asked: ApplyAgain,
        today: NaiveDate,
    ) -> Result<Option<AppliedAgain>, StoreError> {
        let ApplyAgain { record, device } = asked;
        let territory = caller.territory;
        let mut transaction = self.begin().await?;
        let author = holder(&mut transaction, territory, device).await?;
        let own = author.as_ref().is_some_and(|author| author.account == caller.account);
        if !own && !caller.roles.contains(&Role::Coordinator) {
            return Ok(None);
        }
        let mut done = AppliedAgain { applied: 0, stopped: None };
        let Some(author) = author else { return Ok(Some(done)) };
        if is_erased(&mut transaction, territory, record).await? {
            return Ok(Some(done));
        }
        let head = sequence::head(&mut transaction, territory).await?;
        let waiting = quarantine::set_aside(&mut transaction, territory, record, device).await?;
        let mut batch = Batch::after(head.seq, &mut transaction, &author, today).await?;
        for (operation, reason) in waiting {
            // Final, it stays so, though what it was judged by may have changed.
            let judged = if reason.is_final() { Err(reason) } else { batch.again(operation).await? };
            match judged {
                Ok(()) => done.applied += 1,
                Err(reason) => {
                    done.stopped = Some(reason);
                    if !reason.is_final() {
                        break;
                    }
                }
            }
        }
        let received = batch.flush().await?;
        let received = arrived::judge_again(&mut transaction, territory, head.seq, received, today).await?;
        sequence::draw(&mut transaction, territory, head.seq, received.seq).await?;
        self.list_erased(received.erased).await?;
        transaction.commit().await?;
        Ok(Some(done))
    }
}

/// Whoever holds a device, with the roles she has now.
pub async fn holder(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    device: DeviceId,
) -> Result<Option<Caller>, StoreError> {
    let row = sqlx::query(
        "SELECT account.* FROM device
         JOIN account ON account.territory = device.territory AND account.account = device.account
         WHERE device.territory = ? AND device.device = ?",
    )
    .bind(territory.to_string())
    .bind(device.to_string())
    .fetch_optional(transaction)
    .await?;
    row.map(|row| {
        let account = account(&row)?;
        Ok(Caller { territory, account: account.id, device, roles: account.roles })
    })
    .transpose()
}

async fn is_erased(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    id: RecordId,
) -> Result<bool, StoreError> {
    Ok(record::find(transaction, territory, id).await?.is_some_and(|owned| owned.record.is_erased()))
}
