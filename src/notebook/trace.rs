//! What this device tells of itself: which records were on its screen or went to paper, with or without a network. What is
//! told waits among the entries and leaves with them; nothing waits for it, and nothing is asked of anybody.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::RecordId;
use domain::people::TRACE;
use domain::people::trace::{Act, fields};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::{Hold, OperationKind, Save};

use super::Notebook;
use crate::platform::{clock, page, random, watch};

/// The page is drawn by then: what it costs to tell of it comes after.
const DRAWN_MS: u32 = 100;

/// What was looked at since the notebook was opened, and on which day: it is told once.
#[derive(Default)]
pub(super) struct Seen(RefCell<Vec<(NaiveDate, RecordId)>>);

impl Notebook {
    /// The page of this address is on the screen: the record it names is opened. Read inside an effect, it is called again
    /// when that record comes. What no server has is nobody else's yet: there is nobody to tell that its author reads it.
    pub fn opened(self, path: &str) {
        let Some(of) = named(path) else { return };
        let known = self.shown.with(|shelf| shelf.get(of).map(|shown| shown.author.is_some()));
        let (Some(received), Some(session)) = (known, self.session()) else { return };
        let look = (self.today(), of);
        if session.seen.0.borrow().contains(&look) {
            return;
        }
        session.seen.0.borrow_mut().push(look);
        if received {
            self.tell(Act::Opened, vec![of]);
        }
    }

    /// Tells what the browser prints: the record its address names, or those that a list, or the sheet made
    /// for paper, leads to.
    pub(super) fn watch_paper(self) {
        let received = move |of: &RecordId| self.peek(*of).is_some_and(|shown| shown.author.is_some());
        watch::on_print(move || {
            let paths = match page::path() {
                alone if named(&alone).is_some() => vec![alone],
                _ => page::printed_links(),
            };
            let mut of = Vec::new();
            for record in paths.iter().filter_map(|path| named(path)).filter(received) {
                // Two links of a line may lead to the same.
                if !of.contains(&record) {
                    of.push(record);
                }
            }
            self.tell(Act::Printed, of);
        })
        .forever();
    }

    fn tell(self, act: Act, of: Vec<RecordId>) {
        let Some(session) = self.session().filter(|session| session.stand.is_none()) else { return };
        if !session.account.roles.iter().any(|role| TRACE.writers.contains(role)) {
            return;
        }
        let now = clock::now();
        spawn_local(async move {
            page::sleep(DRAWN_MS).await;
            for of in of {
                // A notebook that was closed meanwhile is not opened anew for this.
                if !self.is_open(&session) {
                    return;
                }
                let save = Save {
                    record: random::record_id(),
                    kind: TRACE.id,
                    form_version: TRACE.form().version,
                    operation: OperationKind::Create,
                    fields: fields(act, of),
                    seen: BTreeMap::new(),
                    over: Vec::new(),
                    reason: None,
                    hold: Hold::No,
                    now,
                    op_id: random::op_id(),
                };
                // A disk that refuses keeps nobody from reading: the next entry says it, and the next look is told.
                if session.replica.save(save).await.is_err() {
                    session.seen.0.borrow_mut().retain(|(_, seen)| *seen != of);
                }
            }
        });
    }
}

/// The record an address names, if it names one.
fn named(path: &str) -> Option<RecordId> {
    path.split('/').find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route;

    #[test]
    fn an_address_names_its_record_and_a_list_names_none() {
        let id = RecordId(uuid::Uuid::from_u128(7));
        for path in
            [route::person(id), route::entry(id), route::sheet(id), route::history(id), route::dispute(id, "phone")]
        {
            assert_eq!(named(&path), Some(id), "{path}");
        }
        for path in ["/", route::PEOPLE, route::NEW_PERSON, "/liste/dossiers"] {
            assert_eq!(named(path), None, "{path}");
        }
    }
}
