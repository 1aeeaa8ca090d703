//! The thistle and its words: has everything left this device?

use std::time::Duration;

use domain::Glyph;
use domain::french::{counted, decimal};
use leptos::prelude::*;

use super::icon::Icon;
use super::thistle::{Thistle, Weather};
use crate::notebook::{Exchange, Link, Neighbour, use_notebook};
use crate::route;

const NOTHING: &str = "Rien en attente";

/// Shape and words of one state of the exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub weather: Weather,
    pub first: String,
    pub second: String,
}

impl Words {
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        let count = exchange.waiting.count;
        let waiting = counted(count, "saisie en attente", "saisies en attente");
        let nothing = || NOTHING.to_owned();
        let (weather, first, second) = match exchange.link {
            Link::Online if exchange.all_sent => (Weather::Open, "Tout est envoyé".to_owned(), String::new()),
            Link::Online if exchange.first_pull.is_some() => {
                let (read, total) = exchange.first_pull.unwrap_or_default();
                let number = |number: u64| decimal(i64::try_from(number).unwrap_or(i64::MAX), 0);
                let second = format!("{} sur {}", number(read), number(total));
                (Weather::HalfClosed, "Vos fiches arrivent".to_owned(), if total > 0 { second } else { String::new() })
            }
            Link::Online if count > 0 => {
                let kept = if count == 1 { "Gardée sur cet appareil" } else { "Gardées sur cet appareil" };
                (Weather::HalfClosed, waiting, kept.to_owned())
            }
            Link::Online if exchange.waiting.held > 0 => {
                let held = counted(exchange.waiting.held, "saisie gardée ici", "saisies gardées ici");
                (Weather::HalfClosed, "Accord à demander".to_owned(), held)
            }
            Link::Online if exchange.waiting.set_aside > 0 => {
                let aside = counted(exchange.waiting.set_aside, "saisie mise de côté", "saisies mises de côté");
                (Weather::HalfClosed, aside, "Rien n’est effacé".to_owned())
            }
            Link::Online if exchange.unreadable > 0 => {
                let unreadable = counted(exchange.unreadable, "saisie illisible", "saisies illisibles");
                (Weather::HalfClosed, unreadable, "Rien n’est effacé".to_owned())
            }
            Link::Online if exchange.checked.is_some_and(|checked| !checked.agrees) => {
                (Weather::HalfClosed, "Vérification à refaire".to_owned(), nothing())
            }
            // Nothing left in the outbox, but the server has not confirmed the last number yet.
            Link::Online => (Weather::HalfClosed, "Envoi à confirmer".to_owned(), nothing()),
            Link::Refused if count > 0 => (Weather::HalfClosed, "Envoi en pause".to_owned(), waiting),
            Link::Refused => (Weather::HalfClosed, "Envoi en pause".to_owned(), nothing()),
            Link::Expired if count > 0 => (Weather::Closed, "Connexion à refaire".to_owned(), waiting),
            Link::Expired => (Weather::Closed, "Connexion à refaire".to_owned(), nothing()),
            _ if count > 0 => (Weather::Closed, "Hors connexion".to_owned(), waiting),
            _ => (Weather::Closed, "Hors connexion".to_owned(), nothing()),
        };
        Self { weather, first, second }
    }

    /// With what waits in the other notebooks of this browser, where nothing of this one does.
    fn beside(mut self, neighbours: &[Neighbour]) -> Self {
        let count: usize = neighbours.iter().map(|neighbour| neighbour.waiting).sum();
        if count > 0 && (self.second.is_empty() || self.second == NOTHING) {
            let whose = match neighbours {
                [Neighbour { name: Some(name), .. }] => format!("de {}", short_name(name)),
                [_] => "d’un autre carnet".to_owned(),
                _ => "d’autres carnets".to_owned(),
            };
            let (entries, wait) =
                (counted(count, "saisie", "saisies"), if count == 1 { "attend" } else { "attendent" });
            self.second = format!("{entries} {whose} {wait}");
        }
        self
    }

    fn sentence(&self) -> String {
        if self.second.is_empty() { format!("{}.", self.first) } else { format!("{}. {}.", self.first, self.second) }
    }
}

/// The words of now.
pub fn use_words() -> Memo<Words> {
    let notebook = use_notebook();
    let (weather, neighbours) = (notebook.weather(), notebook.neighbours());
    Memo::new(move |_| neighbours.with(|neighbours| weather.with(Words::of).beside(neighbours)))
}

/// State at the top of a phone page.
#[component]
pub fn StateLink() -> impl IntoView {
    let words = use_words();
    view! {
        <a class="state" href=route::WAITING>
            <Thistle weather=Signal::derive(move || words.get().weather)/>
            <span><b>{move || words.get().first}</b><small>{move || words.get().second}</small></span>
        </a>
    }
}

/// State at the head of the rail: there, the logo is the indicator.
#[component]
pub fn RailState() -> impl IntoView {
    let words = use_words();
    view! {
        <a class="rail-state" href=route::WAITING>
            <Thistle weather=Signal::derive(move || words.get().weather) large=true/>
            <span class="wordmark">"Cardabelle"</span>
            <span>{move || words.get().first}</span>
            <small>{move || words.get().second}</small>
        </a>
    }
}

/// Who is signed in, as two initials.
#[component]
pub fn AccountButton() -> impl IntoView {
    let account = use_notebook().account();
    let name = move || account.with(|account| account.as_ref().map(|account| account.name.clone()).unwrap_or_default());
    view! {
        <a class="round" href=route::MORE aria-label=move || format!("Mon compte, {}", name())>
            {move || initials(&name())}
        </a>
    }
}

/// Who is signed in, at the foot of the rail.
#[component]
pub fn RailAccount() -> impl IntoView {
    let account = use_notebook().account();
    view! {
        <a class="rail-me" href=route::MORE>
            <Icon name=Glyph::Lock/>
            <span>{move || account.with(|account| account.as_ref().map(|account| short_name(&account.name)))}</span>
        </a>
    }
}

/// Tells the state to a screen reader, at most once every ten seconds: a tunnel on the road must not talk all the time.
#[component]
pub fn LiveState() -> impl IntoView {
    const PAUSE: i64 = 10_000;
    let notebook = use_notebook();
    let words = use_words();
    let told = RwSignal::new(String::new());
    let (last, pending) = (StoredValue::new(notebook.now().0), StoredValue::new(false));
    // The timer may outlive the shell (the notebook was locked meanwhile): then there is nobody left to tell.
    let tell = move || {
        if let Some(words) = words.try_get_untracked() {
            pending.try_set_value(false);
            last.try_set_value(notebook.now().0);
            told.try_set(words.sentence());
        }
    };
    Effect::new(move |before: Option<()>| {
        words.track();
        // Arriving is not a change: the words are on the page already.
        if before.is_none() || pending.get_value() {
            return;
        }
        let wait = PAUSE.saturating_sub(notebook.now().0.saturating_sub(last.get_value())).clamp(0, PAUSE);
        pending.set_value(true);
        set_timeout(tell, Duration::from_millis(wait.unsigned_abs()));
    });
    view! { <p class="visually-hidden" role="status" aria-live="polite">{told}</p> }
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

/// « Claire V. »
fn short_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(letter) => format!("{first}\u{a0}{letter}."),
        None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;
    use crate::notebook::Checked;

    fn exchange(link: Link, count: usize, all_sent: bool) -> Exchange {
        let waiting = sync::Waiting { count, ..sync::Waiting::default() };
        Exchange { link, waiting, all_sent, ..Exchange::unknown() }
    }

    #[test]
    fn all_sent_is_said_only_when_the_server_said_so() {
        assert_eq!(Words::of(&exchange(Link::Online, 0, true)).first, "Tout est envoyé");
        for doubtful in [
            exchange(Link::Online, 0, false),
            exchange(Link::Online, 3, false),
            exchange(Link::Offline, 0, false),
            exchange(Link::ServerSilent, 0, false),
            exchange(Link::Expired, 0, false),
            exchange(Link::Refused, 0, false),
            Exchange { first_pull: Some((1_200, 5_000)), ..exchange(Link::Online, 0, false) },
            Exchange {
                checked: Some(Checked { at: Timestamp(0), agrees: false, mended: false }),
                ..exchange(Link::Online, 0, false)
            },
            Exchange { unreadable: 1, ..exchange(Link::Online, 0, false) },
        ] {
            let words = Words::of(&doubtful);
            assert_ne!(words.first, "Tout est envoyé");
            assert_ne!(words.weather, Weather::Open);
        }
    }

    #[test]
    fn the_count_is_always_told() {
        assert_eq!(Words::of(&exchange(Link::Online, 1, false)).first, "1\u{a0}saisie en attente");
        assert_eq!(Words::of(&exchange(Link::Offline, 3, false)).second, "3\u{a0}saisies en attente");
        assert_eq!(Words::of(&exchange(Link::Offline, 0, false)).second, "Rien en attente");
        assert_eq!(Words::of(&exchange(Link::Expired, 3, false)).second, "3\u{a0}saisies en attente");
    }

    #[test]
    fn what_waits_beside_is_told_where_nothing_of_this_notebook_does() {
        let karim = Neighbour { name: Some("Karim Benali".into()), waiting: 3 };
        let unknown = Neighbour { name: None, waiting: 1 };
        let sent = || Words::of(&exchange(Link::Online, 0, true));
        assert_eq!(sent().beside(std::slice::from_ref(&karim)).second, "3\u{a0}saisies de Karim\u{a0}B. attendent");
        assert_eq!(sent().beside(std::slice::from_ref(&unknown)).second, "1\u{a0}saisie d’un autre carnet attend");
        assert_eq!(sent().beside(&[karim.clone(), unknown]).second, "4\u{a0}saisies d’autres carnets attendent");
        assert_eq!(sent().beside(&[]), sent());
        let waits = Words::of(&exchange(Link::Online, 2, false));
        assert_eq!(waits.clone().beside(&[karim]), waits, "one’s own first");
    }

    #[test]
    fn the_first_pull_is_counted() {
        let words = Words::of(&Exchange { first_pull: Some((1_200, 5_000)), ..exchange(Link::Online, 3, false) });
        assert_eq!(words.second, "1\u{202f}200 sur 5\u{202f}000");
        let begun = Words::of(&Exchange { first_pull: Some((0, 0)), ..exchange(Link::Online, 0, false) });
        assert_eq!((begun.first.as_str(), begun.second.as_str()), ("Vos fiches arrivent", ""));
    }

    #[test]
    fn initials_fit_the_button() {
        assert_eq!(initials("Claire Vidal"), "CV");
        assert_eq!(initials("Anne Éléonore de Fonbel"), "AÉ");
        assert_eq!(initials(""), "");
    }
}
