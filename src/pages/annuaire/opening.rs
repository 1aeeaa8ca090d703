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

/// A full or an empty dot, and the words.
pub fn view(hours: &Hours, now: NaiveDateTime) -> AnyView {
    let at = hours.at(now);
    let closed = matches!(at, Openness::OpensAt(_) | Openness::Closed);
    let class = if closed { "openness" } else { "openness open" };
    view! { <span class=class>{at.words(now)}</span> }.into_any()
}
