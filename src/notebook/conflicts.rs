//! What two people wrote without seeing each other: found by the server, settled here by one of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::RecordId;
use domain::record::Value;
use leptos::prelude::*;
use sync::{DELETED, OperationKind, Save, Shown};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{clock, random};

impl Notebook {
    /// Records with something to settle, deleted ones that were edited since included; newest first.
    #[must_use]
    pub fn disputed(self) -> Signal<Vec<Arc<Shown>>> {
        self.select(|shelf| {
            let open = |shown: &Shown| !shown.conflicts.is_empty();
            // Of a deleted record, only the deletion is to be settled; the rest waits for its return.
            shelf.all(|shown| open(shown) && (shown.conflicts.contains_key(DELETED) || !shelf.is_put_away(shown)))
        })
    }

    /// Keeps one of the values that stand side by side, against all those she saw.
    ///
    /// # Errors
    /// The disk refused; nothing is settled.
    pub async fn keep_value(
        self,
        record: RecordId,
        field: &str,
        value: Value,
        over: Vec<domain::id::OpId>,
        reason: String,
    ) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        self.flushed().await?;
        let shown = self.peek(record).ok_or(TroubleKind::Gone)?;
        let save = Save {
            record,
            kind: &shown.kind,
            form_version: &shown.form_version,
            operation: OperationKind::Set,
            fields: vec![(field.to_owned(), value)],
            seen: BTreeMap::new(),
            over,
            reason: Some(reason),
            hold: self.hold(&shown),
            now: clock::now(),
            op_id: random::op_id(),
        };
        let saved = self.commit(&session, save).await;
        self.tell_saved(saved)
    }
}
