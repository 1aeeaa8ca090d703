//! « Enregistré à 9 h 51 »: said of what is on the disk, and of nothing else.

use domain::french::time;
use leptos::prelude::*;

use crate::notebook::{Saving, use_notebook};

/// The words of the last save; `None` before the first one of this session.
pub fn use_saved_words() -> Memo<Option<String>> {
    let notebook = use_notebook();
    let saving = notebook.saving();
    Memo::new(move |last: Option<&Option<String>>| match saving.get() {
        Saving::Saved(at) => Some(format!("Enregistré à {}", time(notebook.local(at)))),
        Saving::Failed(_) => Some("Pas encore enregistré".to_owned()),
        // Between two saves the hour of the last one stays: it is still true.
        Saving::Idle | Saving::Writing => last.cloned().flatten(),
    })
}
