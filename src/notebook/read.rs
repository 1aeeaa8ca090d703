//! Reading: signals over the shelf, refreshed record by record.

use std::rc::Rc;
use std::sync::Arc;

use domain::id::{OpId, RecordId};
use leptos::prelude::*;
use sync::{Shown, ShownField, Store, StoreError, Stored};

use super::Notebook;
use super::shelf::Shelf;
use super::state::{Session, Typing};
use crate::platform::random;

/// Up to so many records are read one by one.
const FEW: usize = 16;

/// Two readings are the same when they hold the very same records.
fn same(before: Option<&Vec<Arc<Shown>>>, now: Option<&Vec<Arc<Shown>>>) -> bool {
    matches!((before, now), (Some(before), Some(now))
        if before.len() == now.len() && before.iter().zip(now).all(|(before, now)| Arc::ptr_eq(before, now)))
}

impl Notebook {
    /// One record, with what is being typed; `None` when it is not there.
    #[must_use]
    pub fn record(self, id: RecordId) -> Signal<Option<Arc<Shown>>> {
        Memo::new_with_compare(
            move |_| self.shown.with(|shelf| shelf.get(id).cloned()),
            |before, now| match (before, now) {
                (Some(Some(before)), Some(Some(now))) => !Arc::ptr_eq(before, now),
                (Some(None), Some(None)) => false,
                _ => true,
            },
        )
        .into()
    }

    /// The records of a kind, newest first. What is deleted, hangs on something deleted, or was merged into another is not
    /// among them.
    #[must_use]
    pub fn records(self, kind: &'static str) -> Signal<Vec<Arc<Shown>>> {
        self.select(move |shelf| shelf.list(|shown| shown.kind == kind))
    }

    /// The records of a kind that belong to another, or to what was merged into it; as [`Notebook::records`].
    #[must_use]
    pub fn children(self, parent: RecordId, kind: &'static str) -> Signal<Vec<Arc<Shown>>> {
        self.select(move |shelf| shelf.children(parent, kind))
    }

    /// Some records of the shelf, told again only when one of them changes.
    pub(super) fn select(
        self,
        choose: impl Fn(&Shelf) -> Vec<Arc<Shown>> + Send + Sync + 'static,
    ) -> Signal<Vec<Arc<Shown>>> {
        Memo::new_with_compare(move |_| self.shown.with(&choose), |before, now| !same(before, now)).into()
    }

    pub(super) fn peek(self, id: RecordId) -> Option<Arc<Shown>> {
        self.shown.with_untracked(|shelf| shelf.get(id).cloned())
    }

    /// Shows a record as the store now has it, under what is typed and not written yet.
    pub(super) fn show(self, session: &Rc<Session>, id: RecordId, shown: Option<Shown>) {
        if !self.is_open(session) {
            return;
        }
        let shown = shown.map(|shown| overlay(shown, session));
        if self.shown.with_untracked(|shelf| shelf.differs(id, shown.as_ref())) {
            self.shown.update(|shelf| shelf.put(id, shown));
        }
    }

    /// Puts what is being typed on the screen at once.
    pub(super) fn show_typed(self, session: &Rc<Session>, id: RecordId) {
        if let Some(shown) = self.shown.with_untracked(|shelf| shelf.as_written(id).cloned()) {
            self.show(session, id, Some(Shown::clone(&shown)));
        }
    }

    /// Reads these records again.
    pub(super) async fn refresh(self, session: &Rc<Session>, ids: &[RecordId]) -> Result<(), StoreError> {
        let mut alone = ids;
        if ids.len() > FEW {
            let changes = session.exchange.changes.get();
            let shown = self.read_many(session, ids).await?;
            if session.exchange.changes.get() == changes {
                self.show_many(session, shown);
                alone = &[];
            }
        }
        for id in alone {
            loop {
                let changes = session.exchange.changes.get();
                let shown = session.replica.shown(*id).await?;
                if session.exchange.changes.get() == changes {
                    self.show(session, *id, shown);
                    break;
                }
            }
        }
        Ok(())
    }

    /// As [`sync::Replica::shown`], reading the outbox once for all of them.
    async fn read_many(
        self,
        session: &Rc<Session>,
        ids: &[RecordId],
    ) -> Result<Vec<(RecordId, Option<Shown>)>, StoreError> {
        // The outbox first: an operation acknowledged in between is then seen twice, never missed.
        let outbox = session.store().outbox().await?;
        let some = session.store().some(ids).await?;
        let shown = |(id, stored): (&RecordId, Option<Stored>)| {
            let own: Vec<_> = outbox.iter().filter(|queued| queued.operation.record_id == *id).cloned().collect();
            (*id, Shown::of(stored.as_ref().map(|stored| &stored.record), &own))
        };
        Ok(ids.iter().zip(some).map(shown).collect())
    }

    /// Shows many records at once: readers count again once, and not at each.
    fn show_many(self, session: &Rc<Session>, many: Vec<(RecordId, Option<Shown>)>) {
        if self.is_open(session) {
            self.shown.update(|shelf| {
                for (id, shown) in many {
                    let shown = shown.map(|shown| overlay(shown, session));
                    if shelf.differs(id, shown.as_ref()) {
                        shelf.put(id, shown);
                    }
                }
            });
        }
    }
}

fn overlay(mut shown: Shown, session: &Session) -> Shown {
    let pending = session.typed.pending.borrow();
    for ((_, field), Typing { value, .. }) in pending.iter().filter(|((record, _), _)| *record == shown.id) {
        match shown.fields.get_mut(*field) {
            Some(there) => there.value = value.clone(),
            None => {
                // Only until its commit answers: nobody bases an edit on it, the store decides.
                let op_id = OpId(random::random_id());
                shown.fields.insert((*field).to_owned(), ShownField { value: value.clone(), op_id });
            }
        }
    }
    shown
}
