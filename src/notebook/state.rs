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
use crate::platform::channel::Channel;
use crate::platform::idb::IdbStore;
use crate::platform::idb::devices::{Devices, Enrolled};
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
    pub(super) account: Account,
    pub(super) token: String,
    pub(super) replica: Replica<IdbStore>,
    pub(super) typed: Typed,
    pub(super) exchange: Exchanging,
    /// The place last asked for, and whether it is being written.
    pub(super) place: RefCell<Option<String>>,
    pub(super) place_writing: Cell<bool>,
    pub(super) channel: RefCell<Option<Channel>>,
    pub(super) leadership: RefCell<Option<Guard>>,
    pub(super) leader: Cell<bool>,
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
