//! All that the server holds of one person.

use domain::id::RecordId;
use domain::people::PERSON;
use sync::Record;
use sync::protocol::HistoryEntry;

use super::{Caller, Store, StoreError, record, sight};

/// One record of a person, with all that was ever written of it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub record: Record,
    pub history: Vec<HistoryEntry>,
}

impl Store {
    /// The person first, then what hangs on her, oldest first. `None`: no person, or one the caller does not see whole.
    pub async fn dossier(&self, caller: &Caller, person: RecordId) -> Result<Option<Vec<Kept>>, StoreError> {
        let mut records = Vec::new();
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
        Ok(Some(kept))
    }
}
