//! The views of programmes: what is neither a form, a list, a task nor a figure. One folder a programme.

mod tabac;

use domain::id::RecordId;
use leptos::prelude::*;

/// The view of this identifier, of this programme; `record`: what it is about. `None`: there is no such view.
pub fn view(programme: &str, view: &str, record: Option<RecordId>) -> Option<AnyView> {
    match programme {
        "tabac" => tabac::view(view, record),
        _ => None,
    }
}

/// What waits to be done in a view by whoever reads it, in a few words: « 4 à confier »; empty: nothing does.
/// Call in a component.
pub fn left(programme: &str, view: &str) -> Option<Memo<String>> {
    match programme {
        "tabac" => tabac::left(view),
        _ => None,
    }
}
