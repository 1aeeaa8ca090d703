//! The mark of a value two people disagree on: read it, and do not rely on it yet.

use domain::Glyph;
use leptos::prelude::*;
use sync::Shown;

use super::icon::Icon;

/// Whether one of these fields is still to be settled.
#[must_use]
pub fn is_uncertain(shown: &Shown, fields: &[&str]) -> bool {
    fields.iter().any(|field| shown.conflicts.contains_key(*field))
}

/// « à vérifier », in words.
pub fn mark(shown: bool) -> AnyView {
    if shown { view! { " "<span class="tag uncertain">"à vérifier"</span> }.into_any() } else { ().into_any() }
}

/// « à vérifier », leading to where it is settled.
pub fn mark_link(href: String) -> AnyView {
    view! { <a class="uncertain-link" href=href><Icon name=Glyph::Alert/>"À vérifier\u{a0}: deux personnes ont répondu"</a> }
        .into_any()
}
