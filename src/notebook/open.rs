//! Coming in and going out: start, sign in, choose a passphrase, unlock, recover, lock.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::id::DeviceId;
use domain::order::sort_by_key;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::{SignIn, SignedIn};
use sync::{Replica, Store, StoreError};

use super::passphrase::{normalise, strong};
use super::state::{Credentials, Exchanging, Session, Typed};
use super::tabs::Word;
use super::{Exchange, Gate, Notebook, Saving, Trouble, TroubleKind, shelf};
use crate::platform::crypto::{CryptoError, Key, ROUNDS};
use crate::platform::idb::devices::Enrolled;
use crate::platform::idb::{self, IdbStore, SEAL};
use crate::platform::server::Why;
use crate::platform::{page, random, server, storage};

/// Name, in `localStorage`, of the mark that outlives an evicted database.
const MARK: &str = "cardabelle-mark";

impl Notebook {
    /// Looks at what this browser holds.
    pub(super) async fn begin(self) {
        if !page::is_secure() {
            self.gate.set(Gate::Insecure);
            return;
        }
        page::set_theme(&page::theme());
        let gate = match self.look().await {
            Ok(gate) => gate,
            Err(trouble) => Gate::NoStorage(trouble.message),
        };
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
        Ok(gate)
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
    pub async fn sign_in(self, login: String, password: String, device_name: String) -> Result<(), Trouble> {
        let signed = self.full_sign_in(login, password, device_name).await?;
        let known = self.find(|device| device.device_id == signed.device_id).is_some();
        *self.inner().arriving.borrow_mut() = Some(signed);
        self.gate.set(if known { Gate::Locked } else { Gate::ChoosePassphrase });
        Ok(())
    }

    async fn full_sign_in(self, login: String, password: String, device_name: String) -> Result<SignedIn, Trouble> {
        // Which account this is cannot be known before the answer: the last one used here is the likely one.
        let likely = self.inner().enrolled.borrow().first().map(|device| (device.device_id, device.account_id));
        let (device_id, account) = likely.unzip();
        let mut request = SignIn { login, password, code: None, device_id, account, device_name };
        let signed = server::sign_in(&request).await?;
        let ours = self.find(|device| device.account_id == signed.account.id);
        match ours {
            Some(device) if device.device_id != signed.device_id => {
                request.device_id = Some(device.device_id);
                request.account = Some(device.account_id);
                Ok(server::sign_in(&request).await?)
            }
            _ => Ok(signed),
        }
    }

    /// Makes the data key of a newly enrolled device, wraps it, and opens.
    ///
    /// # Errors
    /// The passphrase is too short, nobody signed in, or the browser keeps nothing.
    pub async fn choose_passphrase(self, passphrase: String) -> Result<(), Trouble> {
        let passphrase = strong(&passphrase)?;
        let inner = self.inner();
        let signed = inner.arriving.borrow().clone().ok_or(TroubleKind::Locked)?;
        let data_key: [u8; 32] = random::bytes();
        let device = wrap(&data_key, &passphrase, &signed).await?;
        let key = Key::from_bytes(&data_key).await?;
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
        let inner = self.inner();
        let mut devices = inner.enrolled.borrow().clone();
        let arriving = inner.arriving.borrow().as_ref().map(|signed| signed.device_id);
        sort_by_key(&mut devices, |device| Some(device.device_id) != arriving);
        for device in devices {
            let salt = random::from_hex(&device.salt).unwrap_or_default();
            let wrapping = Key::from_passphrase(&passphrase, &salt, device.rounds).await?;
            if let Some(data_key) = unwrap(&wrapping, &device, &device.by_passphrase).await? {
                let device = self.recoverable(device, &data_key).await?;
                return self.open(device, Key::from_bytes(&data_key).await?).await;
            }
        }
        Err(TroubleKind::WrongPassphrase.into())
    }

    /// A full sign-in may have brought another recovery key: it must open this device from now on.
    async fn recoverable(self, device: Enrolled, data_key: &[u8]) -> Result<Enrolled, Trouble> {
        let arriving = self.inner().arriving.borrow().clone().filter(|signed| signed.device_id == device.device_id);
        let Some(recovery) = arriving.and_then(|signed| random::from_hex(&signed.recovery_key)) else {
            return Ok(device);
        };
        let by_recovery = Key::from_bytes(&recovery).await?.seal(&key_place(device.device_id), data_key).await?;
        let device = Enrolled { by_recovery: random::to_hex(&by_recovery), ..device };
        self.inner().devices.keep(&device).await?;
        Ok(device)
    }

    /// A forgotten passphrase: a full sign-in gives the recovery key back, and a new passphrase wraps the same data key.
    ///
    /// # Errors
    /// As [`Notebook::sign_in`] and [`Notebook::choose_passphrase`]; the old passphrase then still holds.
    pub async fn recover(
        self,
        login: String,
        password: String,
        device_name: String,
        new_passphrase: String,
    ) -> Result<(), Trouble> {
        let passphrase = strong(&new_passphrase)?;
        let signed = self.full_sign_in(login, password, device_name).await?;
        *self.inner().arriving.borrow_mut() = Some(signed.clone());
        let Some(device) = self.find(|device| device.device_id == signed.device_id) else {
            return self.choose_passphrase(new_passphrase).await;
        };
        let recovery = random::from_hex(&signed.recovery_key).unwrap_or_default();
        let recovery = Key::from_bytes(&recovery).await?;
        let data_key = unwrap(&recovery, &device, &device.by_recovery).await?.ok_or(TroubleKind::StorageUnreadable)?;
        let device = Enrolled { used: device.used, ..wrap(&data_key, &passphrase, &signed).await? };
        self.inner().devices.keep(&device).await?;
        self.open(device, Key::from_bytes(&data_key).await?).await
    }

    async fn open(self, device: Enrolled, key: Key) -> Result<(), Trouble> {
        let inner = self.inner();
        let store = IdbStore::of(device.device_id, key);
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
        let _ = inner.devices.keep(&Enrolled { used, ..device.clone() }).await;
        *inner.enrolled.borrow_mut() = inner.devices.list().await?;
        inner.arriving.borrow_mut().take();

        let why = self.evicted.get_untracked().then_some(Why::Evicted);
        let session = Rc::new(Session {
            device: device.device_id,
            account: credentials.account.clone(),
            token: credentials.token,
            replica,
            typed: Typed::default(),
            exchange: Exchanging { why: Cell::new(why), ..Exchanging::default() },
            place: RefCell::new(None),
            place_writing: Cell::new(false),
            channel: RefCell::new(None),
            leadership: RefCell::new(None),
            leader: Cell::new(false),
        });
        self.shown.set(shelf::Shelf::of(contents.shown));
        self.exchange.update(|exchange| (exchange.waiting, exchange.unreadable) = (contents.waiting, unreadable));
        self.demo.set(credentials.demo);
        self.evicted.set(false);
        self.saving.set(Saving::Idle);
        *inner.session.borrow_mut() = Some(Rc::clone(&session));
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
    /// If the disk refuses the last keystrokes, stays open: they are only on the screen.
    pub fn lock(self) {
        self.close(Gate::Locked);
    }

    /// Locks and asks for a full sign-in: the server no longer takes this device's token. Nothing is lost meanwhile.
    pub fn reconnect(self) {
        self.close(Gate::SignIn);
    }

    fn close(self, gate: Gate) {
        spawn_local(async move {
            if self.flush().await {
                self.say(&Word::Locked);
                self.forget_session();
                self.gate.set(gate);
            }
        });
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
        }
    }

    fn find(self, wanted: impl Fn(&Enrolled) -> bool) -> Option<Enrolled> {
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

async fn keep_credentials(store: &IdbStore, signed: &SignedIn) -> Result<Credentials, Trouble> {
    let SignedIn { account, token, demo, .. } = signed.clone();
    let credentials = Credentials { account, token, demo };
    store.keep_sealed(Credentials::NAME, &credentials).await?;
    Ok(credentials)
}

/// Authenticated with a wrapped key, so that it does not open another device's.
fn key_place(device: DeviceId) -> String {
    format!("devices|{device}|{SEAL}")
}

async fn wrap(data_key: &[u8], passphrase: &str, signed: &SignedIn) -> Result<Enrolled, Trouble> {
    let place = key_place(signed.device_id);
    let salt: [u8; 16] = random::bytes();
    let by_passphrase = Key::from_passphrase(passphrase, &salt, ROUNDS).await?.seal(&place, data_key).await?;
    let recovery = random::from_hex(&signed.recovery_key).ok_or(TroubleKind::ServerSilent)?;
    let by_recovery = Key::from_bytes(&recovery).await?.seal(&place, data_key).await?;
    Ok(Enrolled {
        device_id: signed.device_id,
        account_id: signed.account.id,
        salt: random::to_hex(&salt),
        rounds: ROUNDS,
        by_passphrase: random::to_hex(&by_passphrase),
        by_recovery: random::to_hex(&by_recovery),
        used: 0,
    })
}

/// The data key, `None` if this is not the key that wraps it.
async fn unwrap(wrapping: &Key, device: &Enrolled, wrapped: &str) -> Result<Option<Vec<u8>>, Trouble> {
    let wrapped = random::from_hex(wrapped).ok_or(TroubleKind::StorageUnreadable)?;
    match wrapping.open(&key_place(device.device_id), &wrapped).await {
        Ok(data_key) => Ok(Some(data_key)),
        Err(CryptoError::Refused) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
