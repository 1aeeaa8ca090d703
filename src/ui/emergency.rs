//! National numbers, one tap away everywhere, offline.

use domain::Glyph;
use leptos::prelude::*;

use super::dialog::Dialog;
use super::icon::Icon;

struct Number {
    /// What the telephone dials.
    dial: &'static str,
    shown: &'static str,
    what: &'static str,
}

const NUMBERS: &[Number] = &[
    Number { dial: "15", shown: "15", what: "SAMU, urgence médicale" },
    Number { dial: "112", shown: "112", what: "Urgences, numéro européen" },
    Number { dial: "3114", shown: "3114", what: "Prévention du suicide, jour et nuit" },
    Number { dial: "3919", shown: "3919", what: "Violences faites aux femmes" },
    Number { dial: "3977", shown: "3977", what: "Maltraitance des personnes âgées ou handicapées" },
    Number { dial: "119", shown: "119", what: "Enfance en danger" },
    Number { dial: "3989", shown: "39\u{a0}89", what: "Tabac info service" },
];

/// Whether the dialog of the numbers is open; the shell owns the dialog, any page may open it.
#[derive(Clone, Copy)]
struct Emergency(RwSignal<bool>);

/// The numbers as lines, each a link that dials.
#[component]
pub fn EmergencyNumbers() -> impl IntoView {
    let lines = NUMBERS
        .iter()
        .map(|number| {
            view! {
                <li>
                    <a class="line" href=format!("tel:{}", number.dial)>
                        <Icon name=Glyph::Phone/>
                        <span class="line-text"><b>{number.shown}</b><span>{number.what}</span></span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }
}

/// The round button of a head of page.
#[component]
pub fn EmergencyButton() -> impl IntoView {
    let open = use_open();
    view! {
        <button type="button" class="round emergency" aria-label="Numéros d’urgence" aria-haspopup="dialog"
            on:click=move |_| open.set(true)>
            <Icon name=Glyph::Phone/>
        </button>
    }
}

/// The same, with its word, at the foot of the rail.
#[component]
pub fn EmergencyRailButton() -> impl IntoView {
    let open = use_open();
    view! {
        <button type="button" class="rail-me emergency" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            <Icon name=Glyph::Phone/>
            <span>"Numéros d’urgence"</span>
        </button>
    }
}

/// Once, in the shell.
#[component]
pub fn EmergencyDialog() -> impl IntoView {
    let open = use_open();
    view! {
        <Dialog open=open title="Qui voulez-vous appeler\u{202f}?">
            <EmergencyNumbers/>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| open.set(false)>"Fermer"</button>
            </div>
        </Dialog>
    }
}

/// Makes the numbers reachable from everything below.
pub fn provide_emergency() {
    provide_context(Emergency(RwSignal::new(false)));
}

/// A button drawn outside the shell (there is none today) would open nothing rather than stop the application.
fn use_open() -> RwSignal<bool> {
    use_context::<Emergency>().map_or_else(|| RwSignal::new(false), |emergency| emergency.0)
}

#[cfg(test)]
mod tests {
    use super::NUMBERS;

    #[test]
    fn what_is_dialled_is_what_is_read() {
        for number in NUMBERS {
            let digits: String = number.shown.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(digits, number.dial);
        }
        assert_eq!(NUMBERS.len(), 7);
    }
}
