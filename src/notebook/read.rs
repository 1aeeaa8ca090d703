//! Reading: an in-memory shelf of what is shown, refreshed record by record.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use domain::id::{OpId, RecordId};
use domain::order::sort_by_key;
use leptos::prelude::*;
use sync::{Shown, ShownField, StoreError};

use super::Notebook;
use super::state::{Session, Typing};
use crate::platform::random;

/// Every record of the open notebook. A record that did not change keeps its `Arc`: readers compare pointers.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf(BTreeMap<RecordId, Arc<Shown>>);

impl Shelf {
    pub(super) fn of(shown: Vec<Shown>) -> Self {
        let mut shelf = BTreeMap::new();
        // Not `collect`, which sorts first and brings a sort of its own into the download.
        shelf.extend(shown.into_iter().map(|shown| (shown.id, Arc::new(shown))));
        Self(shelf)
    }

    pub(super) fn get(&self, id: RecordId) -> Option<&Arc<Shown>> {
        self.0.get(&id)
    }

    /// Not deleted, newest first.
    fn list(&self, keep: impl Fn(&Shown) -> bool) -> Vec<Arc<Shown>> {
        let mut list: Vec<_> = self.0.values().filter(|shown| !shown.deleted && keep(shown)).cloned().collect();
        sort_by_key(&mut list, |shown| std::cmp::Reverse((shown.created_at, shown.id)));
        list
    }

    pub(super) fn children(&self, parent: RecordId, kind: &str) -> Vec<Arc<Shown>> {
        self.list(|shown| shown.kind == kind && shown.parent() == Some(parent))
    }

    /// `false`: it was so already.
    fn differs(&self, id: RecordId, shown: Option<&Shown>) -> bool {
        self.get(id).map(AsRef::as_ref) != shown
    }

    fn put(&mut self, id: RecordId, shown: Option<Shown>) {
        match shown {
            Some(shown) => self.0.insert(id, Arc::new(shown)),
            None => self.0.remove(&id),
        };
    }
}

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

    /// The records of a kind, not deleted, newest first.
    #[must_use]
    pub fn records(self, kind: &'static str) -> Signal<Vec<Arc<Shown>>> {
        Memo::new_with_compare(
            move |_| self.shown.with(|shelf| shelf.list(|shown| shown.kind == kind)),
            |before, now| !same(before, now),
        )
        .into()
    }

    /// The records of a kind that belong to another, not deleted, newest first.
    #[must_use]
    pub fn children(self, parent: RecordId, kind: &'static str) -> Signal<Vec<Arc<Shown>>> {
        Memo::new_with_compare(
            move |_| self.shown.with(|shelf| shelf.children(parent, kind)),
            |before, now| !same(before, now),
        )
        .into()
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
        if let Some(shown) = self.peek(id) {
            self.show(session, id, Some(Shown::clone(&shown)));
        }
    }

    /// Reads these records again.
    pub(super) async fn refresh(self, session: &Rc<Session>, ids: &[RecordId]) -> Result<(), StoreError> {
        for id in ids {
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
