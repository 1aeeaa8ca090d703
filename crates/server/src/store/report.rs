//! What people signalled of the cards of the directory.

use domain::Timestamp;
use domain::annuaire::entry::{self, ENTRY};
use domain::annuaire::import::Report;
use domain::annuaire::report::{CARD, REPORT, TEXT, WHAT};
use domain::id::{AccountId, RecordId, TerritoryId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::Record;

use super::entry::values;
use super::{Store, StoreError, record};

impl Store {
    /// What was signalled, newest first, what is settled after the rest.
    pub async fn reports(&self, territory: TerritoryId) -> Result<Vec<Report>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let rows = sqlx::query(
            "SELECT record.state, account.name AS author_name, account.profession, settled.settled_at FROM record
             JOIN account ON account.territory = record.territory
             AND account.account = json_extract(record.state, '$.origin.author')
             LEFT JOIN settled ON settled.territory = record.territory AND settled.record = record.record
             WHERE record.territory = ? AND record.kind = ?
             ORDER BY settled.settled_at IS NOT NULL, record.seq DESC",
        )
        .bind(territory.to_string())
        .bind(REPORT.id)
        .fetch_all(&mut *snapshot)
        .await?;
        let mut reports = Vec::with_capacity(rows.len());
        for row in &rows {
            reports.extend(report(&mut snapshot, territory, row).await?);
        }
        Ok(reports)
    }

    /// Notes that something signalled has been dealt with, or not after all; false when nothing of the kind was signalled.
    pub async fn settle(
        &self,
        territory: TerritoryId,
        report: RecordId,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let known = record::find(&mut transaction, territory, report).await?;
        if known.is_none_or(|owned| owned.record.kind != REPORT.id) {
            return Ok(false);
        }
        sqlx::query("DELETE FROM settled WHERE territory = ? AND record = ?")
            .bind(territory.to_string())
            .bind(report.to_string())
            .execute(&mut *transaction)
            .await?;
        if let Some(by) = by {
            sqlx::query("INSERT INTO settled (territory, record, settled_at, account) VALUES (?, ?, ?, ?)")
                .bind(territory.to_string())
                .bind(report.to_string())
                .bind(now.0)
                .bind(by.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// `None`: its author took it back.
async fn report(
    snapshot: &mut SqliteConnection,
    territory: TerritoryId,
    row: &SqliteRow,
) -> Result<Option<Report>, StoreError> {
    let state: Record = serde_json::from_str(row.get("state")).map_err(|_| StoreError::Corrupt("record"))?;
    let Some(origin) = state.origin.as_ref().filter(|_| !state.is_deleted()) else { return Ok(None) };
    let text = |name: &str| state.fields.get(name).and_then(|field| field.value.as_str()).map(str::to_owned);
    let card = text(CARD).unwrap_or_default();
    let who = match card.parse() {
        // Whatever else she typed the identifier of, nothing is said of it here.
        Ok(id) => record::find(snapshot, territory, id)
            .await?
            .filter(|owned| owned.record.kind == ENTRY && !owned.record.is_deleted())
            .and_then(|owned| entry::read(&values(&owned.record))),
        Err(_) => None,
    };
    Ok(Some(Report {
        id: state.id,
        card,
        who: who.map(|entry| [entry.given_name.unwrap_or_default(), entry.name].join(" ").trim().to_owned()),
        what: text(WHAT),
        text: text(TEXT).unwrap_or_default(),
        author: row.get("author_name"),
        profession: row.get("profession"),
        at: origin.at,
        settled_at: row.get::<Option<i64>, _>("settled_at").map(Timestamp),
    }))
}
