//! What stands wrote, on its way to the server: nothing here can read it.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::MAX_OPERATIONS;
use sync::protocol::access::{MAX_STAND_BYTES, STAND_UNKNOWN, StandPush};
use sync::{StoreError, Waiting};

use super::super::exchange::{Halt, pause};
use super::super::state::Session;
use super::super::{Link, Notebook, Trouble};
use super::{lock_name, new_store};
use crate::platform::idb::stand::Stand;
use crate::platform::idb::{self, IdbStore};
use crate::platform::server::{self, Failure};
use crate::platform::watch::sleep;
use crate::platform::{clock, locks, page};

/// What of a stand that is over stays here.
struct Left {
    waiting: usize,
    /// Those among them that can never leave.
    stuck: usize,
    /// The server knows that it is over.
    told: bool,
}

impl Left {
    /// Another try would change nothing.
    const fn done(&self) -> bool {
        self.told && self.waiting == self.stuck
    }
}

const SILENT_SERVER: &str =
    "Le serveur n’a pas confirmé l’arrivée. Ce qui est noté reste sur cet appareil. Nous réessayons.";

impl Notebook {
    /// Sends what is sealed, in order, until nothing may leave.
    pub(in crate::notebook) async fn send_seals(self, store: &IdbStore, row: &Stand) -> Result<(), Halt> {
        loop {
            let mut bytes = IdbStore::AROUND;
            let mut operations = store.seals(MAX_OPERATIONS).await?;
            let fits = operations.iter().position(|sealed| {
                bytes += sealed.sealed.content.len() + IdbStore::AROUND_ONE;
                bytes > MAX_STAND_BYTES
            });
            // The first always fits: one that is too long by itself is left out.
            operations.truncate(fits.unwrap_or(operations.len()));
            if operations.is_empty() {
                return Ok(());
            }
            let reply = match server::push_stand(&StandPush { token: row.token.clone(), operations, over: false }).await
            {
                Ok(reply) => reply,
                // Nobody can sign in again here: the server says what it has to say.
                Err(Failure::Problem { problem, .. }) => {
                    return Err(Halt::Link(Link::Refused, Some(problem.message)));
                }
                Err(failure) => return Err(failure.into()),
            };
            if reply.received.is_empty() {
                return Err(Halt::Link(Link::Refused, Some(SILENT_SERVER.to_owned())));
            }
            store.seals_received(&reply.received).await?;
        }
    }

    /// Says that a stand is over, so that its code serves nobody any more; `false`: it could not be said yet.
    async fn say_over(self, row: &Stand) -> bool {
        let over = StandPush { token: row.token.clone(), operations: Vec::new(), over: true };
        let said = match server::push_stand(&over).await {
            Ok(_) => true,
            // A server that knows no such stand shows no code of it.
            Err(Failure::Problem { problem, .. }) => problem.code == STAND_UNKNOWN,
            Err(_) => false,
        };
        if said {
            // Said again at the next try if the disk refuses.
            let told = |there| Some(Stand { told: true, ..there });
            let _ = self.inner().devices.change_stand(row.device_id, told).await;
        }
        said
    }

    /// What the server does not have yet. A stand counts its seals: nothing else tells.
    pub(in crate::notebook) async fn waiting(self, session: &Session) -> Result<Waiting, StoreError> {
        let waiting = session.replica.waiting().await?;
        if session.stand.is_none() {
            return Ok(waiting);
        }
        let count = session.store().seals_waiting().await?;
        let last_acknowledged = if count == 0 { waiting.last_drawn } else { 0 };
        Ok(Waiting { count, oldest: None, last_acknowledged, ..waiting })
    }

    /// Sends for the stands that are over, as long as there are any.
    pub(in crate::notebook) fn mail_stands(self) {
        let inner = self.inner();
        if inner.standing.over.get() || inner.standing.mailing.replace(true) {
            return;
        }
        spawn_local(async move {
            let done = self.mail_all().await;
            let standing = &self.inner().standing;
            standing.mailing.set(false);
            if done {
                standing.failures.set(0);
                return;
            }
            let failures = standing.failures.get();
            standing.failures.set(failures.saturating_add(1));
            sleep(pause(failures)).await;
            if self.inner().standing.failures.get() == failures.saturating_add(1) {
                self.mail_stands();
            }
        });
    }

    /// `false`: something waits still, to be tried again.
    async fn mail_all(self) -> bool {
        let devices = &self.inner().devices;
        let Ok(rows) = devices.stands().await else { return false };
        // What somebody left on her way was hers alone: nobody comes back to it.
        let held = if rows.iter().any(|row| row.by_herself) { locks::held().await } else { Vec::new() };
        let left_behind = |row: &Stand| row.by_herself && !held.contains(&lock_name(row));
        let over: Vec<Stand> = rows.into_iter().filter(|row| !row.is_open(clock::now()) || left_behind(row)).collect();
        let (mut waiting, mut stuck, mut done) = (0, 0, true);
        for row in over {
            // Without an answer, another tab does it.
            if let Some(left) = self.mail(&row).await {
                waiting += left.waiting;
                stuck += left.stuck;
                done &= left.done();
            }
            self.stands().waiting.set(waiting);
        }
        self.stands().waiting.set(waiting);
        self.stands().stuck.set(stuck);
        done
    }

    /// Sends for one stand that is over; answers what of it stays. `None`: another tab sends for it.
    async fn mail(self, row: &Stand) -> Option<Left> {
        let ours = Rc::new(Cell::new(false));
        let held = Rc::clone(&ours);
        let lock = locks::lead(&lock_name(row), move || held.set(true));
        for _ in 0..20 {
            if ours.get() {
                break;
            }
            sleep(50).await;
        }
        if !ours.get() {
            return None;
        }
        let left = self.mail_held(row).await.unwrap_or(Left { waiting: 1, stuck: 0, told: row.told });
        drop(lock);
        Some(left)
    }

    async fn mail_held(self, row: &Stand) -> Result<Left, Trouble> {
        let devices = &self.inner().devices;
        let store = new_store(row).await?;
        if !store.is_there().await? {
            self.evicted.set(true);
            devices.forget_stand(row.device_id).await?;
            return Ok(Left { waiting: 0, stuck: 0, told: true });
        }
        if !row.closed {
            // Its hour came while nobody was there.
            devices.change_stand(row.device_id, |there| (!there.closed).then(|| there.over())).await?;
        }
        // What a killed page left under a key that is gone; its seals may leave then.
        store.forget_readable().await?;
        let waiting = store.seals_waiting().await?;
        self.stands().waiting.update(|shown| *shown = (*shown).max(waiting));
        let reachable = page::is_online() || page::is_local();
        // The code first: who scans it now would be alone.
        let told = row.told || (reachable && self.say_over(row).await);
        if waiting > 0 && reachable {
            // What did not leave is counted below.
            let _ = self.send_seals(&store, row).await;
        }
        let waiting = store.seals_waiting().await?;
        if waiting == 0 && told {
            devices.forget_stand(row.device_id).await?;
            store.close();
            // Only an empty database stays if the browser refuses.
            let _ = idb::delete(&IdbStore::name(row.device_id)).await;
            return Ok(Left { waiting: 0, stuck: 0, told });
        }
        Ok(Left { waiting, stuck: store.seals_stuck().await?, told })
    }
}

#[cfg(test)]
mod tests {
    use super::Left;

    #[test]
    fn a_stand_is_done_with_once_all_of_it_left_and_the_server_knows_that_it_is_over() {
        let done = |waiting, stuck, told| Left { waiting, stuck, told }.done();
        assert!(done(0, 0, true));
        assert!(!done(0, 0, false), "its code would go on serving");
        assert!(!done(2, 1, true));
        assert!(done(1, 1, true), "what can never leave is not tried again");
    }
}
