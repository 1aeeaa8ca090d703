//! All that the server holds of one person.

use std::collections::BTreeSet;

use domain::annuaire::entry::ENTRY;
use domain::form::Kind;
use domain::id::RecordId;
use domain::people::PERSON;
use domain::programmes;
use sqlx::SqliteConnection;
use sync::Record;
use sync::protocol::HistoryEntry;

use super::{Caller, Store, StoreError, record, sight};

/// One record of a person, with all that was ever written of it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub record: Record,
    pub history: Vec<HistoryEntry>,
}

/// The records of a person, and the others that her answers name.
#[derive(Clone, Debug)]
pub struct Held {
    /// The person first, then what hangs on her, oldest first.
    pub records: Vec<Kept>,
    /// What is common to the territory, such as a stand, and cards of the directory: nothing that is of another person.
    pub named: Vec<Record>,
}

impl Store {
    /// `None`: no person, or one the caller does not see whole.
    pub async fn dossier(&self, caller: &Caller, person: RecordId) -> Result<Option<Held>, StoreError> {
        let (mut records, mut named) = (Vec::new(), Vec::new());
        {
            let mut snapshot = self.snapshot().await?;
            if !sight::is_whole(&mut snapshot, caller.territory, caller.account, person).await? {
                return Ok(None);
            }
            let mut above = vec![person];
            while let Some(id) = above.pop() {
                let Some(found) = record::find(&mut snapshot, caller.territory, id).await? else { continue };
                above.extend(record::children(&mut snapshot, caller.territory, id).await?);
                records.push(found.record);
            }
            for id in records.iter().flat_map(names).collect::<BTreeSet<_>>() {
                named.extend(told(&mut snapshot, caller, id).await?);
            }
        }
        if records.first().is_none_or(|record| record.kind != PERSON.id || record.is_erased()) {
            return Ok(None);
        }
        records[1..].sort_by_key(|record| record.origin.as_ref().map(|origin| origin.at));
        let mut kept = Vec::with_capacity(records.len());
        for record in records {
            let history = self.history(caller, record.id).await?.map(|history| history.entries).unwrap_or_default();
            kept.push(Kept { record, history });
        }
        Ok(Some(Held { records: kept, named }))
    }
}

/// The records that the answers of one name.
fn names(record: &Record) -> Vec<RecordId> {
    let form = programmes::kind(&record.kind).and_then(|kind| kind.form_of(&record.form_version));
    let questions = form.into_iter().flat_map(|form| form.questions());
    let links = questions.filter(|(_, question)| matches!(question.kind, Kind::Link(_) | Kind::Entry));
    links.filter_map(|(_, link)| record.fields.get(link.id)?.value.as_str()?.parse().ok()).collect()
}

/// A record whose name may be told to whoever reads one that names it. Who left the directory left no name behind.
async fn told(snapshot: &mut SqliteConnection, caller: &Caller, id: RecordId) -> Result<Option<Record>, StoreError> {
    let found = record::find(snapshot, caller.territory, id).await?.map(|owned| owned.record);
    Ok(found.filter(|record| sight::is_common(&record.kind) || (record.kind == ENTRY && !record.is_deleted())))
}
