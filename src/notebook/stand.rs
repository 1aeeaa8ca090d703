//! A stand: for a day this browser writes and reads nothing. Opened from a notebook, which is locked; held by people
//! without an account; closed by a touch or by its hour. What it wrote goes on leaving afterwards, whoever is there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use domain::Timestamp;
use domain::id::DeviceId;
use domain::people::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::access::{MAX_STAND_BYTES, NewStand, StandLine, StandPush};
use sync::protocol::{Account, MAX_OPERATIONS};
use sync::{Replica, StoreError, Waiting};

use super::door::Token;
use super::exchange::{Halt, pause};
use super::state::{Exchanging, Session, Typed};
use super::trace::Seen;
use super::{Gate, Link, Notebook, Saving, Trouble, TroubleKind, shelf};
use crate::platform::crypto::Key;
use crate::platform::idb::stand::Stand;
use crate::platform::idb::{self, IdbStore};
use crate::platform::server::Failure;
use crate::platform::watch::{Guard, sleep};
use crate::platform::{clock, locks, page, random, server};

/// Letters of a first name the server takes, at most.
const LONGEST_NAME: usize = 80;
/// How often the hour is looked at.
const TICK_MS: u32 = 5_000;
/// The end is told this long before.
const SOON_MS: i64 = 10 * 60_000;
/// A tab that has not answered for so long is another tab's stand.
const ELSEWHERE_MS: u32 = 1_000;

const SILENT_SERVER: &str =
    "Le serveur n’a pas confirmé l’arrivée. Ce qui est noté reste sur cet appareil. Nous réessayons.";

/// The stand of this page, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub state: HeldState,
    /// « Marché de Saverdun »; empty after a reload: only the page that opened it knew.
    pub name: String,
    /// First names; empty after a reload too.
    pub volunteers: Vec<String>,
    /// The one who holds the tablet.
    pub volunteer: Option<String>,
    pub until: Timestamp,
    /// Its hour is near.
    pub ends_soon: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldState {
    Opening,
    Open,
    /// Another tab of this browser holds it.
    Elsewhere,
    /// The disk refuses.
    Stuck(Trouble),
}

/// The signals of stands.
#[derive(Clone, Copy)]
pub(super) struct Stands {
    held: RwSignal<Option<Held>>,
    /// Entries of stands that are over, still here.
    waiting: RwSignal<usize>,
    /// Those among them that can never leave.
    stuck: RwSignal<usize>,
    /// A stand was closed in this page.
    ended: RwSignal<bool>,
}

/// What no signal shows.
#[derive(Default)]
pub(super) struct Standing {
    /// The stand of this page.
    row: RefCell<Option<Rc<Stand>>>,
    /// One tab holds a stand, or sends for it.
    lock: RefCell<Option<Guard>>,
    mailing: Cell<bool>,
    failures: Cell<u32>,
}

impl Stands {
    pub(super) fn new() -> Self {
        let (waiting, stuck) = (RwSignal::new(0), RwSignal::new(0));
        Self { held: RwSignal::new(None), waiting, stuck, ended: RwSignal::new(false) }
    }
}

impl Notebook {
    fn stands(self) -> Stands {
        self.stands.get_value()
    }

    /// The stand of this page; `Some` while the gate is [`Gate::Stand`].
    #[must_use]
    pub fn stand(self) -> Signal<Option<Held>> {
        self.stands().held.into()
    }

    /// Entries of stands that are over and wait for the network.
    #[must_use]
    pub fn stand_waiting(self) -> Signal<usize> {
        self.stands().waiting.into()
    }

    /// Entries among them that cannot be sent, spoilt or too long.
    #[must_use]
    pub fn stand_stuck(self) -> Signal<usize> {
        self.stands().stuck.into()
    }

    /// A stand has just been closed here.
    #[must_use]
    pub fn stand_ended(self) -> Signal<bool> {
        self.stands().ended.into()
    }

    /// The stands this account looks after, newest first, wherever they are held.
    ///
    /// # Errors
    /// The network or the server is silent, or the server refused.
    pub async fn stands_opened(self) -> Result<Vec<StandLine>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::stands(&session.token).await?.stands)
    }

    /// Closes a stand held somewhere else, whose telephone is lost: what it sends from then on is set aside.
    ///
    /// # Errors
    /// The network or the server is silent, or the server refused: nothing changes.
    pub async fn close_from_afar(self, device: DeviceId) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::close_stand(&session.token, device).await?)
    }

    /// Opens a stand with the network, and locks every notebook of this browser.
    ///
    /// # Errors
    /// No network, the server refused, or the disk did: the notebook stays open and there is no stand.
    pub async fn open_stand(self, name: String, volunteers: Vec<String>, until: Timestamp) -> Result<(), Trouble> {
        self.flushed().await?;
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let wanted = NewStand { name, volunteers, until };
        let opened = server::open_stand(&session.token, &wanted).await?;
        let row = Stand {
            device_id: opened.device_id,
            account_id: opened.account.id,
            territory: opened.account.territory,
            seal_key: opened.seal_key.key,
            token: opened.token,
            until: opened.until,
            closed: false,
            demo: self.demo.get_untracked(),
        };
        // Its own mark first: a stand in the list whose mark is missing was erased by the browser.
        new_store(&row).await?.begin().await?;
        self.inner().devices.keep_stand(&row).await?;
        let NewStand { name, volunteers, .. } = wanted;
        // A stand is held by people without an account: no notebook stays open beside it, whosever it is.
        self.say_all_locked();
        self.forget_session();
        self.hold_stand(row, name, volunteers);
        Ok(())
    }

    /// The stand that was held when the browser was closed, killed or loaded again; `false`: there is none.
    pub(super) async fn resume_stand(self) -> Result<bool, Trouble> {
        let now = clock::now();
        let open = self.inner().devices.stands().await?.into_iter().find(|stand| stand.is_open(now));
        let any = open.is_some();
        if let Some(row) = open {
            self.hold_stand(row, String::new(), Vec::new());
        }
        Ok(any)
    }

    /// Waits to be the tab that holds it, then opens it.
    fn hold_stand(self, row: Stand, name: String, volunteers: Vec<String>) {
        let row = Rc::new(row);
        let inner = self.inner();
        let until = row.until;
        let held = Held { state: HeldState::Opening, name, volunteers, volunteer: None, until, ends_soon: false };
        self.stands().held.set(Some(held));
        self.stands().ended.set(false);
        self.demo.set(row.demo);
        *inner.standing.row.borrow_mut() = Some(Rc::clone(&row));
        self.gate.set(Gate::Stand);
        let guard = locks::lead(&lock_name(&row), move || self.enter_stand());
        *inner.standing.lock.borrow_mut() = Some(guard);
        set_timeout(
            move || {
                self.stands().held.update(|held| {
                    if let Some(held) = held.as_mut().filter(|held| held.state == HeldState::Opening) {
                        held.state = HeldState::Elsewhere;
                    }
                });
            },
            Duration::from_millis(ELSEWHERE_MS.into()),
        );
        spawn_local(self.watch_hour(row));
    }

    /// Opens the stand, or tries again to; leaves it if it was closed while another tab held it.
    pub fn enter_stand(self) {
        spawn_local(async move {
            let Some(row) = self.inner().standing.row.borrow().clone() else { return };
            let state = match self.inner().devices.is_stand_open(row.device_id, clock::now()).await {
                Ok(true) => match self.renew_stand().await {
                    Ok(()) => HeldState::Open,
                    Err(trouble) => HeldState::Stuck(trouble),
                },
                Ok(false) => return self.leave_stand(),
                Err(error) => HeldState::Stuck(error.into()),
            };
            self.stands().held.update(|held| {
                if let Some(held) = held {
                    held.state = state;
                }
            });
        });
    }

    /// Ends the form under the fingers: what has a number stays, sealed; nothing that this page could read again does,
    /// and the key that read it is dropped. Without `noted`, what is being typed goes too.
    ///
    /// # Errors
    /// The disk refused: the form stays open.
    pub async fn end_entry(self, noted: bool) -> Result<(), Trouble> {
        if noted {
            self.flushed().await?;
        } else if let Some(session) = self.session() {
            // A write under way would land in the store once it is emptied.
            while session.typed.writing.replace(true) {
                sleep(5).await;
            }
            session.typed.pending.borrow_mut().clear();
            session.typed.writing.set(false);
        }
        self.renew_stand().await
    }

    /// A new key over an empty store: at the beginning, and after each form.
    async fn renew_stand(self) -> Result<(), Trouble> {
        let inner = self.inner();
        let Some(row) = inner.standing.row.borrow().clone() else { return Ok(()) };
        let key = Key::from_bytes(&random::bytes::<32>()).await?;
        let store = store_of(&row, key.clone())?;
        if !store.is_there().await? {
            return Err(self.stand_lost(&row).await);
        }
        store.forget_readable().await?;
        let account = Account {
            id: row.account_id,
            name: String::new(),
            profession: String::new(),
            roles: vec![Role::StandSession],
            territory: row.territory,
            territory_name: String::new(),
        };
        let failures = inner.session.borrow().as_ref().map_or(0, |former| former.exchange.failures.get());
        let session = Rc::new(Session {
            device: row.device_id,
            key,
            closing: Cell::new(false),
            account,
            // The one that sends is sealed, and beside.
            token: Token::new(String::new()),
            replica: Replica::new(store, row.device_id),
            typed: Typed::default(),
            drafts: RefCell::default(),
            exchange: Exchanging { failures: Cell::new(failures), ..Exchanging::default() },
            seen: Seen::default(),
            place: RefCell::default(),
            place_writing: Cell::new(false),
            channel: RefCell::default(),
            leadership: RefCell::default(),
            leader: Cell::new(true),
            stand: Some(row),
        });
        let former = inner.session.borrow_mut().replace(Rc::clone(&session));
        if let Some(former) = former {
            former.store().close();
        }
        self.shown.set(shelf::Shelf::default());
        self.saving.set(Saving::Idle);
        self.count_soon();
        self.exchange_now();
        Ok(())
    }

    /// The browser erased what the stand had kept. Its numbers are not used again.
    async fn stand_lost(self, row: &Stand) -> Trouble {
        self.evicted.set(true);
        self.leave_stand();
        self.stands().ended.set(false);
        // If the disk refuses, it is found empty again.
        let _ = self.inner().devices.forget_stand(row.device_id).await;
        TroubleKind::StorageUnreadable.into()
    }

    /// Who holds the tablet from now on; a name that is not there yet joins the others. `None`: to be asked.
    pub fn hand_to(self, volunteer: Option<String>) {
        let volunteer = volunteer.map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
        self.stands().held.update(|held| {
            if let Some(held) = held {
                if let Some(name) = volunteer.as_ref().filter(|name| !held.volunteers.contains(name)) {
                    held.volunteers.push(name.clone());
                }
                held.volunteer = volunteer;
            }
        });
    }

    /// Whoever begins a record at a stand: the account says nothing of it.
    pub(super) fn volunteer(self) -> Option<String> {
        self.stands().held.with_untracked(|held| held.as_ref()?.volunteer.clone())
    }

    /// Closes the stand: nothing more is written in it, and what waits goes on leaving.
    ///
    /// # Errors
    /// The disk refused: it stays open.
    pub async fn close_stand(self) -> Result<(), Trouble> {
        self.flushed().await?;
        let inner = self.inner();
        let Some(row) = inner.standing.row.borrow().clone() else { return Ok(()) };
        // One that is over, or that another tab has sent and forgotten, is not put back on the list.
        if inner.devices.is_stand_open(row.device_id, clock::now()).await? {
            inner.devices.keep_stand(&Stand { closed: true, ..Stand::clone(&row) }).await?;
        }
        self.leave_stand();
        Ok(())
    }

    fn leave_stand(self) {
        let inner = self.inner();
        self.forget_session();
        inner.standing.row.borrow_mut().take();
        inner.standing.lock.borrow_mut().take();
        self.stands().held.set(None);
        self.stands().ended.set(true);
        self.gate.set(if self.enrolled() { Gate::Locked } else { Gate::SignIn });
        self.mail_stands();
    }

    /// Closes the stand at its hour; if the disk refuses the last keystrokes, a little later.
    async fn watch_hour(self, row: Rc<Stand>) {
        loop {
            sleep(TICK_MS).await;
            let held = self.inner().standing.row.borrow().as_ref().is_some_and(|held| Rc::ptr_eq(held, &row));
            if !held {
                break;
            }
            let left = row.until.0 - clock::now().0;
            if left <= 0 {
                // Told by its band if it fails, and tried again.
                let _ = self.close_stand().await;
            } else if left < SOON_MS {
                self.stands().held.update(|held| {
                    if let Some(held) = held {
                        held.ends_soon = true;
                    }
                });
            }
        }
    }

    /// Sends what is sealed, in order, until nothing may leave.
    pub(super) async fn send_seals(self, store: &IdbStore, row: &Stand) -> Result<(), Halt> {
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
            let reply = match server::push_stand(&StandPush { token: row.token.clone(), operations }).await {
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

    /// What the server does not have yet. A stand counts its seals: nothing else tells.
    pub(super) async fn waiting(self, session: &Session) -> Result<Waiting, StoreError> {
        let waiting = session.replica.waiting().await?;
        if session.stand.is_none() {
            return Ok(waiting);
        }
        let count = session.store().seals_waiting().await?;
        let last_acknowledged = if count == 0 { waiting.last_drawn } else { 0 };
        Ok(Waiting { count, oldest: None, last_acknowledged, ..waiting })
    }

    /// Sends for the stands that are over, as long as there are any.
    pub(super) fn mail_stands(self) {
        let inner = self.inner();
        if inner.standing.mailing.replace(true) {
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
        let over: Vec<Stand> = rows.into_iter().filter(|row| !row.is_open(clock::now())).collect();
        let (mut left, mut stuck) = (0, 0);
        for row in over {
            // Without an answer, another tab does it.
            if let Some(mailed) = self.mail(&row).await {
                left += mailed.0;
                stuck += mailed.1;
            }
            self.stands().waiting.set(left);
        }
        self.stands().waiting.set(left);
        self.stands().stuck.set(stuck);
        // What can never leave is not tried again.
        left == stuck
    }

    /// Sends for one stand that is over; answers how much of it stays, and how much of that can never leave. `None`: another
    /// tab sends for it.
    async fn mail(self, row: &Stand) -> Option<(usize, usize)> {
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
        let left = self.mail_held(row).await.unwrap_or((1, 0));
        drop(lock);
        Some(left)
    }

    async fn mail_held(self, row: &Stand) -> Result<(usize, usize), Trouble> {
        let store = new_store(row).await?;
        if !store.is_there().await? {
            self.evicted.set(true);
            self.inner().devices.forget_stand(row.device_id).await?;
            return Ok((0, 0));
        }
        // What a killed page left under a key that is gone; its seals may leave then.
        store.forget_readable().await?;
        let waiting = store.seals_waiting().await?;
        self.stands().waiting.update(|shown| *shown = (*shown).max(waiting));
        if waiting > 0 && (page::is_online() || page::is_local()) {
            // What did not leave is counted below.
            let _ = self.send_seals(&store, row).await;
        }
        let left = store.seals_waiting().await?;
        if left == 0 {
            self.inner().devices.forget_stand(row.device_id).await?;
            store.close();
            // Only an empty database stays if the browser refuses.
            let _ = idb::delete(&IdbStore::name(row.device_id)).await;
            return Ok((0, 0));
        }
        Ok((left, store.seals_stuck().await?))
    }
}

fn lock_name(row: &Stand) -> String {
    format!("cardabelle-stand-{}", row.device_id)
}

/// The store of a stand under a key that nobody keeps.
async fn new_store(row: &Stand) -> Result<IdbStore, Trouble> {
    store_of(row, Key::from_bytes(&random::bytes::<32>()).await?)
}

fn store_of(row: &Stand, key: Key) -> Result<IdbStore, Trouble> {
    let public = random::from_hex(&row.seal_key).ok_or(TroubleKind::StorageUnreadable)?;
    Ok(IdbStore::write_only(row.device_id, key, &public))
}
