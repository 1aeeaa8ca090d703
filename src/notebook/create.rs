//! Beginning a record, and throwing one away.

use std::collections::BTreeMap;

use domain::id::RecordId;
use domain::people::PERSON;
use domain::programme::RecordKind;
use domain::record::{NOTED_BY, PARENT, STARTED_AT, Value};
use sync::{Hold, OperationKind, Save};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{clock, random};

impl Notebook {
    /// Begins a record of a kind, under its parent. It stays on this device until the person it is about has consented.
    ///
    /// # Errors
    /// The disk refused; there is no record.
    pub async fn create(self, kind: &'static RecordKind, parent: Option<RecordId>) -> Result<RecordId, Trouble> {
        let mut fields = Vec::new();
        if let Some(parent) = parent {
            fields.push((PARENT.to_owned(), Value::from(parent.to_string())));
        }
        let id = random::record_id();
        let hold = match parent.and_then(|parent| self.peek(parent)) {
            // She took her consent back after it had been given: nothing new is kept.
            Some(parent) if self.is_withdrawn(&parent) => return Err(TroubleKind::Withdrawn.into()),
            Some(parent) => self.hold(&parent),
            None if kind.id == PERSON.id => Hold::Under(id),
            None => Hold::No,
        };
        self.begin_record(id, kind, fields, hold).await?;
        Ok(id)
    }

    pub(super) async fn begin_record(
        self,
        id: RecordId,
        kind: &'static RecordKind,
        mut fields: Vec<(String, Value)>,
        hold: Hold,
    ) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let now = clock::now();
        fields.push((STARTED_AT.to_owned(), now.0.into()));
        fields.extend(self.volunteer().map(|name| (NOTED_BY.to_owned(), name.into())));
        let save = Save {
            record: id,
            kind: kind.id,
            form_version: kind.form().version,
            operation: OperationKind::Create,
            fields,
            over: Vec::new(),
            seen: BTreeMap::new(),
            reason: None,
            hold,
            now,
            op_id: random::op_id(),
        };
        let saved = self.commit(&session, save).await;
        self.tell_saved(saved)
    }

    /// Throws a record away: without trace while it is held, by an operation that can be undone afterwards.
    ///
    /// # Errors
    /// The disk refused; the record stays.
    pub async fn discard(self, record: RecordId) -> Result<(), Trouble> {
        let Some(shown) = self.peek(record) else { return Ok(()) };
        if shown.held {
            return self.forget_held(record).await.map(drop);
        }
        self.turn(record, OperationKind::Delete).await
    }
}
