//! One connection, opened when needed and opened again when the browser closes it.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error, OpenDbError};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions};
use sync::StoreError;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::VERSION;
use crate::platform::js::error_name;

/// The connection to one database, shared by its clones.
#[derive(Clone, Debug)]
pub(super) struct Connection(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    stores: &'static [&'static str],
    open: RefCell<Option<Database>>,
    /// An opening waits for another tab to let go; the browser answers no other before it.
    blocked: Cell<bool>,
}

impl Connection {
    pub(super) fn new(name: String, stores: &'static [&'static str]) -> Self {
        Self(Rc::new(Inner { name, stores, open: RefCell::new(None), blocked: Cell::new(false) }))
    }

    /// The open database; opens it if it is not, or no longer.
    pub(super) async fn database(&self) -> Result<Database, StoreError> {
        if let Some(open) = self.0.open.borrow().clone() {
            return Ok(open);
        }
        if self.0.blocked.get() {
            return Err(StoreError::Blocked);
        }
        match open(&self.0.name, self.0.stores).await? {
            Opening::Done(database) => Ok(self.0.keep(database)),
            Opening::Blocked(opening) => {
                self.0.blocked.set(true);
                let inner = Rc::downgrade(&self.0);
                // Abandoned, it would go on in the browser and complete nothing: the stores would be missing for ever.
                wasm_bindgen_futures::spawn_local(async move {
                    let opened = opening.await;
                    if let Some(inner) = inner.upgrade() {
                        inner.blocked.set(false);
                        drop(opened.map(|database| inner.keep(database)));
                    }
                });
                Err(StoreError::Blocked)
            }
        }
    }

    /// Forgets the connection, closing it: the next use opens another.
    pub(super) fn close(&self) {
        if let Some(database) = self.0.open.borrow_mut().take() {
            database.close();
        }
    }

    /// Runs `work` on the database; once more on a new connection if the browser had closed this one.
    /// WebKit does so in background tabs.
    pub(super) async fn run<T>(&self, work: impl AsyncFn(Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut again = true;
        loop {
            // Awaited in one place: each transaction is downloaded once.
            match work(self.database().await?).await {
                Err(StoreError::Closed) if std::mem::take(&mut again) => self.close(),
                other => return other,
            }
        }
    }

    #[cfg(test)]
    pub(super) fn name(&self) -> &str {
        &self.0.name
    }

    /// As if the browser closed the connection behind our back.
    #[cfg(test)]
    pub(super) fn close_behind(&self) {
        if let Some(database) = self.0.open.borrow().clone() {
            database.close();
        }
    }
}

impl Inner {
    /// Keeps a connection, or the one another caller opened meanwhile.
    fn keep(self: &Rc<Self>, database: Database) -> Database {
        if let Some(open) = self.open.borrow().clone() {
            database.close();
            return open;
        }
        watch(&database, Rc::downgrade(self));
        *self.open.borrow_mut() = Some(database.clone());
        database
    }
}

/// A connection nobody holds any more would still keep another tab's upgrade waiting.
impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(database) = self.open.get_mut().take() {
            database.close();
        }
    }
}

/// Lets go when another tab upgrades or erases the database, or when the browser closes it.
fn watch(database: &Database, inner: Weak<Inner>) {
    let let_go = Closure::<dyn Fn()>::new(move || {
        if let Some(inner) = inner.upgrade()
            && let Some(database) = inner.open.borrow_mut().take()
        {
            database.close();
        }
    })
    .into_js_value();
    database.as_sys().set_onversionchange(Some(let_go.unchecked_ref()));
    database.as_sys().set_onclose(Some(let_go.unchecked_ref()));
}

/// What became of an opening.
enum Opening {
    Done(Database),
    /// Another tab holds an older version: goes on when it lets go.
    Blocked(Pin<Box<dyn Future<Output = Result<Database, StoreError>>>>),
}

async fn open(name: &str, stores: &'static [&'static str]) -> Result<Opening, StoreError> {
    let blocked = Rc::new(Flag::default());
    let mut opening = Box::pin(opened(name.to_owned(), stores, Rc::clone(&blocked)));
    let done = poll_fn(|context| match opening.as_mut().poll(context) {
        Poll::Pending if blocked.is_raised(context.waker()) => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
        Poll::Ready(opened) => Poll::Ready(Some(opened)),
    })
    .await;
    done.map_or_else(|| Ok(Opening::Blocked(opening)), |done| done.map(Opening::Done))
}

async fn opened(name: String, stores: &'static [&'static str], blocked: Rc<Flag>) -> Result<Database, StoreError> {
    let request = Database::open(name.as_str())
        .with_version(VERSION)
        .with_on_blocked(move |_| {
            blocked.raise();
            Ok(())
        })
        .with_on_upgrade_needed(move |_, database| {
            let there: Vec<String> = database.object_store_names().collect();
            // A store is added, never altered: what yesterday's build wrote stays readable.
            for store in stores.iter().filter(|store| !there.iter().any(|name| name == *store)) {
                database.create_object_store(store).build()?;
            }
            Ok(())
        });
    match request.await {
        Ok(database) => Ok(database),
        Err(OpenDbError::Base(error)) if name_of(&error).as_deref() == Some("VersionError") => newer(&name).await,
        Err(OpenDbError::Base(error)) => Err(match store_error(error) {
            StoreError::Full => StoreError::Full,
            _ => StoreError::Refused,
        }),
        Err(_) => Err(StoreError::Refused),
    }
}

/// What the failure says when a newer version of the application wrote the database.
pub const NEWER: &str = "a newer version of the application wrote this database";

/// A newer build was here: its database still serves if it is of the same hundred.
async fn newer(name: &str) -> Result<Database, StoreError> {
    let database = Database::open(name).await.map_err(|_| StoreError::Refused)?;
    if database.version() / 100.0 < f64::from(VERSION / 100 + 1) {
        Ok(database)
    } else {
        database.close();
        Err(StoreError::Failed(NEWER.into()))
    }
}

#[derive(Default)]
struct Flag(Cell<bool>, RefCell<Option<Waker>>);

impl Flag {
    fn raise(&self) {
        self.0.set(true);
        if let Some(waker) = self.1.borrow_mut().take() {
            waker.wake();
        }
    }

    fn is_raised(&self, waker: &Waker) -> bool {
        *self.1.borrow_mut() = Some(waker.clone());
        self.0.get()
    }
}

/// Erases a database of this browser.
pub async fn delete(name: &str) -> Result<(), StoreError> {
    let request = Database::delete_by_name(name).map_err(|_| StoreError::Refused)?;
    request.await.map_err(|_| StoreError::Refused)
}

/// A transaction that writes, and resolves only when the disk has it.
pub(super) fn write<'a>(database: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, StoreError> {
    database
        .transaction(stores)
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(TransactionDurability::Strict))
        .build()
        .map_err(store_error)
}

pub(super) fn read<'a>(database: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, StoreError> {
    database.transaction(stores).build().map_err(store_error)
}

/// Commits, and tells apart a full disk from a lost connection, which the library reports as the same abort.
pub(super) async fn commit(transaction: Transaction<'_>) -> Result<(), StoreError> {
    let raw = transaction.as_sys().clone();
    match transaction.commit().await {
        Ok(()) => Ok(()),
        Err(error) => match raw.error() {
            Some(cause) => Err(store_error(DomException::from(cause).into())),
            None if matches!(error, Error::MissingData(_)) => Err(StoreError::Closed),
            None => Err(store_error(error)),
        },
    }
}

fn name_of(error: &Error) -> Option<String> {
    match error {
        Error::DomException(exception) => {
            let js: JsValue = exception.clone().into();
            Some(error_name(&js))
        }
        _ => None,
    }
}

/// What the browser's error means to the store. Texts of the browser are dropped: they could quote a value.
pub(super) fn store_error(error: Error) -> StoreError {
    match name_of(&error).as_deref() {
        Some("QuotaExceededError") => StoreError::Full,
        // WebKit answers `UnknownError` once it has lost its database server in the background.
        Some("InvalidStateError" | "AbortError" | "TransactionInactiveError" | "UnknownError") => StoreError::Closed,
        Some("SecurityError" | "NotAllowedError") => StoreError::Refused,
        Some(name) => StoreError::Failed(name.to_owned()),
        None => StoreError::Failed("unexpected answer of the database".into()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn told(name: &str) -> StoreError {
        let exception = web_sys::DomException::new_with_message_and_name("Odette Salvan", name).unwrap();
        store_error(DomException::from(exception).into())
    }

    #[wasm_bindgen_test]
    fn each_fault_of_the_browser_has_its_name_and_never_its_text() {
        assert_eq!(told("QuotaExceededError"), StoreError::Full);
        assert_eq!(told("InvalidStateError"), StoreError::Closed);
        assert_eq!(told("AbortError"), StoreError::Closed);
        assert_eq!(told("SecurityError"), StoreError::Refused);
        assert_eq!(told("DataError"), StoreError::Failed("DataError".into()));
    }
}
