//! The exchange with the server: read what is there once, then push until nothing waits, pull until there is no more,
//! back off when it fails.

use std::rc::Rc;

use domain::Timestamp;
use domain::id::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::Check;
use sync::protocol::access::{DISABLED, REVOKED};
use sync::{FirstPull, OperationKind, Record, Seq, Store, StoreError};

use super::state::Session;
use super::tabs::Word;
use super::{Checked, Link, Notebook};
use crate::platform::server::{self, Failure, Why};
use crate::platform::{clock, page, random, watch};

const PERIOD_MS: u32 = 60_000;
const FIRST_RETRY_MS: u32 = 1_000;
const MAX_RETRY_MS: u32 = 300_000;
/// A field is left alone this long after its last key, unless it loses focus.
const TYPING_MS: f64 = 10_000.0;
/// Waiting operations are counted at most this often.
const COUNT_MS: u32 = 300;
/// What this device holds is compared with the server this often, beside each opening.
const CHECK_MS: i64 = 24 * 3_600_000;
/// A clock this far from the server's misleads who reads its dates.
const CLOCK_MS: i64 = 10 * 60_000;
/// Frames of a first pull come faster than a list can be drawn again: the first at once, then this often.
const SHOW_MS: f64 = 700.0;
/// How often a round begins again by itself: once for a restored server, once for a difference.
const TURNS: usize = 3;

const OLDER_SERVER: &str = "Le serveur est plus ancien que ce que cet appareil a déjà reçu de lui. Vos saisies sont gardées \
    ici. Prévenez la coordination.";

/// Why a round stopped before its end.
pub(super) enum Halt {
    /// And what the server said of it.
    Link(Link, Option<String>),
    /// Somebody ended this device's access: it hands over what waits, then wipes itself.
    Revoked,
    /// The disk refused: nothing was sent or received that it did not note.
    Store(StoreError),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Problem { status: 401, problem } if problem.code == REVOKED => Self::Revoked,
            // Signing in again would not help.
            Failure::Problem { status: 401, problem } if problem.code == DISABLED => {
                Self::Link(Link::Refused, Some(problem.message))
            }
            Failure::Problem { status: 401, problem } => Self::Link(Link::Expired, Some(problem.message)),
            Failure::Problem { problem, .. } => Self::Link(Link::Refused, Some(problem.message)),
            Failure::Unreachable if !page::is_online() => Self::Link(Link::Offline, None),
            Failure::Unreachable | Failure::Silent => Self::Link(Link::ServerSilent, None),
        }
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
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
                self.mail_stands();
            } else if self.session().is_some() {
                self.tell_weather(Link::Offline, None);
            }
        })
        .forever();
        let both = move || {
            self.exchange_now();
            self.mail_stands();
        };
        watch::on_shown(both).forever();
        watch::on_shown(move || spawn_local(self.count_neighbours())).forever();
        watch::every(PERIOD_MS, both).forever();
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
            let round = match self.round(&session).await {
                Err(Halt::Revoked) => self.retire(&session).await,
                round => round,
            };
            if !self.is_open(&session) {
                // Locked meanwhile: how it went is no news for the next account.
                break;
            }
            match round {
                Ok(()) => {
                    session.exchange.failures.set(0);
                    self.tell_weather(Link::Online, None);
                }
                // One row that cannot be read stops nobody: it is put apart, told, and the rest goes on.
                Err(Halt::Store(StoreError::Corrupt(_))) if self.put_apart(&session).await => continue,
                Err(halt) => {
                    self.try_later(&session, &halt);
                    // A fault of the disk says nothing of the network.
                    if let Halt::Link(link, said) = halt {
                        self.tell_weather(link, said);
                    }
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
            return Err(Halt::Link(Link::Offline, None));
        }
        if let Some(stand) = &session.stand {
            self.send_seals(session.store(), stand).await?;
            if self.is_open(session) {
                self.exchange.update(|exchange| exchange.last_success = Some(clock::now()));
            }
            return Ok(());
        }
        for _ in 0..TURNS {
            // A device that never read the server does not know its epoch, without which it trusts no acknowledgement.
            self.show_changed(session, &[]).await?;
            self.first_pull(session).await?;
            self.push(session).await?;
            self.pull(session).await?;
            if !self.is_open(session) || session.replica.first_pull().await?.is_none() {
                break;
            }
            // The server was restored, or the check found a difference: begins again at once.
        }
        self.keep_seal_key(session).await;
        self.ask_neighbours(session).await;
        self.ask_colleagues(session).await;
        Ok(())
    }

    /// Reads the server's records from where the last attempt stopped; what was read shows at once.
    async fn first_pull(self, session: &Rc<Session>) -> Result<(), Halt> {
        let Some(mut first) = session.replica.first_pull().await? else { return Ok(()) };
        self.tell_progress(session, &first);
        let mut frames = server::snapshot(&session.token, first, session.exchange.why.get()).await?;
        session.exchange.why.set(None);
        let mut shown_at = None;
        while self.is_open(session) {
            let frame = frames.next().await?.ok_or(Failure::Unreachable)?;
            self.heard(session, frame.server_time);
            let erased = frame.records.iter().filter(|record| record.is_erased()).chain(&frame.erased);
            self.note_erased(session, erased.map(id)).await?;
            let changed = session.replica.framed(&frame).await?;
            let next = session.replica.first_pull().await?;
            session.exchange.to_show.borrow_mut().extend(changed);
            if next.is_none() || shown_at.is_none_or(|at| page::monotonic_ms() - at > SHOW_MS) {
                self.show_changed(session, &[]).await?;
                shown_at = Some(page::monotonic_ms());
            }
            if next == Some(first) {
                return Err(Halt::Link(Link::Refused, Some(OLDER_SERVER.to_owned())));
            }
            session.exchange.failures.set(0);
            match next {
                Some(next) => {
                    self.tell_progress(session, &next);
                    first = next;
                }
                None => break,
            }
        }
        Ok(())
    }

    fn tell_progress(self, session: &Rc<Session>, first: &FirstPull) {
        if !self.is_open(session) {
            return;
        }
        self.exchange.update(|exchange| {
            exchange.first_pull = Some((first.read, first.total));
            exchange.all_sent = false;
            if first.read > 0 {
                exchange.link = Link::Online;
            }
        });
        self.say_weather();
    }

    /// Sends what waits. Stops when the server's answers are of another epoch, so that nothing leaves the outbox: a first
    /// pull will tell.
    async fn push(self, session: &Rc<Session>) -> Result<(), Halt> {
        let mut last_offered = None;
        while self.is_open(session) {
            let typing = typing(session);
            let Some(offer) = session.replica.offer(typing).await? else { break };
            let first = offer.operations.first().map(|operation| operation.op_id);
            if first == last_offered {
                break;
            }
            last_offered = first;
            match server::push(&session.token, &offer).await {
                Ok(reply) => {
                    self.heard(session, reply.server_time);
                    let changed = session.replica.pushed(session.account.id, &reply).await;
                    self.show_changed(session, &changed?).await?;
                }
                Err(Failure::Problem { status: 400, problem }) => {
                    let unread = problem.position.and_then(|position| offer.operations.get(position));
                    let Some(unread) = unread else { return Err(Halt::Link(Link::Refused, Some(problem.message))) };
                    session.replica.set_aside(unread.op_id).await?;
                    last_offered = None;
                    self.show_changed(session, &[unread.record_id]).await?;
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
    }

    async fn pull(self, session: &Rc<Session>) -> Result<(), Halt> {
        while self.is_open(session) {
            let cursor = session.store().cursor().await?;
            if cursor.first.is_some() || cursor.epoch == 0 {
                break;
            }
            let check = check_is_due(session);
            let page = server::pull(&session.token, cursor, check).await?;
            self.heard(session, page.server_time);
            if page.epoch < cursor.epoch {
                return Err(Halt::Link(Link::Refused, Some(OLDER_SERVER.to_owned())));
            }
            if !page.left.is_empty() {
                // What is under the fingers is written first: it waits, and leaves before its record does.
                self.flush().await;
                self.note_left(session, &page.left).await?;
            }
            let erasures = page.operations.iter().filter(|one| one.operation.kind == OperationKind::Erase);
            let erased = erasures.map(|one| one.operation.record_id);
            self.note_erased(session, erased.chain(page.entered.iter().filter(|one| one.is_erased()).map(id))).await?;
            let changed = session.replica.pulled(&page).await?;
            self.show_changed(session, &changed).await?;
            if !page.more && check {
                session.exchange.asked.set(Some(clock::now()));
            }
            if !(page.entered.is_empty() && page.left.is_empty()) {
                // What she may see changed: the server counts again.
                session.exchange.asked.set(None);
            } else if let Some(check) = &page.check {
                self.compare(session, page.since, check).await?;
            }
            let asks_again = check_is_due(session) && !check;
            if !page.more && !asks_again {
                break;
            }
        }
        Ok(())
    }

    /// Compares what this device holds with what the server says it must. A difference is told, to her and to the
    /// server's log, and mended by a first pull; once mended it is looked at again, once.
    async fn compare(self, session: &Rc<Session>, since: Seq, check: &Check) -> Result<(), Halt> {
        let agrees = session.replica.agrees(since, check).await?;
        let before = self.exchange.with_untracked(|exchange| exchange.checked);
        if !agrees {
            session.exchange.why.set(Some(Why::Check));
            if before.is_none_or(|before| before.agrees) {
                session.exchange.asked.set(None);
            }
        }
        if self.is_open(session) {
            self.exchange.update(|exchange| {
                let mended = agrees && before.is_some_and(|before| !before.agrees);
                exchange.checked = Some(Checked { at: clock::now(), agrees, mended });
                exchange.all_sent &= agrees;
            });
        }
        Ok(())
    }

    /// A reply came, and says what time it is there.
    fn heard(self, session: &Rc<Session>, server_time: Timestamp) {
        if !self.is_open(session) {
            // Locked meanwhile: it is no news for the next account.
            return;
        }
        let now = clock::now();
        let ahead = now.0 - server_time.0;
        self.exchange.update(|exchange| {
            exchange.last_success = Some(now);
            exchange.clock_ahead = if ahead.abs() > CLOCK_MS { ahead / 60_000 } else { 0 };
        });
    }

    /// Shows what was received, and what an earlier failure left unshown: it is on the disk, and no pull will bring it again.
    async fn show_changed(self, session: &Rc<Session>, changed: &[RecordId]) -> Result<(), Halt> {
        session.exchange.to_show.borrow_mut().extend(changed.iter().copied());
        let ids: Vec<_> = session.exchange.to_show.borrow().iter().copied().collect();
        if !ids.is_empty() && self.is_open(session) {
            // The other tabs read by themselves.
            self.say(&Word::Changed(ids.clone()));
        }
        self.refresh(session, &ids).await?;
        session.exchange.to_show.borrow_mut().retain(|id| !ids.contains(id));
        if !ids.is_empty() && self.is_open(session) {
            self.count_soon();
        }
        Ok(())
    }

    fn try_later(self, session: &Rc<Session>, halt: &Halt) {
        let failures = session.exchange.failures.get();
        session.exchange.failures.set(failures.saturating_add(1));
        if matches!(halt, Halt::Link(Link::Offline | Link::Expired, _)) {
            // The `online` event, or a sign-in, will tell; the period also tries.
            return;
        }
        let session = Rc::clone(session);
        spawn_local(async move {
            page::sleep(pause(failures)).await;
            // Another trigger may have succeeded, or failed, meanwhile.
            if self.is_open(&session) && session.exchange.failures.get() == failures.saturating_add(1) {
                self.exchange_now();
            }
        });
    }

    fn tell_weather(self, link: Link, said: Option<String>) {
        self.exchange.update(|exchange| {
            exchange.link = link;
            exchange.said = said;
            exchange.all_sent = exchange.all_sent && link == Link::Online;
        });
        self.say_weather();
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
            if !self.is_open(&session) {
                // A notebook that was wiped meanwhile must not be opened anew by being counted.
                return;
            }
            let changes = session.exchange.changes.get();
            // Before what waits: the last frame of a first pull may put entries back among it.
            let first = match session.stand {
                Some(_) => Ok(None),
                None => session.replica.first_pull().await,
            };
            let counted = self.waiting(&session).await;
            let erased = self.erased_with(&session).await;
            self.show_departures(&session).await;
            let moved = session.exchange.changes.get() != changes;
            let settled = !moved && session.typed.pending.borrow().is_empty();
            if let (Ok(waiting), Ok(first), true) = (counted, first, self.is_open(&session)) {
                self.exchange.update(|exchange| {
                    exchange.waiting = waiting;
                    exchange.first_pull = first.map(|first| (first.read, first.total));
                    exchange.erased = erased;
                    let agrees = exchange.checked.is_none_or(|checked| checked.agrees);
                    let read = first.is_none() && agrees && exchange.unreadable == 0;
                    exchange.all_sent = settled && read && waiting.everything_sent() && exchange.link == Link::Online;
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

/// Exponential back-off from 1 s to 5 min, with jitter so that a town's tablets do not come back all at once.
pub(super) fn pause(failures: u32) -> u32 {
    let longest = (FIRST_RETRY_MS << failures.min(9)).min(MAX_RETRY_MS);
    longest / 2 + u32::try_from(random::below(longest as usize / 2)).unwrap_or_default()
}

/// The field under the fingers, if its last key is recent.
fn typing(session: &Session) -> Option<(RecordId, &'static str)> {
    let (record, field, at) = session.typed.last_key.get()?;
    (page::monotonic_ms() - at < TYPING_MS).then_some((record, field))
}

fn check_is_due(session: &Session) -> bool {
    session.exchange.asked.get().is_none_or(|at| (clock::now().0 - at.0).abs() >= CHECK_MS)
}

fn id(record: &Record) -> RecordId {
    record.id
}
