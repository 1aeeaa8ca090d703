//! A stand: for a day this browser writes and reads nothing. Opened from a notebook, which is locked; held by people
//! without an account; closed by a touch or by its hour. What it wrote goes on leaving afterwards, whoever is there.

mod entry;
mod mail;
mod reload;
mod visit;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use domain::id::{DeviceId, RecordId};
use domain::people::Role;
use domain::{Fields, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::Replica;
use sync::protocol::Account;
use sync::protocol::access::{NewStand, StandInvitation, StandLine, StandOpened};

use super::door::Token;
use super::state::{Exchanging, Session, Typed};
use super::trace::Seen;
use super::{Gate, Notebook, Saving, Trouble, TroubleKind, shelf};
use crate::platform::crypto::Key;
use crate::platform::idb::IdbStore;
pub use crate::platform::idb::stand::tallied;
use crate::platform::idb::stand::{Stand, Venue};
use crate::platform::watch::{Guard, sleep};
use crate::platform::{clock, locks, page, random, server};
pub use entry::begun_at_a_stand;
pub use visit::{Visiting, territory_here};

/// Letters of a first name the server takes, at most.
const LONGEST_NAME: usize = 80;
/// How often the hour is looked at.
const TICK_MS: u32 = 5_000;
/// The end is told this long before.
const SOON_MS: i64 = 10 * 60_000;
/// A tab that has not answered for so long is another tab's stand.
const ELSEWHERE_MS: u32 = 1_000;

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
    /// What it is held for; `None`: people, of no programme.
    pub venue: Option<Venue>,
    /// For those who would rather sign up on their own telephone.
    pub invitation: Option<StandInvitation>,
    /// What was sealed here, as [`Stand::counts`].
    pub counts: Fields,
    /// It is the telephone of somebody who signs herself up.
    pub by_herself: bool,
    /// What was under the fingers when the page went away.
    pub left: Option<LeftOpen>,
}

/// A form that was open at a stand when its page was loaded again, or killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOpen {
    /// It is there again, to be taken up.
    Draft(RecordId),
    /// Nobody here can read it any more: what its person agreed to leaves, and nothing else of it stays.
    Sealed,
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
    /// Looks at whether the page goes away.
    leaving: RefCell<Option<Guard>>,
    mailing: Cell<bool>,
    failures: Cell<u32>,
    /// Nothing of a stand is looked for any more in this page: see [`Notebook::end_visit`].
    over: Cell<bool>,
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

    /// Whether what is open in this page is a stand.
    #[must_use]
    pub fn is_stand(self) -> bool {
        self.inner().standing.row.borrow().is_some()
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

    /// Opens a stand with the network, and locks every notebook of this browser. `venue`: the record it is held for.
    ///
    /// # Errors
    /// No network, the server refused, or the disk did: the notebook stays open and there is no stand.
    pub async fn open_stand(
        self,
        name: String,
        volunteers: Vec<String>,
        until: Timestamp,
        venue: Option<RecordId>,
    ) -> Result<(), Trouble> {
        self.flushed().await?;
        let session = self.session().ok_or(TroubleKind::Locked)?;
        if let Some(venue) = venue {
            self.sent(venue).await;
        }
        let held_for = venue.and_then(|venue| self.venue_of(venue));
        let wanted = NewStand { name, volunteers, until, venue };
        let opened = server::open_stand(&session.token, &wanted).await?;
        let row = Stand { venue: held_for, demo: self.demo.get_untracked(), ..row_of(opened) };
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
        let mut stands = self.inner().devices.stands().await?.into_iter();
        // The half hour of somebody who signed herself up is nobody else's.
        let open = stands.find(|stand| stand.is_open(now) && !stand.by_herself);
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
        let held = Held {
            state: HeldState::Opening,
            name,
            volunteers,
            volunteer: None,
            until,
            ends_soon: false,
            venue: row.venue.clone(),
            invitation: row.invitation.clone(),
            counts: row.counts.clone(),
            by_herself: row.by_herself,
            left: None,
        };
        self.stands().held.set(Some(held));
        self.stands().ended.set(false);
        self.demo.set(row.demo);
        *inner.standing.row.borrow_mut() = Some(Rc::clone(&row));
        self.gate.set(Gate::Stand);
        let guard = locks::lead(&lock_name(&row), move || self.enter_stand());
        *inner.standing.lock.borrow_mut() = Some(guard);
        *inner.standing.leaving.borrow_mut() = Some(page::on_visibility_hidden(move || self.leave_key()));
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
            let opened = match self.inner().devices.is_stand_open(row.device_id, clock::now()).await {
                Ok(true) => self.take_up(&row).await,
                Ok(false) => return self.leave_stand(),
                Err(error) => Err(error.into()),
            };
            self.stands().held.update(|held| {
                if let Some(held) = held {
                    match opened {
                        Ok(left) => (held.state, held.left) = (HeldState::Open, left),
                        Err(trouble) => held.state = HeldState::Stuck(trouble),
                    }
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
        let mut counted = None;
        if noted {
            self.flushed().await?;
            counted = self.counted();
        } else if let Some(session) = self.session() {
            // A write under way would land in the store once it is emptied.
            while session.typed.writing.replace(true) {
                sleep(5).await;
            }
            session.typed.pending.borrow_mut().clear();
            session.typed.writing.set(false);
        }
        self.renew_stand().await?;
        if let Some(counts) = counted {
            self.keep_counts(counts).await;
        }
        Ok(())
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
        // Its hour may have come meanwhile: nothing is opened behind the lock.
        if self.is_of(&row) {
            let replica = Replica::new(store, row.device_id);
            self.open_entry(row, key, replica, shelf::Shelf::default());
        }
        Ok(())
    }

    /// Whether the stand of this page is this one.
    fn is_of(self, row: &Stand) -> bool {
        self.inner().standing.row.borrow().as_ref().is_some_and(|held| held.device_id == row.device_id)
    }

    /// What is written from now on is under this key, over what is there already.
    fn open_entry(self, row: Rc<Stand>, key: Key, replica: Replica<IdbStore>, shelf: shelf::Shelf) {
        let inner = self.inner();
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
            replica,
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
        self.shown.set(shelf);
        self.saving.set(Saving::Idle);
        self.count_soon();
        self.exchange_now();
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
        let now = clock::now();
        inner.devices.change_stand(row.device_id, |there| there.is_open(now).then(|| there.over())).await?;
        self.leave_stand();
        Ok(())
    }

    fn leave_stand(self) {
        let inner = self.inner();
        self.forget_session();
        inner.standing.row.borrow_mut().take();
        inner.standing.lock.borrow_mut().take();
        inner.standing.leaving.borrow_mut().take();
        self.stands().held.set(None);
        self.stands().ended.set(true);
        self.gate.set(if self.enrolled() { Gate::Locked } else { Gate::SignIn });
        self.mail_stands();
    }

    /// Closes the stand at its hour; if the disk refuses the last keystrokes, a little later.
    async fn watch_hour(self, row: Rc<Stand>) {
        loop {
            sleep(TICK_MS).await;
            if !self.is_of(&row) {
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
}

/// A stand that has just been opened, as it lies on the disk.
fn row_of(opened: StandOpened) -> Stand {
    Stand {
        device_id: opened.device_id,
        account_id: opened.account.id,
        territory: opened.account.territory,
        seal_key: opened.seal_key.key,
        token: opened.token,
        until: opened.until,
        closed: false,
        told: false,
        demo: false,
        venue: None,
        invitation: opened.invitation,
        by_herself: false,
        counts: Fields::new(),
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
