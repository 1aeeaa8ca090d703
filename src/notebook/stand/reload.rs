//! A page of a stand that is loaded again, by a finger pulled down or a new version, goes on with the form it had. Its key stays
//! in memory meanwhile, that of the worker, and touches no disk: killed, nobody opens that form again.

use std::rc::Rc;

use domain::record::FINISHED_AT;
use leptos::prelude::*;
use sync::{Replica, Shown};

use super::super::{Notebook, Trouble, shelf};
use super::{LeftOpen, begun_at_a_stand, new_store, store_of};
use crate::platform::idb::stand::Stand;
use crate::platform::{random, storage, worker};

/// Name, in this tab's own storage, of the random word under which the worker holds its key.
const CARRIED: &str = "cardabelle-stand-key";

impl Notebook {
    /// The page goes away, perhaps to come back: the key of what is under the fingers waits for it. Somebody who signs herself
    /// up comes back to nothing.
    pub(super) fn leave_key(self) {
        let Some(session) = self.session() else { return };
        let ours = session.stand.as_ref().is_some_and(|row| !row.by_herself);
        let name = random::random_id().to_string();
        if ours
            && !self.shown.with_untracked(|shelf| shelf.all(|_| true)).is_empty()
            && storage::keep_in_tab(CARRIED, &name)
        {
            worker::carry(&name, &session.key);
        }
    }

    /// Opens the stand with the form that was left in it, if this tab finds its key again; else what is left is sealed.
    pub(super) async fn take_up(self, row: &Rc<Stand>) -> Result<Option<LeftOpen>, Trouble> {
        if self.take_up_entry(row).await? {
            let found = self.shown.with_untracked(|shelf| shelf.all(|_| true));
            let kinds = begun_at_a_stand(row.venue.as_ref().map(|venue| venue.kind.as_str()));
            let left = found.iter().find(|shown| kinds.iter().any(|kind| kind.id == shown.kind) && !is_finished(shown));
            if let Some(draft) = left {
                return Ok(Some(LeftOpen::Draft(draft.id)));
            }
            // It was noted, in the minute when it may be corrected: it is over.
            self.end_entry(true).await?;
            return Ok(None);
        }
        let left = new_store(row).await?.holds_readable().await?;
        self.renew_stand().await?;
        Ok(left.then_some(LeftOpen::Sealed))
    }

    /// `false`: this tab left no key, or one that opens nothing here.
    async fn take_up_entry(self, row: &Rc<Stand>) -> Result<bool, Trouble> {
        let Some(name) = storage::kept_in_tab(CARRIED) else { return Ok(false) };
        storage::forget_in_tab(CARRIED);
        let Some(key) = worker::take(&name).await else { return Ok(false) };
        let replica = Replica::new(store_of(row, key.clone())?, row.device_id);
        let Ok(contents) = replica.contents().await else { return Ok(false) };
        let any = !contents.shown.is_empty() && self.is_of(row);
        if any {
            self.open_entry(Rc::clone(row), key, replica, shelf::Shelf::of(contents.shown));
        }
        Ok(any)
    }
}

fn is_finished(shown: &Shown) -> bool {
    shown.fields.get(FINISHED_AT).is_some_and(|field| field.value.is_i64())
}
