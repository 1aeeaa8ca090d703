//! Beginning a record, and throwing one away.

use std::collections::BTreeMap;

use domain::id::RecordId;
use domain::people::PERSON;
use domain::programme::{Begun, Noted, Prefill, RecordKind};
use domain::programmes;
use domain::record::{Fields, NOTED_BY, PARENT, STARTED_AT, Value};
use leptos::prelude::*;
use sync::{Hold, OperationKind, Save, Shown};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{clock, random};

impl Notebook {
    /// Begins a record of a kind, under its parent. It stays on this device until the person it is about has consented.
    ///
    /// # Errors
    /// The disk refused; there is no record.
    pub async fn create(self, kind: &'static RecordKind, parent: Option<RecordId>) -> Result<RecordId, Trouble> {
        self.create_with(kind, parent, Vec::new()).await
    }

    /// As [`Notebook::create`], with answers that are known already, over those that its kind fills by itself.
    ///
    /// # Errors
    /// The disk refused; there is no record.
    pub async fn create_with(
        self,
        kind: &'static RecordKind,
        parent: Option<RecordId>,
        begins: Vec<(&'static str, Value)>,
    ) -> Result<RecordId, Trouble> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        let known = kind.prefill.map(|prefill| self.prefilled(prefill, parent)).unwrap_or_default();
        for (name, value) in known.into_iter().filter(|(name, _)| begins.iter().all(|(other, _)| other != name)) {
            fields.push((name.to_owned(), value));
        }
        fields.extend(begins.into_iter().map(|(name, value)| (name.to_owned(), value)));
        if let Some(parent) = parent {
            fields.push((PARENT.to_owned(), Value::from(parent.to_string())));
        }
        let id = random::record_id();
        let hold = match parent.and_then(|parent| self.peek(parent)) {
            // She took her consent back after it had been given: nothing new is kept.
            Some(parent) if self.is_withdrawn(&parent) => return Err(TroubleKind::Withdrawn.into()),
            Some(parent) => self.hold(&parent),
            None if kind.id == PERSON.id => Hold::Under(id),
            None if self.is_stand() => Hold::Elsewhere,
            None => Hold::No,
        };
        self.begin_record(id, kind, fields, hold).await?;
        Ok(id)
    }

    /// What a kind knows of a record that begins: from the person it is about, from what belongs to the territory, from the
    /// stand that is held here.
    fn prefilled(self, prefill: Prefill, parent: Option<RecordId>) -> Vec<(&'static str, Value)> {
        let near = |shown: &Shown| {
            let hers = parent.is_some() && (shown.parent() == parent || Some(shown.id) == parent);
            hers || programmes::kind(&shown.kind).is_some_and(|kind| !kind.common.is_empty())
        };
        let records = self.shown.with_untracked(|shelf| shelf.list(near));
        let fields: Vec<Fields> = records.iter().map(|shown| shown.values()).collect();
        let known: Vec<Noted<'_>> = records
            .iter()
            .zip(&fields)
            .map(|(shown, fields)| Noted { id: shown.id, kind: &shown.kind, fields })
            .collect();
        let seeds = self.venue_seeds();
        let by_herself = seeds.as_ref().is_some_and(|(_, by_herself)| *by_herself);
        let venue = seeds.as_ref().map(|(seeds, _)| seeds);
        prefill(&Begun { today: self.today(), known: &known, venue, by_herself })
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
