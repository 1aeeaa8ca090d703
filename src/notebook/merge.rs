//! Two records of the same person: one says it was merged into the other. Nothing moves, lists follow, undoing clears it.

use std::sync::Arc;

use domain::id::RecordId;
use domain::record::{MERGED_INTO, PARENT, Value};
use leptos::prelude::*;
use sync::Shown;

use super::{Notebook, Trouble, TroubleKind};

impl Notebook {
    /// The record kept in place of this one, when it was merged into another.
    #[must_use]
    pub fn merged_into(self, record: RecordId) -> Signal<Option<RecordId>> {
        Memo::new(move |_| self.shown.with(|shelf| Some(shelf.kept(record)).filter(|kept| *kept != record))).into()
    }

    /// The records that were merged into this one.
    #[must_use]
    pub fn merged_here(self, record: RecordId) -> Signal<Vec<Arc<Shown>>> {
        self.select(move |shelf| {
            shelf.all(|shown| {
                shown.id != record && shown.fields.contains_key(MERGED_INTO) && shelf.kept(shown.id) == record
            })
        })
    }

    /// Merges a record into another of the same kind; `None` undoes it.
    ///
    /// # Errors
    /// The disk refused; nothing changed.
    pub async fn merge(self, record: RecordId, into: Option<RecordId>) -> Result<(), Trouble> {
        let into = into.map_or(Value::Null, |into| into.to_string().into());
        self.write(record, vec![(MERGED_INTO, into)], None).await
    }

    /// Hangs a record on the person it should have been written for.
    ///
    /// # Errors
    /// She has not consented, or took her consent back; or the disk refused. Nothing changed.
    pub async fn hang_on(self, record: RecordId, person: RecordId, reason: String) -> Result<(), Trouble> {
        let to = self.peek(person).ok_or(TroubleKind::Gone)?;
        if self.is_withdrawn(&to) || to.held {
            return Err(TroubleKind::Withdrawn.into());
        }
        self.write(record, vec![(PARENT, person.to_string().into())], Some(reason)).await
    }
}
