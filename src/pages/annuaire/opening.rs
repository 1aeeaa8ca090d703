//! « Ouvert jusqu’à 19 h 30 », « Ouvre à 14 h »: hours said as of now, on the territory's clock.

use chrono::NaiveDateTime;
use domain::annuaire::entry::Hours;
use domain::annuaire::hours::{Openness, paris_offset};
use leptos::prelude::*;

use crate::platform::clock;

/// The wall clock of the territory, whatever the device's own time zone.
pub fn now() -> NaiveDateTime {
    let now = clock::now();
    now.local(paris_offset(now))
}

/// The class that makes a full or an empty dot, and the words.
pub fn said(hours: &Hours, now: NaiveDateTime) -> (&'static str, String) {
    let at = hours.at(now);
    let closed = matches!(at, Openness::OpensAt(_) | Openness::Closed);
    (if closed { "openness" } else { "openness open" }, at.words(now))
}

/// The same, drawn.
pub fn view(hours: &Hours, now: NaiveDateTime) -> AnyView {
    let (class, words) = said(hours, now);
    view! { <span class=class>{words}</span> }.into_any()
}
