//! Consents: nothing nominative leaves the device before the consent to the record is yes; a no erases the draft.

use std::sync::Arc;

use domain::id::RecordId;
use domain::people::consent::{ANSWER, after, counting, fields, standing};
use domain::people::{CONSENT, GivenBy, PERSON, Purpose};
use domain::record::{AFTER, Fields, PARENT, Value};
use leptos::prelude::*;
use sync::{Hold, Shown};

use super::tabs::Word;
use super::{Notebook, Trouble, TroubleKind};
use crate::platform::random;

/// What became of a person's record after her answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consented {
    Kept,
    /// She refused the record before anything left: it was forgotten, with all that hung on it.
    Erased,
}

impl Notebook {
    /// Notes her answer for a purpose, as a child record of hers.
    ///
    /// # Errors
    /// The disk refused; nothing changed.
    pub async fn consent(
        self,
        person: RecordId,
        purpose: Purpose,
        answer: bool,
        given_by: GivenBy,
    ) -> Result<Consented, Trouble> {
        self.flushed().await?;
        let consented = self.is_consented(person);
        if purpose == Purpose::Record && !answer && !consented && self.peek(person).is_some_and(|shown| shown.held) {
            // Nothing was held any more when another tab just released it: then her « non » must be written.
            if self.forget_held(person).await? {
                return Ok(Consented::Erased);
            }
        }
        let hold = match purpose {
            Purpose::Record if answer => Hold::Release(person),
            // A withdrawal must be known by the server.
            Purpose::Record => Hold::No,
            _ if consented => Hold::No,
            _ => Hold::Under(person),
        };
        let mut answers: Vec<(String, Value)> =
            fields(purpose, answer, given_by).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        answers.push((PARENT.to_owned(), person.to_string().into()));
        let known = self.shown.with_untracked(|shelf| read(&shelf.children(person, CONSENT.id)));
        let stands = standing(each(&known)).into_iter().find(|(asked, _)| *asked == purpose);
        answers.extend(stands.and_then(|(_, stands)| after(&stands)).map(|ids| (AFTER.to_owned(), ids)));
        self.begin_record(random::record_id(), &CONSENT, answers, hold).await?;
        self.settle();
        Ok(Consented::Kept)
    }

    /// Forgets what is held under a record; `false` if nothing was.
    pub(super) async fn forget_held(self, root: RecordId) -> Result<bool, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let gone = session.replica.discard_held(root).await?;
        session.typed.pending.borrow_mut().retain(|(record, _), _| !gone.contains(record));
        self.refresh(&session, &gone).await?;
        let any = !gone.is_empty();
        self.say(&Word::Changed(gone));
        self.tell_saved(Ok(()))?;
        Ok(any)
    }

    /// Whether the person this record is about took back her consent to be recorded.
    pub(super) fn is_withdrawn(self, shown: &Shown) -> bool {
        let person = self.person_of(shown).and_then(|person| self.peek(person));
        person.is_some_and(|person| !person.held && !self.is_consented(person.id))
    }

    /// Whether what is written on this record may leave.
    pub(super) fn hold(self, shown: &Shown) -> Hold {
        match self.person_of(shown) {
            Some(person) if !self.is_consented(person) => Hold::Under(person),
            _ => Hold::No,
        }
    }

    /// The person a record is about: itself, or up its parents.
    pub(super) fn person_of(self, shown: &Shown) -> Option<RecordId> {
        let (mut id, mut kind, mut parent) = (shown.id, shown.kind.clone(), shown.parent());
        // Deeper than any real tree, in case a received record named itself as its parent.
        for _ in 0..8 {
            if kind == PERSON.id {
                return Some(id);
            }
            let above = self.peek(parent?)?;
            (id, kind, parent) = (above.id, above.kind.clone(), above.parent());
        }
        None
    }

    fn is_consented(self, person: RecordId) -> bool {
        let consents = self.shown.with_untracked(|shelf| shelf.children(person, CONSENT.id));
        // Whoever only calls her back does not hold her consents: the server shows her because she gave them.
        answers_of(&consents).contains(&(Purpose::Record, true)) || untrack(|| self.is_in_part(person))
    }
}

/// The answers that count, among the consents of one person.
#[must_use]
pub fn answers_of(consents: &[Arc<Shown>]) -> Vec<(Purpose, bool)> {
    counting(each(&read(consents)))
}

/// The consents of one person that count, purpose by purpose; several when people asked her without seeing each other.
#[must_use]
pub fn standing_of(consents: &[Arc<Shown>]) -> Vec<(Purpose, Vec<Arc<Shown>>)> {
    let found = |id: RecordId| consents.iter().find(|shown| shown.id == id).cloned();
    let stands = standing(each(&read(consents))).into_iter();
    stands.map(|(purpose, ids)| (purpose, ids.into_iter().filter_map(|(id, _)| found(id)).collect())).collect()
}

/// What each consent says. Two people wrote two answers in one: it is a « non » until one of them settles it.
fn read(consents: &[Arc<Shown>]) -> Vec<(RecordId, Fields)> {
    let read = |shown: &Arc<Shown>| {
        let mut fields = shown.values();
        if shown.conflicts.contains_key(ANSWER) {
            fields.insert(ANSWER.to_owned(), "no".into());
        }
        (shown.id, fields)
    };
    consents.iter().map(read).collect()
}

fn each(consents: &[(RecordId, Fields)]) -> impl Iterator<Item = (RecordId, &Fields)> {
    consents.iter().map(|(id, fields)| (*id, fields))
}
