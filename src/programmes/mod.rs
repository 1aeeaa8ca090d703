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
