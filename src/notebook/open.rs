//! Coming in and going out: start, sign in, choose a passphrase, unlock, recover, lock.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::order::sort_by_key;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::SignedIn;
use sync::{Replica, Store, StoreError};

use super::door::{Coming, Token};
use super::passphrase::{normalise, strong};
use super::place::NAME as PLACE;
use super::state::{Credentials, Exchanging, Session, Typed};
use super::trace::Seen;
pub(super) use super::wrapping::unwrap;
use super::wrapping::{self, ByPassphrase};
use super::{Exchange, Gate, Notebook, Saving, Trouble, TroubleKind, WhyLocked, shelf};
use crate::platform::crypto::Key;
use crate::platform::idb::devices::Enrolled;
use crate::platform::idb::{self, IdbStore};
use crate::platform::server::Why;
use crate::platform::{page, random, storage, webauthn};

/// Name, in `localStorage`, of the mark that outlives an evicted database.
const MARK: &str = "cardabelle-mark";
/// Between two looks at what a locked notebook still has to write.
const HELD_MS: u32 = 2_000;

impl Notebook {
    /// Looks at what this browser holds.
    pub(super) async fn begin(self) {
        if !page::is_secure() {
            self.gate.set(Gate::Insecure);
            return;
        }
        page::set_theme(&page::theme());
        spawn_local(async move { self.fingerprint.set(webauthn::is_offered().await) });
        let gate = match self.look().await {
            Ok(gate) => gate,
            Err(trouble) => Gate::NoStorage(trouble.message),
        };
        if gate == Gate::Locked && self.open_from_another_tab().await {
            return;
        }
        self.gate.set(gate);
    }

    async fn look(self) -> Result<Gate, Trouble> {
        let inner = self.inner();
        let enrolled = inner.devices.list().await?;
        let mark = inner.devices.mark().await?;
        match (&mark, storage::get(MARK)) {
            (None, Some(_)) => self.evicted.set(true),
            (Some(mark), None) => storage::set(MARK, mark),
            _ => {}
        }
        let gate = if enrolled.is_empty() { Gate::SignIn } else { Gate::Locked };
        *inner.enrolled.borrow_mut() = enrolled;
        // A tablet lent to a stand stays one, whoever loads the page again. A row that cannot be read lends it to nobody.
        let stand = self.resume_stand().await.unwrap_or(false);
        self.mail_stands();
        Ok(if stand { Gate::Stand } else { gate })
    }

    /// Whether an account is enrolled in this browser, so that there is something to unlock.
    #[must_use]
    pub fn enrolled(self) -> bool {
        !self.inner().enrolled.borrow().is_empty()
    }

    /// From the lock to a full sign-in, for a person who is not enrolled here yet.
    pub fn other_account(self) {
        self.gate.set(Gate::SignIn);
    }

    /// Back to the lock, if somebody is enrolled.
    pub fn cancel_sign_in(self) {
        if self.enrolled() {
            self.gate.set(Gate::Locked);
        }
    }

    /// Signs in with the network; then a passphrase is chosen, or asked if this browser holds that account already.
    ///
    /// # Errors
    /// No network, no server, or the server refused; nothing changed.
    pub async fn sign_in(self, coming: Coming) -> Result<(), Trouble> {
        let signed = self.full_sign_in(coming).await?;
        self.arrive(signed);
        Ok(())
    }

    /// Somebody has just signed in: she chooses what opens her notebook, or opens the one that is here.
    pub(super) fn arrive(self, signed: SignedIn) {
        let known = self.find(|device| device.device_id == signed.device_id).is_some();
        *self.inner().arriving.borrow_mut() = Some(signed);
        self.gate.set(if known { Gate::Locked } else { Gate::ChoosePassphrase });
    }

    /// Whether somebody has just signed in whose notebook is here, and still locked.
    #[must_use]
    pub fn has_arrived(self) -> bool {
        let arriving = self.inner().arriving.borrow().as_ref().map(|signed| signed.device_id);
        self.find(|device| Some(device.device_id) == arriving).is_some()
    }

    /// Makes the data key of a newly enrolled device, wraps it, and opens.
    ///
    /// # Errors
    /// The passphrase is too short, nobody signed in, or the browser keeps nothing.
    pub async fn choose_passphrase(self, passphrase: String) -> Result<(), Trouble> {
        let passphrase = strong(&passphrase)?;
        let (mut device, data_key) = self.new_device().await?;
        ByPassphrase::wrap(device.device_id, &data_key, &passphrase).await?.put(&mut device);
        self.begin_device(device, &data_key).await
    }

    /// The device that just signed in for the first time, and the data key made for it.
    pub(super) async fn new_device(self) -> Result<(Enrolled, [u8; 32]), Trouble> {
        let signed = self.inner().arriving.borrow().clone().ok_or(TroubleKind::Locked)?;
        let data_key: [u8; 32] = random::bytes();
        Ok((wrapping::recoverable(&data_key, &signed).await?, data_key))
    }

    /// Writes the device that just signed in, now that something of hers opens it, and opens it.
    pub(super) async fn begin_device(self, device: Enrolled, data_key: &[u8]) -> Result<(), Trouble> {
        let inner = self.inner();
        let signed = inner.arriving.borrow().clone().ok_or(TroubleKind::Locked)?;
        let key = Key::from_bytes(data_key).await?;
        // The credentials first: a device in the list can always be opened.
        keep_credentials(&IdbStore::of(device.device_id, key.clone()), &signed).await?;
        inner.devices.keep(&device).await?;
        self.set_mark().await?;
        self.open(device, key).await
    }

    /// Opens with the passphrase. Several accounts may share this browser: the passphrase tells whose it is.
    ///
    /// # Errors
    /// The passphrase opens none of them, or the browser does not give back what it kept.
    pub async fn unlock(self, passphrase: String) -> Result<(), Trouble> {
        let passphrase = normalise(&passphrase);
        let mut devices = self.read_devices().await?;
        let arriving = self.inner().arriving.borrow().as_ref().map(|signed| signed.device_id);
        sort_by_key(&mut devices, |device| Some(device.device_id) != arriving);
        for device in devices {
            if let Some(data_key) = wrapping::with_passphrase(&device, &passphrase).await? {
                return self.open_with(device, &data_key).await;
            }
        }
        Err(TroubleKind::WrongPassphrase.into())
    }

    /// Opens a device of the list with its data key.
    pub(super) async fn open_with(self, device: Enrolled, data_key: &[u8]) -> Result<(), Trouble> {
        let device = self.recoverable(device, data_key).await?;
        self.open(device, Key::from_bytes(data_key).await?).await
    }

    /// A full sign-in may have brought another recovery key: it must open this device from now on.
    async fn recoverable(self, device: Enrolled, data_key: &[u8]) -> Result<Enrolled, Trouble> {
        let arriving = self.inner().arriving.borrow().clone().filter(|signed| signed.device_id == device.device_id);
        let Some(signed) = arriving else { return Ok(device) };
        let by_recovery = wrapping::by_recovery(data_key, &signed).await?;
        let devices = &self.inner().devices;
        let kept = devices.change(device.device_id, |device| device.by_recovery.clone_from(&by_recovery)).await?;
        Ok(kept.unwrap_or(device))
    }

    /// A forgotten passphrase: a full sign-in gives the recovery key back, and a new passphrase wraps the same data key.
    ///
    /// # Errors
    /// As [`Notebook::sign_in`] and [`Notebook::choose_passphrase`]; the old passphrase then still holds.
    pub async fn recover(self, coming: Coming, new_passphrase: String) -> Result<(), Trouble> {
        strong(&new_passphrase)?;
        let signed = self.full_sign_in(coming).await?;
        *self.inner().arriving.borrow_mut() = Some(signed);
        self.recover_arrived(new_passphrase).await
    }

    /// As [`Notebook::recover`], for somebody who has just signed in.
    ///
    /// # Errors
    /// As [`Notebook::choose_passphrase`]; the old passphrase then still holds.
    pub async fn recover_arrived(self, new_passphrase: String) -> Result<(), Trouble> {
        let passphrase = strong(&new_passphrase)?;
        let signed = self.inner().arriving.borrow().clone().ok_or(TroubleKind::Locked)?;
        let Some(device) = self.find(|device| device.device_id == signed.device_id) else {
            return self.choose_passphrase(new_passphrase).await;
        };
        let recovery = random::from_hex(&signed.recovery_key).unwrap_or_default();
        let recovery = Key::from_bytes(&recovery).await?;
        let data_key = unwrap(&recovery, &device, &device.by_recovery).await?.ok_or(TroubleKind::StorageUnreadable)?;
        let wrapped = ByPassphrase::wrap(device.device_id, &data_key, &passphrase).await?;
        let kept = self.inner().devices.change(device.device_id, |device| wrapped.put(device)).await?;
        self.open_with(kept.unwrap_or(device), &data_key).await
    }

    pub(super) async fn open(self, device: Enrolled, key: Key) -> Result<(), Trouble> {
        let inner = self.inner();
        let store = IdbStore::of(device.device_id, key.clone());
        let arriving = inner.arriving.borrow().clone().filter(|signed| signed.device_id == device.device_id);
        let kept = store.sealed::<Credentials>(Credentials::NAME).await;
        if kept == Ok(None) && store.last_device_seq().await? == 0 {
            return Err(self.lost(&store, &device).await);
        }
        let credentials = match (arriving, kept) {
            (Some(signed), _) => keep_credentials(&store, &signed).await?,
            (None, Ok(Some(credentials))) => credentials,
            (None, Ok(None) | Err(StoreError::Corrupt(_))) => {
                // A full sign-in brings them back.
                self.gate.set(Gate::SignIn);
                return Err(TroubleKind::StorageUnreadable.into());
            }
            (None, Err(error)) => return Err(error.into()),
        };
        if let Some(held) = self.session() {
            if held.device == device.device_id {
                self.give_back(&held).await;
                return Ok(());
            }
            // Nobody opens over keystrokes of another person that are nowhere else.
            self.flushed().await?;
            self.keep_drafts(&held).await;
        }
        let replica = Replica::new(store, device.device_id);
        let contents = match replica.contents().await {
            // The key is the right one, since it opened the credentials: some rows are spoilt, and the others open.
            Err(StoreError::Corrupt(_)) => {
                replica.store().put_apart().await?;
                replica.contents().await?
            }
            contents => contents?,
        };
        let unreadable = replica.store().unreadable().await?;
        let used = inner.enrolled.borrow().iter().map(|device| device.used).max().unwrap_or(0) + 1;
        // Only the order of the list: a full disk must not keep her out.
        let _ = inner.devices.change(device.device_id, |device| device.used = used).await;
        *inner.enrolled.borrow_mut() = inner.devices.list().await?;
        inner.arriving.borrow_mut().take();

        let place = replica.store().sealed::<Option<String>>(PLACE).await.ok().flatten().flatten();
        let why = self.evicted.get_untracked().then_some(Why::Evicted);
        let session = Rc::new(Session {
            device: device.device_id,
            key,
            closing: Cell::new(false),
            account: credentials.account.clone(),
            token: Token::new(credentials.token),
            replica,
            typed: Typed::default(),
            drafts: RefCell::default(),
            exchange: Exchanging { why: Cell::new(why), ..Exchanging::default() },
            seen: Seen::default(),
            place: RefCell::new(place),
            place_writing: Cell::new(false),
            channel: RefCell::new(None),
            leadership: RefCell::new(None),
            leader: Cell::new(false),
            stand: None,
        });
        self.shown.set(shelf::Shelf::of(contents.shown));
        self.exchange.update(|exchange| (exchange.waiting, exchange.unreadable) = (contents.waiting, unreadable));
        self.demo.set(credentials.demo);
        self.evicted.set(false);
        self.saving.set(Saving::Idle);
        self.why_locked.set(None);
        let before = inner.last_open.replace(Some(device.device_id));
        inner.changed_hands.set(before.is_some_and(|before| before != device.device_id));
        *inner.session.borrow_mut() = Some(Rc::clone(&session));
        self.read_drafts(&session).await;
        self.awake();
        self.account.set(Some(credentials.account));
        self.gate.set(Gate::Open);
        self.join_tabs(&session);
        Ok(())
    }

    /// The list of devices is there and this device's notebook is not: the browser erased it. Its number is not used
    /// again, for the server knows operations of that device which this browser has forgotten.
    async fn lost(self, store: &IdbStore, device: &Enrolled) -> Trouble {
        let inner = self.inner();
        store.close();
        // If the disk refuses, it is found empty again at the next opening.
        let _ = inner.devices.forget(device.device_id).await;
        let _ = idb::delete(&IdbStore::name(device.device_id)).await;
        inner.enrolled.borrow_mut().retain(|one| one.device_id != device.device_id);
        inner.arriving.borrow_mut().take();
        self.evicted.set(true);
        self.gate.set(Gate::SignIn);
        TroubleKind::StorageUnreadable.into()
    }

    /// Writes what is typed, forgets the key and what it opened, and goes back to the lock, in every tab.
    /// If the disk refuses the last keystrokes, the pages that are shown stay: they say so to the one who is there.
    pub fn lock(self) {
        self.close(None);
    }

    /// Locks by itself, and says why. Nobody is there to read that the disk refuses: the pages go away all the same.
    pub(super) fn lock_for(self, why: WhyLocked) {
        self.close(Some(why));
    }

    fn close(self, why: Option<WhyLocked>) {
        let Some(session) = self.session() else { return };
        spawn_local(async move {
            let written = self.put_away(&session).await;
            if !self.is_open(&session) {
                return;
            }
            if !written && why.is_none() && self.gate.get_untracked() == Gate::Open {
                session.closing.set(false);
                // Those already kept must not come back later over answers given from now on.
                self.read_drafts(&session).await;
                return;
            }
            self.say_locked(session.device, why);
            self.shut(&session, why, written).await;
        });
    }

    /// Writes everything before a lock, and gives the key to nobody any more; `false` if the disk refused.
    pub(super) async fn put_away(self, session: &Rc<Session>) -> bool {
        session.closing.set(true);
        if !self.flush().await {
            return false;
        }
        self.keep_drafts(session).await;
        // Keys were struck meanwhile, perhaps; nothing is awaited between the end of this flush and that of the session.
        self.flush().await
    }

    /// Takes the pages away, and forgets the key once everything is written. What the disk refuses stays in memory, where it
    /// is tried again by itself, and opening the notebook as at the start gives it back.
    pub(super) async fn shut(self, session: &Rc<Session>, why: Option<WhyLocked>, mut written: bool) {
        if !self.is_open(session) {
            return;
        }
        self.why_locked.set(why);
        if !written {
            self.gate.set(Gate::Locked);
        }
        while !written {
            page::sleep(HELD_MS).await;
            let gate = self.gate.get_untracked();
            if gate == Gate::Open || !self.is_open(session) {
                return;
            }
            // Somebody who is signing in meanwhile is not sent back to the lock.
            if gate == Gate::Locked && session.typed.pending.borrow().is_empty() {
                written = self.put_away(session).await && self.gate.get_untracked() == Gate::Locked;
            }
        }
        if self.is_open(session) {
            self.forget_session();
        }
    }

    /// Gives back, to the one who has just opened it, a notebook that was locked over keystrokes the disk refused.
    async fn give_back(self, session: &Rc<Session>) {
        session.closing.set(false);
        self.inner().arriving.borrow_mut().take();
        self.why_locked.set(None);
        self.awake();
        // Before anything is awaited: the lock that waits for the disk sees that it is over.
        self.gate.set(Gate::Open);
        self.read_drafts(session).await;
        // A full sign-in may have brought another one.
        self.read_token().await;
    }

    pub(super) fn forget_session(self) {
        let open = self.inner().session.borrow_mut().take();
        if let Some(session) = open {
            session.leadership.borrow_mut().take();
            session.channel.borrow_mut().take();
            session.store().close();
            self.gate.set(Gate::Locked);
            self.account.set(None);
            self.shown.set(shelf::Shelf::default());
            self.exchange.set(Exchange::unknown());
            self.saving.set(Saving::Idle);
            self.demo.set(false);
            self.handed_over();
            self.neighbours.set(Vec::new());
            self.departures.set(Vec::new());
        }
    }

    pub(super) fn find(self, wanted: impl Fn(&Enrolled) -> bool) -> Option<Enrolled> {
        self.inner().enrolled.borrow().iter().find(|device| wanted(device)).cloned()
    }

    async fn set_mark(self) -> Result<(), Trouble> {
        let devices = &self.inner().devices;
        let mark = devices.mark().await?.unwrap_or_else(|| random::random_id().to_string());
        devices.keep_mark(&mark).await?;
        storage::set(MARK, &mark);
        Ok(())
    }
}

pub(super) async fn keep_credentials(store: &IdbStore, signed: &SignedIn) -> Result<Credentials, Trouble> {
    let SignedIn { account, token, demo, .. } = signed.clone();
    let credentials = Credentials { account, token, demo };
    store.keep_sealed(Credentials::NAME, &credentials).await?;
    Ok(credentials)
}
