//! What has not reached the server: told record by record, and carried there by other means when the network does not.

use std::collections::BTreeMap;
use std::rc::Rc;

use domain::Timestamp;
use domain::id::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::{AppliedAgain, Brought, Export, SealKey, Sealed};
use sync::{Aside, Phase, Store, StoreError};

use super::state::Session;
use super::tabs::Word;
use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{crypto, file, json, random, server};

/// Names of what is kept sealed: the server's key, and the records whose erasure took entries never sent.
const SEAL_KEY: &str = "seal-key";
const ERASED: &str = "erased";

/// Where the entries of one record are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be sent, or on their way.
    Going,
    /// Until the person has consented.
    Held,
    /// Neither sent again nor lost.
    Aside(Aside),
}

/// Entries of one record that the server does not have, or has set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    pub record: RecordId,
    pub kind: String,
    pub standing: Standing,
    pub count: usize,
    /// Of the oldest, by the clock of this device.
    pub since: Timestamp,
}

/// A file that was offered for download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub name: String,
    pub count: usize,
    /// Entries left out because a person has not consented yet.
    pub held: usize,
}

impl Notebook {
    /// What waits, record by record, in the order it was written.
    pub async fn waits(self) -> Vec<Waits> {
        let Some(session) = self.session() else { return Vec::new() };
        // What cannot be read now is counted again at the next change.
        let outbox = session.store().outbox().await.unwrap_or_default();
        let mut waits: Vec<Waits> = Vec::new();
        for queued in outbox.into_iter().filter(|queued| !queued.operation.is_trace()) {
            let standing = match queued.phase {
                Phase::Open | Phase::Offered => Standing::Going,
                Phase::Held(_) => Standing::Held,
                Phase::SetAside(aside) => Standing::Aside(aside),
            };
            let (record, since) = (queued.operation.record_id, queued.operation.device_time);
            match waits.iter_mut().find(|one| one.record == record && one.standing == standing) {
                Some(one) => (one.count, one.since) = (one.count + 1, one.since.min(since)),
                None => {
                    let kind = queued.operation.record_kind;
                    waits.push(Waits { record, kind, standing, count: 1, since });
                }
            }
        }
        waits
    }

    /// Offers a file with everything that has not reached the server, which nobody but the server can read.
    ///
    /// # Errors
    /// Nothing to carry, no key yet to close the file, or the disk or the browser refused; everything stays where it is.
    pub async fn export(self) -> Result<Exported, Trouble> {
        self.flushed().await?;
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let key: SealKey = session.store().sealed(SEAL_KEY).await?.ok_or(TroubleKind::NoSealKey)?;
        let public = random::from_hex(&key.key).ok_or(TroubleKind::NoSealKey)?;
        let operations = session.replica.export().await?;
        self.count_soon();
        // What was looked at leaves with the entries, and is none.
        let count = operations.iter().filter(|operation| !operation.is_trace()).count();
        if count == 0 {
            return Err(TroubleKind::NothingToExport.into());
        }
        let clear =
            json::write(&Export { token: session.token.to_string(), operations }).ok_or(TroubleKind::Download)?;
        let sealed = crypto::seal_to(&public, Sealed::INFO, clear.as_bytes()).await?;
        let sealed = Sealed {
            format: Sealed::FORMAT.to_owned(),
            key: random::to_hex(&sealed.key),
            iv: random::to_hex(&sealed.iv),
            content: random::to_hex(&sealed.content),
        };
        let name = format!("cardabelle-saisies-{}.json", self.today());
        let text = json::write(&sealed).ok_or(TroubleKind::Download)?;
        if !file::hand_over(&name, &text) {
            return Err(TroubleKind::Download.into());
        }
        let held = self.exchange.with_untracked(|exchange| exchange.waiting.held);
        Ok(Exported { name, count, held })
    }

    /// Hands the file chosen in this input over to the server: the entries of another device, brought by anybody.
    /// `None`: no file was chosen.
    ///
    /// # Errors
    /// It is not such a file, or the server could not take it; the file stays as it is.
    pub async fn bring(self, input: &'static str) -> Result<Brought, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let bytes = file::chosen(input).await.ok_or(TroubleKind::WrongFile)?;
        let sealed: Sealed = json::read(&bytes).ok_or(TroubleKind::WrongFile)?;
        if sealed.format != Sealed::FORMAT {
            return Err(TroubleKind::WrongFile.into());
        }
        let brought = server::bring(&session.token, &sealed).await?;
        self.exchange_now();
        Ok(brought)
    }

    /// Asks the server to judge again what this device wrote on a record and the server set aside.
    ///
    /// # Errors
    /// The server cannot be reached, or says no; everything stays where it is.
    pub async fn try_again(self, record: RecordId) -> Result<AppliedAgain, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        self.apply_again(record, session.device).await
    }

    /// She has read why what she wrote on a record will never be applied.
    ///
    /// # Errors
    /// The disk refused; it is told again.
    pub async fn read_aside(self, record: RecordId) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let changed = session.replica.let_go(record).await?;
        self.say(&Word::Changed(changed.clone()));
        self.refresh(&session, &changed).await?;
        self.count_soon();
        Ok(())
    }

    /// She has read that an erasure took entries never sent.
    pub fn read_erased(self) {
        let Some(session) = self.session() else { return };
        spawn_local(async move {
            let none: BTreeMap<RecordId, u64> = BTreeMap::new();
            // If the disk refuses, it is told again.
            if session.store().keep_sealed(ERASED, &none).await.is_ok() {
                self.say(&Word::Changed(Vec::new()));
                self.count_soon();
            }
        });
    }

    /// Notes, before they go, the entries never sent of records that were erased.
    pub(super) async fn note_erased(
        self,
        session: &Rc<Session>,
        erased: impl Iterator<Item = RecordId>,
    ) -> Result<(), StoreError> {
        let mut gone: BTreeMap<RecordId, u64> = BTreeMap::new();
        for id in erased {
            let unsent = |phase: &Phase| !matches!(phase, Phase::SetAside(Aside::Quarantined(_)));
            let count = session.store().outbox_of(id).await?.iter().filter(|queued| unsent(&queued.phase)).count();
            if count > 0 {
                gone.insert(id, count as u64);
            }
        }
        if !gone.is_empty() {
            // By record, so that a page received twice is told once.
            gone.append(&mut session.store().sealed(ERASED).await?.unwrap_or_default());
            session.store().keep_sealed(ERASED, &gone).await?;
        }
        Ok(())
    }

    /// Entries never sent that went with an erased record, until she has read it.
    pub(super) async fn erased_with(self, session: &Rc<Session>) -> u64 {
        let gone: Option<BTreeMap<RecordId, u64>> = session.store().sealed(ERASED).await.unwrap_or_default();
        gone.unwrap_or_default().values().sum()
    }

    /// Keeps the server's key at hand, for the day there is no network.
    pub(super) async fn keep_seal_key(self, session: &Rc<Session>) {
        if !session.exchange.key_asked.get()
            && let Ok(key) = server::seal_key().await
            && session.store().keep_sealed(SEAL_KEY, &key).await.is_ok()
        {
            session.exchange.key_asked.set(true);
        }
    }

    /// Puts apart what cannot be read of this device's notebook, so that the rest goes on; `false`: there was nothing.
    pub(super) async fn put_apart(self, session: &Rc<Session>) -> bool {
        let moved = session.store().put_apart().await.unwrap_or_default();
        let unreadable = session.store().unreadable().await.ok();
        if self.is_open(session) {
            self.exchange.update(|exchange| {
                // If they cannot be counted: never fewer than there are.
                exchange.unreadable = unreadable.unwrap_or(exchange.unreadable + moved);
                exchange.all_sent &= exchange.unreadable == 0;
            });
        }
        moved > 0
    }
}
