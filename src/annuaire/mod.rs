//! The directory this page holds: read from the device, brought up to date when there is a network, never without one.

mod load;
pub mod words;

use std::sync::Arc;

use domain::Timestamp;
use domain::annuaire::directory::Directory;
use domain::annuaire::entry::{Card, Visibility};
use domain::annuaire::search::Index;
use domain::id::RecordId;
use leptos::prelude::*;

use crate::notebook::{Notebook, Trouble};
use crate::platform::idb::public::PublicFile;

/// The handle pages hold; one for the members, another for the public page, and neither sees the other's file.
#[derive(Clone, Copy)]
pub struct Annuaire {
    from: StoredValue<From, LocalStorage>,
    loaded: RwSignal<Option<Loaded>>,
    state: RwSignal<State>,
    trouble: RwSignal<Option<Trouble>>,
    /// When the server last said that this file is its newest.
    checked: RwSignal<Option<Timestamp>>,
    /// A page has asked for it: until then the file lies on the disk, unread.
    wanted: StoredValue<bool>,
    /// What is on the disk was read, or could not be.
    tried: StoredValue<bool>,
    /// By which the server knows the file that is kept and shown: it need not be deciphered again for that.
    mark: StoredValue<Option<String>>,
    running: StoredValue<bool>,
}

/// Where the file comes from, and where it is kept.
#[derive(Clone)]
enum From {
    /// Signed in: sealed with the notebook.
    Members(Box<Notebook>),
    /// Nobody is signed in: in clear, in a database of its own.
    Public(PublicFile),
}

/// A directory ready to be searched.
#[derive(Clone)]
pub struct Loaded {
    pub directory: Arc<Directory>,
    pub index: Arc<Index>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Being read, or on its way for the first time.
    Loading,
    /// This device never received it.
    Absent,
    Ready,
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.directory, &other.directory)
    }
}

impl Loaded {
    /// The card of this record.
    #[must_use]
    pub fn card(&self, id: RecordId) -> Option<Card> {
        self.directory.cards.get(self.directory.cards.rank(id)?)
    }
}

/// The members' directory, for the pages of an open notebook.
pub fn provide_members(notebook: Notebook) -> Annuaire {
    Annuaire::provide(From::Members(Box::new(notebook)))
}

/// The directory for everybody, for the public page alone.
pub fn provide_public() -> Annuaire {
    Annuaire::provide(From::Public(PublicFile::default()))
}

/// The directory of this page.
///
/// # Panics
/// Outside the open notebook and the public page, which provide it.
#[must_use]
pub fn use_annuaire() -> Annuaire {
    expect_context()
}

impl Annuaire {
    fn provide(from: From) -> Self {
        let annuaire = Self {
            from: StoredValue::new_local(from),
            loaded: RwSignal::new(None),
            state: RwSignal::new(State::Loading),
            trouble: RwSignal::new(None),
            checked: RwSignal::new(None),
            wanted: StoredValue::new(false),
            tried: StoredValue::new(false),
            mark: StoredValue::new(None),
            running: StoredValue::new(false),
        };
        provide_context(annuaire);
        annuaire.watch();
        annuaire
    }

    /// The directory, once read. Asking for it has it read.
    #[must_use]
    pub fn loaded(self) -> Signal<Option<Loaded>> {
        self.want();
        self.loaded.into()
    }

    #[must_use]
    pub fn state(self) -> Signal<State> {
        self.state.into()
    }

    /// Why it could not be read or brought up to date.
    #[must_use]
    pub fn trouble(self) -> Signal<Option<Trouble>> {
        self.trouble.into()
    }

    #[must_use]
    pub fn checked(self) -> Signal<Option<Timestamp>> {
        self.checked.into()
    }

    /// Whose eyes read this file.
    #[must_use]
    pub fn eyes(self) -> Visibility {
        if self.is_public() { Visibility::Public } else { Visibility::Members }
    }

    #[must_use]
    pub fn is_public(self) -> bool {
        self.from.with_value(|from| matches!(from, From::Public(_)))
    }
}
