//! What was typed and is no answer yet: half a date, a number out of bounds. It comes back with its form.

use std::collections::BTreeMap;
use std::rc::Rc;

use domain::id::RecordId;
use domain::identifiers::may_become_nir;

use super::Notebook;
use super::state::Session;

/// Name under which they are kept sealed while the notebook is locked.
const NAME: &str = "drafts";

type Draft = (RecordId, String, String);

impl Notebook {
    /// Keeps what is in the field of a question, in memory.
    pub fn keep_draft(self, record: RecordId, question: &str, text: &str) {
        if let Some(session) = self.session() {
            session.drafts.borrow_mut().insert((record, question.to_owned()), text.to_owned());
        }
    }

    /// The field holds an answer, or nothing.
    pub fn drop_draft(self, record: RecordId, question: &str) {
        if let Some(session) = self.session() {
            session.drafts.borrow_mut().remove(&(record, question.to_owned()));
        }
    }

    /// What was in the field of a question when its page went away.
    #[must_use]
    pub fn draft(self, record: RecordId, question: &str) -> Option<String> {
        self.session()?.drafts.borrow().get(&(record, question.to_owned())).cloned()
    }

    /// Before a lock: the memory goes, they stay, beside those that another tab has just kept. What may be a social
    /// security number reaches no disk.
    pub(super) async fn keep_drafts(self, session: &Rc<Session>) {
        let here = session.drafts.borrow().clone();
        let here: Vec<_> = here.into_iter().filter(|(_, text)| !may_become_nir(text)).collect();
        if here.is_empty() {
            return;
        }
        let kept = session.store().sealed::<Vec<Draft>>(NAME).await.ok().flatten().unwrap_or_default();
        let mut all: BTreeMap<_, _> =
            kept.into_iter().map(|(record, question, text)| ((record, question), text)).collect();
        all.extend(here);
        let drafts: Vec<Draft> = all.into_iter().map(|((record, question), text)| (record, question, text)).collect();
        // Half a date that cannot be kept is typed again.
        let _ = session.store().keep_sealed(NAME, &drafts).await;
    }

    /// After an opening.
    pub(super) async fn read_drafts(self, session: &Rc<Session>) {
        let kept = session.store().sealed::<Vec<Draft>>(NAME).await.ok().flatten().unwrap_or_default();
        if kept.is_empty() {
            return;
        }
        // Once: they must not come back over the answers that took their place.
        let _ = session.store().keep_sealed(NAME, &Vec::<Draft>::new()).await;
        let here = kept.into_iter().filter(|(record, ..)| self.peek(*record).is_some());
        session.drafts.borrow_mut().extend(here.map(|(record, question, text)| ((record, question), text)));
    }
}
