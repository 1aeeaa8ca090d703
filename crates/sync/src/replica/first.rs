//! The first pull: the server's records by id, whole, frame after frame, each with the cursor in one commit.
//!
//! It is done on a new device, after a restore of the server, and when the check finds a difference. What a frame covers
//! is exact: a record of this device whose id lies between its bounds and that it does not hold is not there any more.

use std::collections::BTreeSet;

use domain::id::RecordId;

use super::receive::Draft;
use super::{Replica, TRIES};
use crate::protocol::Frame;
use crate::{Commit, Cursor, FirstPull, Phase, Queued, Record, Store, StoreError};

impl<S: Store> Replica<S> {
    /// Where the first pull must go on, `None` when there is none to do.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn first_pull(&self) -> Result<Option<FirstPull>, StoreError> {
        let cursor = self.store.cursor().await?;
        Ok(cursor.first.or_else(|| (cursor.epoch == 0).then(FirstPull::default)))
    }

    /// Applies one frame together with the cursor, in one commit. A frame that does not follow the last one applied
    /// changes nothing. Answers the records that changed.
    ///
    /// # Errors
    /// The store could not do it: the frame will be asked for again.
    pub async fn framed(&self, frame: &Frame) -> Result<Vec<RecordId>, StoreError> {
        for _ in 0..TRIES {
            match self.try_framed(frame).await {
                Err(StoreError::Moved) => {}
                done => return done,
            }
        }
        Err(StoreError::Moved)
    }

    async fn try_framed(&self, frame: &Frame) -> Result<Vec<RecordId>, StoreError> {
        let cursor = self.store.cursor().await?;
        let Some(first) = self.first_pull().await? else { return Ok(Vec::new()) };
        let begins = frame.from.is_none() && (frame.epoch > first.epoch || first.after.is_none());
        let follows =
            first.after.is_some() && (frame.epoch, frame.at, frame.from) == (first.epoch, first.at, first.after);
        let late = frame.epoch < cursor.epoch || (frame.epoch == cursor.epoch && frame.at < cursor.since);
        if late || !(begins || follows) {
            return Ok(Vec::new());
        }
        let mut draft = Draft::default();
        let mut commit = Commit { backed_up: Some(frame.backed_up_seq), ..Commit::default() };
        if begins && frame.epoch != cursor.epoch {
            self.send_again(&mut draft, &mut commit).await?;
        }
        let restored = frame.epoch != cursor.epoch;
        let here: BTreeSet<RecordId> = self.store.ids(frame.from, frame.to).await?.into_iter().collect();
        for record in &frame.records {
            if !here.contains(&record.id) && !draft.read.contains_key(&record.id) {
                draft.read.insert(record.id, (0, record.clone()));
                draft.changed.insert(record.id);
                continue;
            }
            self.read_record(&mut draft, record).await?;
            draft.change(record.id, |here| {
                // What was pushed since the server read this frame is newer than it.
                let newer = !restored && here.seq > frame.at;
                if newer { here.absorb(record) } else { here.clone_from(record) }
            });
        }
        let there: BTreeSet<RecordId> = frame.records.iter().map(|record| record.id).collect();
        for id in here.difference(&there) {
            let Some(stored) = self.store.record(*id).await? else { continue };
            self.read_record(&mut draft, &stored.record).await?;
            let newer = !restored && stored.record.seq > frame.at;
            // One that had left waits for what it holds to be sent; after a restore, who sees what is told anew.
            if !newer && (restored || !stored.record.left) {
                // Emptied rather than removed, so that its revision goes on growing.
                let Record { kind, form_version, .. } = stored.record;
                draft.change(*id, |here| *here = Record::new(*id, kind, form_version));
            }
        }
        for record in &frame.erased {
            self.read_record(&mut draft, record).await?;
            draft.change(record.id, |here| here.absorb(record));
            self.leave(&mut draft, record.id).await?;
        }
        let read = first.read * u64::from(follows) + frame.records.len() as u64;
        commit.cursor = Some(match frame.to {
            None => Cursor { epoch: frame.epoch, since: frame.at, first: None },
            after => {
                let FirstPull { epoch, at, total, .. } =
                    FirstPull { epoch: frame.epoch, at: frame.at, total: frame.total, ..first };
                Cursor { first: Some(FirstPull { epoch, at, after, read, total }), ..cursor }
            }
        });
        self.receive(draft, commit).await
    }

    /// The server was restored: what no backup of the former epoch is known to hold is sent again, with what was set
    /// aside, for its quarantine may be among what was lost.
    async fn send_again(&self, draft: &mut Draft, commit: &mut Commit) -> Result<(), StoreError> {
        for (_, operation) in self.store.kept().await? {
            self.read_record(draft, &Record::of(&operation)).await?;
            draft.moved.insert(operation.record_id);
            commit.reopen.push(operation.op_id);
        }
        for Queued { operation, phase } in self.store.outbox().await? {
            if matches!(phase, Phase::SetAside(_)) {
                self.read_record(draft, &Record::of(&operation)).await?;
                draft.moved.insert(operation.record_id);
                commit.replace.push(Queued { operation, phase: Phase::Offered });
            }
        }
        Ok(())
    }
}
