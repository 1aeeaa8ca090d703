//! Deleting a record and bringing it back. Nothing is erased: it is put away, for everybody who sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::RecordId;
use leptos::prelude::*;
use sync::{OperationKind, Shown};

use super::{Notebook, Trouble, TroubleKind};

impl Notebook {
    /// Deleted records that can come back, newest first. What was erased for good has nothing left to bring back.
    #[must_use]
    pub fn removed(self) -> Signal<Vec<Arc<Shown>>> {
        self.select(|shelf| shelf.all(|shown| shown.deleted && !shown.fields.is_empty()))
    }

    /// What is put away with a record: all that hangs on it, and on that.
    #[must_use]
    pub fn hanging(self, root: RecordId) -> Signal<Vec<Arc<Shown>>> {
        self.select(move |shelf| {
            let under = |shown: &Shown| {
                let mut above = shown.parent();
                // Deeper than any real tree, in case received records named each other as parents.
                for _ in 0..8 {
                    match above {
                        Some(id) if id == root => return true,
                        Some(id) => above = shelf.get(id).and_then(|shown| shown.parent()),
                        None => return false,
                    }
                }
                false
            };
            shelf.list(under)
        })
    }

    /// Whether a record, or what it hangs on, is deleted.
    #[must_use]
    pub fn is_put_away(self, record: RecordId) -> Signal<bool> {
        Memo::new(move |_| self.shown.with(|shelf| shelf.get(record).is_some_and(|shown| shelf.is_put_away(shown))))
            .into()
    }

    /// Brings a deleted record back as it was, with what was written on it since.
    ///
    /// # Errors
    /// The disk refused; it stays deleted.
    pub async fn restore(self, record: RecordId) -> Result<(), Trouble> {
        self.turn(record, OperationKind::Restore).await
    }

    /// Deletes, brings back or erases the whole of a record. Once it is gone, what was just typed there has no place left.
    pub(super) async fn turn(self, record: RecordId, kind: OperationKind) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let turned = self.set(&session, record, kind, Vec::new(), BTreeMap::new(), None).await;
        if turned.is_ok() && kind != OperationKind::Restore {
            session.typed.pending.borrow_mut().retain(|(typed, _), _| *typed != record);
        }
        self.tell_saved(turned)
    }
}
