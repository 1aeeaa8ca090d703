//! What the notebook holds that no signal shows: the session, its keys, the keystrokes not written yet.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::id::{DeviceId, OpId, RecordId};
use domain::{Timestamp, Value};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use sync::Replica;
use sync::protocol::{Account, SignedIn};

use super::Notebook;
use super::door::Token;
use super::stand::Standing;
use super::trace::Seen;
use crate::platform::channel::Channel;
use crate::platform::crypto::Key;
use crate::platform::idb::IdbStore;
use crate::platform::idb::devices::{Devices, Enrolled};
use crate::platform::idb::stand::Stand;
use crate::platform::server::Why;
use crate::platform::watch::Guard;

/// Shared by every copy of the handle; lives in the arena.
#[derive(Clone, Default)]
pub(super) struct Inner(Rc<State>);

#[derive(Default)]
pub(super) struct State {
    pub(super) devices: Devices,
    /// As last read from disk, last used first.
    pub(super) enrolled: RefCell<Vec<Enrolled>>,
    pub(super) session: RefCell<Option<Rc<Session>>>,
    /// Signed in, and not open yet: the token waits for the data key.
    pub(super) arriving: RefCell<Option<SignedIn>>,
    /// The browser was asked to keep what it stores: once per page.
    pub(super) persist_asked: Cell<bool>,
    /// What the tabs of this browser say of keys and locks, as long as the page lives.
    pub(super) keys: RefCell<Option<Channel>>,
    /// What this tab, at its start, asks of another one.
    pub(super) asking: Asking,
    pub(super) hands: Hands,
    pub(super) standing: Standing,
    /// The device that this page opened last, and whether another one was open in it before.
    pub(super) last_open: Cell<Option<DeviceId>>,
    pub(super) changed_hands: Cell<bool>,
}

/// A key asked of another tab.
#[derive(Default)]
pub(super) struct Asking {
    /// Whose; taken back when that notebook is locked meanwhile.
    pub(super) of: Cell<Option<DeviceId>>,
    pub(super) given: RefCell<Option<Key>>,
}

/// When somebody last did something, in any tab of the open device.
#[derive(Default)]
pub(super) struct Hands {
    pub(super) last: Cell<i64>,
    /// When the other tabs were last told. Both in milliseconds, as timestamps are.
    pub(super) told: Cell<i64>,
    /// Timed tests under way in this tab.
    pub(super) tests: Cell<u32>,
    /// Wrong codes since the last right one.
    pub(super) missed: Cell<u32>,
}

impl std::ops::Deref for Inner {
    type Target = State;
    fn deref(&self) -> &State {
        &self.0
    }
}

/// What is kept sealed about the account, under the name [`Credentials::NAME`].
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Credentials {
    pub(super) account: Account,
    pub(super) token: String,
    pub(super) demo: bool,
}

impl Credentials {
    pub(super) const NAME: &'static str = "credentials";
}

/// An open notebook. Dropped at lock, and the key with it.
pub(super) struct Session {
    pub(super) device: DeviceId,
    /// For another tab of this device only; the store has its own.
    pub(super) key: Key,
    /// It is being locked: its key is given to nobody any more.
    pub(super) closing: Cell<bool>,
    pub(super) account: Account,
    pub(super) token: Token,
    pub(super) replica: Replica<IdbStore>,
    pub(super) typed: Typed,
    /// What was typed and is no answer yet, by record and question: a form that comes back shows it again.
    pub(super) drafts: RefCell<BTreeMap<(RecordId, String), String>>,
    pub(super) exchange: Exchanging,
    pub(super) seen: Seen,
    /// The place last asked for, and whether it is being written.
    pub(super) place: RefCell<Option<String>>,
    pub(super) place_writing: Cell<bool>,
    pub(super) channel: RefCell<Option<Channel>>,
    pub(super) leadership: RefCell<Option<Guard>>,
    pub(super) leader: Cell<bool>,
    /// What is open is no notebook but a stand, which only writes.
    pub(super) stand: Option<Rc<Stand>>,
}

/// A value on its way to the disk, and the operation behind the one it takes the place of, when she began.
#[derive(Clone)]
pub(super) struct Typing {
    pub(super) value: Value,
    pub(super) seen: Option<OpId>,
    /// Why a finished form is corrected.
    pub(super) reason: Option<String>,
}

/// Keystrokes on their way to the disk.
#[derive(Default)]
pub(super) struct Typed {
    /// Newest value of each field; leaves only once its commit answered.
    pub(super) pending: RefCell<BTreeMap<(RecordId, &'static str), Typing>>,
    /// The field under the fingers, and when its last key was struck.
    pub(super) last_key: Cell<Option<(RecordId, &'static str, f64)>>,
    /// A write is planned.
    pub(super) planned: Cell<bool>,
    /// A write is under way: one at a time.
    pub(super) writing: Cell<bool>,
    pub(super) failures: Cell<u32>,
}

/// The exchange of this tab.
#[derive(Default)]
pub(super) struct Exchanging {
    pub(super) running: Cell<bool>,
    /// Asked again while running.
    pub(super) again: Cell<bool>,
    pub(super) failures: Cell<u32>,
    /// A later attempt is planned.
    pub(super) planned: Cell<bool>,
    pub(super) counting: Cell<bool>,
    /// Grows with each change, so that a count begun before it is not believed.
    pub(super) changes: Cell<u64>,
    /// Received and on the disk, not shown yet: reading them failed.
    pub(super) to_show: RefCell<BTreeSet<RecordId>>,
    /// When the server was last asked what this device must hold; `None`: to be asked.
    pub(super) asked: Cell<Option<Timestamp>>,
    /// Why this device begins again, for the server's log: told once.
    pub(super) why: Cell<Option<Why>>,
    /// The server's key for exports was asked for since this notebook was opened.
    pub(super) key_asked: Cell<bool>,
    /// And whose the notebooks beside it are.
    pub(super) neighbours_asked: Cell<bool>,
    /// And with whom a person may be shared.
    pub(super) colleagues_asked: Cell<bool>,
}

impl Session {
    pub(super) fn store(&self) -> &IdbStore {
        self.replica.store()
    }
}

impl Notebook {
    pub(super) fn inner(self) -> Inner {
        self.inner.get_value()
    }

    /// The open session; `None` while locked.
    pub(super) fn session(self) -> Option<Rc<Session>> {
        self.inner().session.borrow().clone()
    }

    /// Whether this session is still the open one, after something was awaited.
    pub(super) fn is_open(self, session: &Rc<Session>) -> bool {
        self.session().is_some_and(|open| Rc::ptr_eq(&open, session))
    }
}
