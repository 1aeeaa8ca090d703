//! A clock set wrong misleads who reads its dates: it is told, and nothing is refused because of it.

use domain::Glyph;
use domain::french::{NBSP, counted};
use leptos::prelude::*;

use super::band::{Band, Tone};
use super::live::live;
use crate::notebook::use_notebook;

/// Nothing while the clock of this device is close to the server's.
#[component]
pub fn ClockBand() -> impl IntoView {
    let weather = use_notebook().weather();
    let ahead = Memo::new(move |_| weather.with(|weather| weather.clock_ahead));
    live(move || {
        (ahead.get() != 0).then(|| view! { <Band tone=Tone::Notice glyph=Glyph::Clock message=told(ahead.get())/> })
    })
}

fn told(ahead: i64) -> String {
    let way = if ahead > 0 { "avance" } else { "retarde" };
    format!(
        "L’horloge de cet appareil {way} de {}. Vos saisies sont gardées, datées de cette heure-là. Réglez l’heure de \
         l’appareil sur automatique.",
        span(ahead.unsigned_abs())
    )
}

/// « 12 min », « 2 h 10 », « 3 jours »
fn span(minutes: u64) -> String {
    match minutes {
        0..60 => format!("{minutes}{NBSP}min"),
        60..2_880 if minutes.is_multiple_of(60) => format!("{}{NBSP}h", minutes / 60),
        60..2_880 => format!("{}{NBSP}h{NBSP}{:02}", minutes / 60, minutes % 60),
        _ => counted(usize::try_from(minutes / 1_440).unwrap_or(usize::MAX), "jour", "jours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_told_as_a_person_says_it() {
        assert!(told(130).starts_with("L’horloge de cet appareil avance de 2\u{a0}h\u{a0}10."));
        assert!(told(-12).starts_with("L’horloge de cet appareil retarde de 12\u{a0}min."));
        assert_eq!(span(180), "3\u{a0}h");
        assert_eq!(span(1_500), "25\u{a0}h");
        assert_eq!(span(4_320), "3\u{a0}jours");
    }
}
