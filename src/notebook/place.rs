//! Where she was, kept sealed: a locked form comes back as it was.

use domain::id::RecordId;
use leptos::task::spawn_local;

use super::Notebook;

pub(super) const NAME: &str = "place";

impl Notebook {
    /// Remembers the path to come back to after an unlock.
    pub fn remember_place(self, path: String) {
        let Some(session) = self.session().filter(|session| session.stand.is_none()) else { return };
        if session.place.borrow().as_ref() == Some(&path) {
            return;
        }
        *session.place.borrow_mut() = Some(path);
        if session.place_writing.replace(true) {
            return;
        }
        spawn_local(async move {
            // Places follow each other fast: the last one counts.
            loop {
                let place = session.place.borrow().clone();
                // A place that cannot be kept only costs a touch after the next unlock.
                let _ = session.store().keep_sealed(NAME, &place).await;
                if *session.place.borrow() == place {
                    break;
                }
            }
            session.place_writing.set(false);
        });
    }

    /// The path remembered when this notebook was opened, or since.
    #[must_use]
    pub fn last_place(self) -> Option<String> {
        self.session()?.place.borrow().clone()
    }

    /// Whether another device than the one that is open was open in this page before: its address is not hers.
    #[must_use]
    pub fn changed_hands(self) -> bool {
        self.inner().changed_hands.take()
    }

    /// Whether this notebook holds a record.
    #[must_use]
    pub fn holds(self, record: RecordId) -> bool {
        self.peek(record).is_some()
    }

    /// The remembered path, if any.
    pub async fn place(self) -> Option<String> {
        let session = self.session()?;
        session.store().sealed::<Option<String>>(NAME).await.ok().flatten().flatten()
    }
}
