//! Where she was, kept sealed: a locked form comes back as it was.

use leptos::task::spawn_local;

use super::Notebook;

const NAME: &str = "place";

impl Notebook {
    /// Remembers the path to come back to after an unlock.
    pub fn remember_place(self, path: String) {
        let Some(session) = self.session() else { return };
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

    /// The remembered path, if any.
    pub async fn place(self) -> Option<String> {
        let session = self.session()?;
        session.store().sealed::<Option<String>>(NAME).await.ok().flatten().flatten()
    }
}
