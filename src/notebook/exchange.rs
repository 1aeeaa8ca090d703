//! The exchange with the server: push until nothing waits, pull until there is no more, back off when it fails.

use std::rc::Rc;

use domain::id::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::{Store, StoreError};

use super::state::Session;
use super::tabs::Word;
use super::{Link, Notebook};
use crate::platform::server::{self, Failure};
use crate::platform::{clock, page, random, watch};

const PERIOD_MS: u32 = 60_000;
const FIRST_RETRY_MS: u32 = 1_000;
const MAX_RETRY_MS: u32 = 300_000;
/// A field is left alone this long after its last key, unless it loses focus.
const TYPING_MS: f64 = 10_000.0;
/// Waiting operations are counted at most this often.
const COUNT_MS: u32 = 300;

/// Why a round stopped before its end.
#[derive(Clone, Copy)]
enum Halt {
    Link(Link),
    /// The disk refused: nothing was sent or received that it did not note.
    Store,
}

impl From<Link> for Halt {
    fn from(link: Link) -> Self {
        Self::Link(link)
    }
}

impl From<StoreError> for Halt {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

impl Notebook {
    /// Exchanges as soon as possible, in the tab that does it.
    pub fn exchange_now(self) {
        let Some(session) = self.session() else { return };
        if !session.leader.get() {
            self.say(&Word::Exchange);
        } else if session.exchange.running.replace(true) {
            session.exchange.again.set(true);
        } else {
            spawn_local(self.run(session));
        }
    }

    pub(super) fn watch_network(self) {
        watch::on_network(move |online| {
            if online {
                self.exchange_now();
            } else if self.session().is_some() {
                self.tell_weather(Link::Offline);
            }
        })
        .forever();
        watch::on_shown(move || self.exchange_now()).forever();
        watch::every(PERIOD_MS, move || self.exchange_now()).forever();
    }

    /// After a save: at once, or when the fingers have left the field for long enough.
    pub(super) fn exchange_after_typing(self) {
        let Some(session) = self.session() else { return };
        if typing(&session).is_none() {
            self.exchange_now();
        } else if !session.exchange.planned.replace(true) {
            spawn_local(async move {
                while typing(&session).is_some() {
                    page::sleep(1_000).await;
                }
                session.exchange.planned.set(false);
                if self.is_open(&session) {
                    self.exchange_now();
                }
            });
        }
    }

    async fn run(self, session: Rc<Session>) {
        loop {
            session.exchange.again.set(false);
            let round = self.round(&session).await;
            if !self.is_open(&session) {
                // Locked meanwhile: how it went is no news for the next account.
                break;
            }
            match round {
                Ok(()) => {
                    session.exchange.failures.set(0);
                    self.tell_weather(Link::Online);
                }
                Err(halt) => {
                    // A fault of the disk says nothing of the network.
                    if let Halt::Link(link) = halt {
                        self.tell_weather(link);
                    }
                    self.try_later(&session, halt);
                    break;
                }
            }
            if !session.exchange.again.get() || !self.is_open(&session) {
                break;
            }
        }
        session.exchange.running.set(false);
    }

    async fn round(self, session: &Rc<Session>) -> Result<(), Halt> {
        if !page::is_online() && !page::is_local() {
            // Nothing is offered: what is typed meanwhile goes on replacing what waits.
            return Err(Link::Offline.into());
        }
        // A device that never pulled does not know the server's epoch, without which it trusts no acknowledgement.
        let cursor = session.store().cursor().await?;
        if cursor.epoch == 0 {
            self.pull(session).await?;
        }
        let stuck = !self.push(session).await?;
        self.pull(session).await?;
        if stuck {
            // The pull brought the new epoch: now the server's answers count.
            self.push(session).await?;
        }
        Ok(())
    }

    /// Sends what waits; `false` when the server's answers were of another epoch, so that nothing left the outbox.
    async fn push(self, session: &Rc<Session>) -> Result<bool, Halt> {
        let mut last_offered = None;
        while self.is_open(session) {
            let typing = typing(session);
            let offer = session.replica.offer(typing).await?;
            let Some(offer) = offer else { return Ok(true) };
            let first = offer.operations.first().map(|operation| operation.op_id);
            if first == last_offered {
                return Ok(false);
            }
            last_offered = first;
            match server::push(&session.token, &offer).await {
                Ok(reply) => {
                    let changed = session.replica.pushed(session.account.id, &reply).await;
                    self.show_changed(session, &changed?).await?;
                }
                Err(Failure::Problem { status: 400, problem }) => {
                    let unread = problem.position.and_then(|position| offer.operations.get(position));
                    let Some(unread) = unread else { return Err(Link::ServerSilent.into()) };
                    session.replica.set_aside(unread.op_id).await?;
                    last_offered = None;
                    self.show_changed(session, &[unread.record_id]).await?;
                }
                Err(failure) => return Err(link_of(&failure).into()),
            }
        }
        Ok(true)
    }

    async fn pull(self, session: &Rc<Session>) -> Result<(), Halt> {
        while self.is_open(session) {
            let cursor = session.store().cursor().await?;
            let page = server::pull(&session.token, cursor).await.map_err(|failure| Halt::Link(link_of(&failure)))?;
            let changed = session.replica.pulled(&page).await?;
            self.show_changed(session, &changed).await?;
            if !page.more {
                break;
            }
        }
        Ok(())
    }

    async fn show_changed(self, session: &Rc<Session>, changed: &[RecordId]) -> Result<(), Halt> {
        self.refresh(session, changed).await?;
        if !changed.is_empty() && self.is_open(session) {
            self.say(&Word::Changed(changed.to_vec()));
            self.count_soon();
        }
        Ok(())
    }

    /// Exponential back-off from 1 s to 5 min, with jitter so that a town's tablets do not come back all at once.
    fn try_later(self, session: &Rc<Session>, halt: Halt) {
        let failures = session.exchange.failures.get();
        session.exchange.failures.set(failures.saturating_add(1));
        if matches!(halt, Halt::Link(Link::Offline | Link::Expired)) {
            // The `online` event, or a sign-in, will tell; the period also tries.
            return;
        }
        let longest = (FIRST_RETRY_MS << failures.min(9)).min(MAX_RETRY_MS);
        let jitter = u32::try_from(random::below(longest as usize / 2)).unwrap_or_default();
        let session = Rc::clone(session);
        spawn_local(async move {
            page::sleep(longest / 2 + jitter).await;
            // Another trigger may have succeeded, or failed, meanwhile.
            if self.is_open(&session) && session.exchange.failures.get() == failures.saturating_add(1) {
                self.exchange_now();
            }
        });
    }

    fn tell_weather(self, link: Link) {
        self.exchange.update(|exchange| {
            exchange.link = link;
            exchange.all_sent = exchange.all_sent && link == Link::Online;
            if link == Link::Online {
                exchange.last_success = Some(clock::now());
            }
        });
        let last_success = self.exchange.with_untracked(|exchange| exchange.last_success);
        self.say(&Word::Weather(link, last_success));
        self.count_soon();
    }

    /// Counts what waits, soon: many saves in a row are counted once.
    pub(super) fn count_soon(self) {
        let Some(session) = self.session() else { return };
        if session.exchange.counting.replace(true) {
            return;
        }
        spawn_local(async move {
            page::sleep(COUNT_MS).await;
            session.exchange.counting.set(false);
            let changes = session.exchange.changes.get();
            let counted = session.replica.waiting().await;
            let moved = session.exchange.changes.get() != changes;
            let settled = !moved && session.typed.pending.borrow().is_empty();
            if let (Ok(waiting), true) = (counted, self.is_open(&session)) {
                self.exchange.update(|exchange| {
                    exchange.waiting = waiting;
                    exchange.all_sent = settled && waiting.everything_sent() && exchange.link == Link::Online;
                });
                if moved {
                    self.count_soon();
                }
            }
        });
    }

    /// Something changes: « tout est envoyé » is taken back at once, before the change is counted.
    pub(super) fn not_all_sent(self, session: &Session) {
        session.exchange.changes.set(session.exchange.changes.get() + 1);
        if self.exchange.with_untracked(|exchange| exchange.all_sent) {
            self.exchange.update(|exchange| exchange.all_sent = false);
        }
    }
}

/// The field under the fingers, if its last key is recent.
fn typing(session: &Session) -> Option<(RecordId, &'static str)> {
    let (record, field, at) = session.typed.last_key.get()?;
    (page::monotonic_ms() - at < TYPING_MS).then_some((record, field))
}

fn link_of(failure: &Failure) -> Link {
    match failure {
        Failure::Problem { status: 401, .. } => Link::Expired,
        Failure::Unreachable if !page::is_online() => Link::Offline,
        _ => Link::ServerSilent,
    }
}
