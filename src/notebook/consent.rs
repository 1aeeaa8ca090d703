//! Consents: nothing nominative leaves the device before the consent to the record is yes; a no erases the draft.

use domain::id::RecordId;
use domain::people::consent::{fields, latest};
use domain::people::{CONSENT, GivenBy, PERSON, Purpose};
use domain::record::{PARENT, Value};
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
        let consents: Vec<_> = consents.iter().map(|shown| (shown.created_at, shown.values())).collect();
        latest(consents.iter().map(|(at, fields)| (*at, fields))).contains(&(Purpose::Record, true))
    }
}
