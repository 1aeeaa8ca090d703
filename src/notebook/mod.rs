//! What the open notebook holds, between the pages and the platform.
//!
//! Pages read signals and call verbs; they never meet IndexedDB, keys or the network. Every verb that can fail
//! answers a [`Trouble`] whose message a person can read.

mod accounts;
mod annuaire;
mod change_passphrase;
mod conflicts;
mod consent;
mod create;
mod devices;
mod door;
mod drafts;
mod exchange;
mod figures;
mod fingerprint;
mod history;
mod merge;
mod neighbours;
mod open;
mod outbox;
mod own;
mod passphrase;
mod place;
mod psc;
mod quick_lock;
mod read;
mod remove;
mod rights;
mod save;
mod second_tab;
mod share;
mod shelf;
mod stand;
mod state;
mod tabs;
mod territory;
mod trace;
mod trouble;
mod update;
mod wipe;
mod wrapping;

use chrono::{NaiveDate, NaiveDateTime};
use domain::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use sync::Waiting;
use sync::protocol::Account;

use state::Inner;

pub use accounts::Handed;
pub use change_passphrase::WaysIn;
pub use consent::{Consented, answers_of, standing_of};
pub use door::{Coming, open_link, use_link};
pub use figures::{CSV, EXCEL};
pub use neighbours::Neighbour;
pub use outbox::{Exported, Standing, Waits};
pub use own::Own;
pub use psc::has_psc;
pub use quick_lock::TimedTest;
pub use rights::Copied;
pub use share::{Departure, Member};
pub use stand::{Held, HeldState, LeftOpen, Visiting, begun_at_a_stand, tallied, territory_here};
pub use territory::{LEAVING, SETTINGS};
pub use trouble::{Trouble, TroubleKind};
pub use wipe::Farewell;

/// The handle pages hold: a few arena signals and a key into the arena, hence `Copy`.
///
/// Made once, at the root of the application, by [`provide`].
#[derive(Clone, Copy)]
pub struct Notebook {
    gate: RwSignal<Gate>,
    account: RwSignal<Option<Account>>,
    demo: RwSignal<bool>,
    fingerprint: RwSignal<bool>,
    why_locked: RwSignal<Option<WhyLocked>>,
    evicted: RwSignal<bool>,
    persisted: RwSignal<Option<bool>>,
    shown: RwSignal<shelf::Shelf>,
    saving: RwSignal<Saving>,
    exchange: RwSignal<Exchange>,
    update_ready: RwSignal<bool>,
    neighbours: RwSignal<Vec<Neighbour>>,
    departures: RwSignal<Vec<Departure>>,
    stands: StoredValue<stand::Stands>,
    hand_over: accounts::HandOver,
    inner: StoredValue<Inner, LocalStorage>,
}

/// What stands between the person and her records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    Starting,
    /// The page did not come over HTTPS (nor from this very machine): no key can be made.
    Insecure,
    /// The browser keeps nothing; a French sentence says why.
    NoStorage(String),
    /// No account is enrolled in this browser, or another one is wanted.
    SignIn,
    /// Just signed in for the first time here.
    ChoosePassphrase,
    Locked,
    Open,
    /// Open, nobody there for five minutes: the pages are away, the key is in memory, a code brings them back.
    Resting,
    /// This browser writes for a stand, and reads nothing: see [`Notebook::stand`].
    Stand,
}

/// Why the notebook locked by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyLocked {
    /// Five minutes without a hand, and no code is chosen.
    Idle,
    /// Five wrong codes.
    Missed,
}

/// Where the last keystrokes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    Idle,
    Writing,
    /// On disk: the only state that may say « Enregistré à ».
    Saved(Timestamp),
    /// Kept on the screen, tried again by itself.
    Failed(Trouble),
}

/// What is known of the way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    Online,
    Offline,
    /// The network answers and the server does not, or a captive portal answers in its place.
    ServerSilent,
    /// The server answers, and says why it takes nothing now: see [`Exchange::said`].
    Refused,
    /// Only exchange waits for a full sign-in; saving never does.
    Expired,
}

/// The weather of the exchange, as the indicator shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    pub link: Link,
    /// Operations that have not reached the server.
    pub waiting: Waiting,
    pub last_success: Option<Timestamp>,
    /// Empty outbox *and* the server acknowledged the last number this device drew, *and* the link is up, *and* this
    /// device has read the whole of what the server holds for it.
    pub all_sent: bool,
    /// What the server said of its last refusal, in its own words.
    pub said: Option<String>,
    /// Records read and records in all, while a first pull is to be done.
    pub first_pull: Option<(u64, u64)>,
    /// The last comparison of what this device holds with what the server says it must.
    pub checked: Option<Checked>,
    /// Minutes by which this device's clock is ahead of the server's, when they matter; negative: behind.
    pub clock_ahead: i64,
    /// Entries never sent that went with a record erased at the person's request.
    pub erased: u64,
    /// Entries of this device that cannot be read any more; they are kept apart, and never sent.
    pub unreadable: usize,
}

/// One comparison of this device with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub at: Timestamp,
    pub agrees: bool,
    /// The comparison before it did not agree.
    pub mended: bool,
}

/// Makes the notebook, gives it to every component below and begins to open it. Called once, in the root component.
pub fn provide() -> Notebook {
    let notebook = provide_closed();
    notebook.watch_updates();
    notebook.watch_hands();
    notebook.join_keys();
    leptos::task::spawn_local(notebook.begin());
    notebook
}

/// As [`provide`], and opens nothing: for who signs herself up, beside whatever notebooks this browser holds.
pub fn provide_closed() -> Notebook {
    let notebook = Notebook {
        gate: RwSignal::new(Gate::Starting),
        account: RwSignal::new(None),
        demo: RwSignal::new(false),
        fingerprint: RwSignal::new(false),
        why_locked: RwSignal::new(None),
        evicted: RwSignal::new(false),
        persisted: RwSignal::new(None),
        shown: RwSignal::new(shelf::Shelf::default()),
        saving: RwSignal::new(Saving::Idle),
        exchange: RwSignal::new(Exchange::unknown()),
        update_ready: RwSignal::new(false),
        neighbours: RwSignal::new(Vec::new()),
        departures: RwSignal::new(Vec::new()),
        stands: StoredValue::new(stand::Stands::new()),
        hand_over: accounts::HandOver::new(),
        inner: StoredValue::new_local(Inner::default()),
    };
    provide_context(notebook);
    notebook.watch_page();
    notebook
}

/// The notebook of this page.
///
/// # Panics
/// Outside the application, which provides it at its root.
#[must_use]
pub fn use_notebook() -> Notebook {
    expect_context()
}

impl Notebook {
    #[must_use]
    pub fn gate(self) -> Signal<Gate> {
        self.gate.into()
    }

    /// Who is signed in; `Some` while open.
    #[must_use]
    pub fn account(self) -> Signal<Option<Account>> {
        self.account.into()
    }

    /// A demonstration territory: a banner says so.
    #[must_use]
    pub fn demo(self) -> Signal<bool> {
        self.demo.into()
    }

    /// Why the notebook locked by itself, until it is opened again.
    #[must_use]
    pub fn why_locked(self) -> Signal<Option<WhyLocked>> {
        self.why_locked.into()
    }

    /// The browser erased what this notebook had kept: to be told before signing in again.
    #[must_use]
    pub fn evicted(self) -> Signal<bool> {
        self.evicted.into()
    }

    /// Whether the browser promised not to erase by itself; `None` until asked.
    #[must_use]
    pub fn persisted(self) -> Signal<Option<bool>> {
        self.persisted.into()
    }

    #[must_use]
    pub fn saving(self) -> Signal<Saving> {
        self.saving.into()
    }

    #[must_use]
    pub fn weather(self) -> Signal<Exchange> {
        self.exchange.into()
    }

    /// A newer version of the application waits; see [`Notebook::apply_update`].
    #[must_use]
    pub fn update_ready(self) -> Signal<bool> {
        self.update_ready.into()
    }

    #[must_use]
    pub fn now(self) -> Timestamp {
        crate::platform::clock::now()
    }

    /// The wall clock of this device at that instant.
    #[must_use]
    pub fn local(self, at: Timestamp) -> NaiveDateTime {
        at.local(crate::platform::clock::offset_minutes(at))
    }

    #[must_use]
    pub fn today(self) -> NaiveDate {
        self.local(self.now()).date()
    }
}

impl Exchange {
    /// Before anything is known, nothing is promised.
    pub(crate) fn unknown() -> Self {
        Self {
            link: Link::Offline,
            waiting: Waiting::default(),
            last_success: None,
            all_sent: false,
            said: None,
            first_pull: None,
            checked: None,
            clock_ahead: 0,
            erased: 0,
            unreadable: 0,
        }
    }
}
