//! Saving what is typed: newest value of each field, on disk within 300 ms of the key, loud when the disk refuses.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use domain::id::{OpId, RecordId};
use domain::record::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::{Hold, OperationKind, Save, SaveError};

use super::state::{Session, Typing};
use super::tabs::Word;
use super::{Notebook, Saving, Trouble, TroubleKind};
use crate::platform::{clock, page, random, storage};

/// From a key to the beginning of its write.
const DELAY_MS: u32 = 250;
/// The longest wait between two tries of a refused write.
const MAX_RETRY_MS: u32 = 30_000;

impl Notebook {
    /// The value a person is giving to a field: on the screen now, on disk within 300 ms. A correction of a finished form
    /// carries its reason.
    pub fn edit(self, record: RecordId, field: &'static str, value: Value, reason: Option<String>) {
        let Some(session) = self.session() else { return };
        let seen = self.base(record, field);
        match session.typed.pending.borrow_mut().entry((record, field)) {
            Entry::Occupied(mut typing) => {
                let typing = typing.get_mut();
                (typing.value, typing.reason) = (value, reason);
            }
            Entry::Vacant(place) => drop(place.insert(Typing { value, seen, reason })),
        }
        session.typed.last_key.set(Some((record, field, page::monotonic_ms())));
        self.show_typed(&session, record);
        self.not_all_sent(&session);
        if !matches!(self.saving.get_untracked(), Saving::Failed(_)) {
            self.saving.set(Saving::Writing);
        }
        if !session.typed.planned.replace(true) {
            spawn_local(async move {
                page::sleep(DELAY_MS).await;
                session.typed.planned.set(false);
                if self.is_open(&session) {
                    self.flush().await;
                }
            });
        }
    }

    /// Writes at once what is whole from the first touch; it leaves with its field.
    pub fn write_now(self) {
        spawn_local(async move {
            self.flush().await;
        });
    }

    /// Writes at once and lets it leave: the field lost focus, the page hides, another page comes.
    pub fn settle(self) {
        if let Some(session) = self.session() {
            session.typed.last_key.set(None);
            spawn_local(async move {
                self.flush().await;
                // What is written here asks for the exchange by itself; what was left under the fingers is released now.
                let waits = self.exchange.with_untracked(|exchange| exchange.waiting.count > 0);
                if waits || session.exchange.planned.get() {
                    self.exchange_now();
                }
            });
        }
    }

    /// Tries again what the disk refused.
    pub fn retry(self) {
        spawn_local(async move {
            if let Some(session) = self.session() {
                session.store().close();
                self.flush().await;
            }
        });
    }

    /// Writes several fields of a record at once, in one operation: a finish, a correction with its reason.
    ///
    /// # Errors
    /// The disk refused; nothing of it is written.
    pub async fn write(
        self,
        record: RecordId,
        fields: Vec<(&'static str, Value)>,
        reason: Option<String>,
    ) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        self.flushed().await?;
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.saving.set(Saving::Writing);
        let saved = self.set(&session, record, OperationKind::Set, fields, BTreeMap::new(), reason).await;
        self.tell_saved(saved)
    }

    /// Writes what is being typed, for a verb that must not go on over what the disk refused.
    ///
    /// # Errors
    /// The disk refused; what was typed stays on the screen.
    pub async fn flushed(self) -> Result<(), Trouble> {
        match (self.flush().await, self.saving.get_untracked()) {
            (true, _) => Ok(()),
            (false, Saving::Failed(trouble)) => Err(trouble),
            (false, _) => Err(TroubleKind::StorageClosed.into()),
        }
    }

    /// Writes every pending value; `true` once all of them are on disk.
    pub(super) async fn flush(self) -> bool {
        let Some(session) = self.session() else { return true };
        // One writer at a time in this tab; other tabs are met in the store.
        while session.typed.writing.replace(true) {
            page::sleep(5).await;
        }
        let (mut wrote, mut gone) = (false, false);
        let outcome = loop {
            let next = session.typed.pending.borrow().first_key_value().map(|(key, typing)| (*key, typing.clone()));
            let Some(((record, field), Typing { value, seen, reason })) = next else {
                break if gone { Err(SaveError::Gone) } else { Ok(()) };
            };
            let fields = vec![(field.to_owned(), value.clone())];
            let seen = BTreeMap::from([(field.to_owned(), seen)]);
            let saved = self.set(&session, record, OperationKind::Set, fields, seen, reason).await;
            if matches!(saved, Ok(()) | Err(SaveError::Gone)) {
                // A newer value typed meanwhile stays, for the next turn.
                let mut pending = session.typed.pending.borrow_mut();
                if let Entry::Occupied(mut typing) = pending.entry((record, field)) {
                    if typing.get().value == value {
                        typing.remove();
                    } else {
                        // She saw her own value written: it is what the next one is based on.
                        typing.get_mut().seen = self.base(record, field);
                    }
                }
            }
            match saved {
                Ok(()) => wrote = true,
                // One record that is gone does not keep the others from the disk.
                Err(SaveError::Gone) => gone = true,
                Err(error) => break Err(error),
            }
        };
        session.typed.writing.set(false);
        match outcome {
            Ok(()) => {
                session.typed.failures.set(0);
                if wrote {
                    // Cannot fail: it only repeats that it went well.
                    let _ = self.tell_saved(Ok(()));
                } else if let Saving::Failed(trouble) = self.saving.get_untracked()
                    && trouble.kind != TroubleKind::Gone
                {
                    // Nothing waits any more. What is gone waits for nothing: its message outlives the field being left.
                    self.saving.set(Saving::Idle);
                }
                true
            }
            Err(error) => {
                let goes_on = error == SaveError::Gone;
                if wrote {
                    let _ = self.tell_saved(Ok(()));
                }
                let _ = self.tell_saved(Err(error));
                // What is gone cannot be written later: the message stays, nothing is tried again.
                if !goes_on {
                    self.retry_later(&session);
                }
                false
            }
        }
    }

    fn retry_later(self, session: &Rc<Session>) {
        let failures = session.typed.failures.get();
        session.typed.failures.set(failures + 1);
        let session = Rc::clone(session);
        spawn_local(async move {
            page::sleep((1_000 << failures.min(5)).min(MAX_RETRY_MS)).await;
            if self.is_open(&session) && session.typed.failures.get() == failures + 1 {
                // A new connection: the old one may be what refuses.
                session.store().close();
                self.flush().await;
            }
        });
    }

    /// The operation behind a field as it is shown.
    fn base(self, record: RecordId, field: &str) -> Option<OpId> {
        Some(self.peek(record)?.fields.get(field)?.op_id)
    }

    /// One operation on a record that is on the shelf.
    pub(super) async fn set(
        self,
        session: &Rc<Session>,
        record: RecordId,
        operation: OperationKind,
        fields: Vec<(String, Value)>,
        seen: BTreeMap<String, Option<OpId>>,
        reason: Option<String>,
    ) -> Result<(), SaveError> {
        let shown = self.peek(record).ok_or(SaveError::Gone)?;
        let hold = self.hold(&shown);
        let save = Save {
            record,
            kind: &shown.kind,
            form_version: &shown.form_version,
            operation,
            fields,
            seen,
            over: Vec::new(),
            reason,
            hold,
            now: clock::now(),
            op_id: random::op_id(),
        };
        self.commit(session, save).await
    }

    pub(super) async fn commit(self, session: &Rc<Session>, save: Save<'_>) -> Result<(), SaveError> {
        let record = save.record;
        self.not_all_sent(session);
        let released = matches!(save.hold, Hold::Release(_));
        let shown = session.replica.save(save).await?;
        // A reading begun before this commit is older than it: it will be done again.
        self.not_all_sent(session);
        self.show(session, record, Some(shown));
        if released {
            // What was held says so on each record. The save is done, whatever becomes of this reading.
            for shown in session.replica.contents().await.map(|contents| contents.shown).unwrap_or_default() {
                self.show(session, shown.id, Some(shown));
            }
        }
        self.say(&Word::Changed(vec![record]));
        Ok(())
    }

    /// Says what became of a write; « enregistré » is said here only.
    pub(super) fn tell_saved(self, saved: Result<(), SaveError>) -> Result<(), Trouble> {
        match saved {
            Ok(()) => {
                let pending = self.session().is_some_and(|session| !session.typed.pending.borrow().is_empty());
                // One save that went well says nothing of another that the disk refused.
                if !(pending && matches!(self.saving.get_untracked(), Saving::Failed(_))) {
                    self.saving.set(if pending { Saving::Writing } else { Saving::Saved(clock::now()) });
                }
                self.count_soon();
                self.exchange_after_typing();
                if !self.inner().persist_asked.replace(true) {
                    spawn_local(async move { self.persisted.set(Some(storage::persist().await)) });
                }
                Ok(())
            }
            Err(error) => {
                let trouble = Trouble::from(error);
                self.saving.set(Saving::Failed(trouble.clone()));
                Err(trouble)
            }
        }
    }

    /// Flushes when the page hides, and answers its other events.
    pub(super) fn watch_page(self) {
        page::on_visibility_hidden(move || self.settle()).forever();
        self.watch_paper();
        self.watch_network();
    }
}
