//! What waits to be sent, and what is known of the way to the server.

use std::sync::Arc;

use domain::french::{counted, day, sentence_case, short_day, time};
use domain::id::RecordId;
use domain::people::PERSON;
use domain::programmes::{kind, kinds};
use domain::{Glyph, Timestamp};
use leptos::prelude::*;
use sync::Shown;

use super::reading::person_of;
use crate::notebook::{Exchange, Link, Notebook, use_notebook};
use crate::ui::band::{Band, Tone};

/// What has not reached the server, record by record, with its dates.
#[component]
pub fn Sending() -> impl IntoView {
    let notebook = use_notebook();
    let weather = notebook.weather();
    let lists: Vec<Signal<Vec<Arc<Shown>>>> = kinds().map(|kind| notebook.records(kind.id)).collect();
    let people = notebook.records(PERSON.id);
    let waiting = Memo::new(move |_| {
        let people = people.read();
        lists
            .iter()
            .flat_map(|list| list.get())
            .filter(|shown| shown.waiting > 0)
            .map(|shown| Waiting::of(&shown, &people))
            .collect::<Vec<_>>()
    });
    let lines = move || {
        waiting
            .get()
            .into_iter()
            .map(|waiting| {
                let count =
                    if waiting.held { "gardée ici, en attente d’accord".into() } else { entries(waiting.count) };
                view! {
                    <li>
                        <div class="line">
                            <span class="line-text">
                                <b class="name">{waiting.name}</b>
                                <span>{waiting.what}", "{count}</span>
                                <small>"commencé "{on(notebook, waiting.since)}</small>
                            </span>
                        </div>
                    </li>
                }
            })
            .collect_view()
    };
    let since = move || {
        weather.with(|weather| {
            weather.waiting.oldest.map(|at| format!("La plus ancienne saisie en attente date du {}.", on(notebook, at)))
        })
    };
    let last = move || {
        weather.with(|weather| weather.last_success).map_or_else(
            || "Aucun échange avec le serveur depuis l’ouverture.".to_owned(),
            |at| format!("Dernier échange réussi {}.", on(notebook, at)),
        )
    };
    let expired = Memo::new(move |_| weather.with(|weather| weather.link == Link::Expired));
    view! {
        <h2 id="envois" tabindex="-1">"Envois"</h2>
        <p>{move || weather.with(told)}</p>
        <p class="second">{since}" "{last}</p>
        {move || expired.get().then(|| view! {
            <Band tone=Tone::Notice glyph=Glyph::Lock
                message="La connexion de cet appareil a expiré. Vos saisies sont gardées ici. Connectez-vous à nouveau pour les envoyer.">
                <button type="button" class="second-button" on:click=move |_| notebook.reconnect()>"Se reconnecter"</button>
            </Band>
        })}
        <ul class="lines" role="list">{lines}</ul>
        <div class="actions">
            <button type="button" class="second-button" on:click=move |_| notebook.exchange_now()>"Envoyer maintenant"</button>
        </div>
    }
}

/// One record with entries that have not left.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Waiting {
    name: String,
    what: String,
    count: usize,
    held: bool,
    since: Timestamp,
}

impl Waiting {
    fn of(shown: &Shown, people: &[Arc<Shown>]) -> Self {
        let owner: RecordId = shown.parent().unwrap_or(shown.id);
        let name = people.iter().find(|person| person.id == owner).map(|person| person_of(person).name());
        Self {
            name: name.unwrap_or_else(|| "Personne sans nom".into()),
            what: kind(&shown.kind).map_or_else(|| "Saisie".into(), |kind| sentence_case(kind.one)),
            count: shown.waiting,
            held: shown.held,
            since: shown.created_at,
        }
    }
}

/// The three sentences of the state: what is, that nothing is lost, what to do.
fn told(weather: &Exchange) -> String {
    let count = weather.waiting.count;
    let kept = if count == 1 { "Elle est gardée" } else { "Elles sont gardées" };
    match (weather.link, count) {
        (Link::Online, _) if weather.all_sent => {
            "Tout est envoyé. Vos saisies restent aussi sur cet appareil. Vous pouvez le ranger.".into()
        }
        (Link::Online, 0) if weather.waiting.held > 0 => {
            "Une fiche attend l’accord de la personne. Elle est gardée ici et ne part pas. Demandez l’accord, ou jetez la fiche.".into()
        }
        (Link::Online, 0) if weather.waiting.set_aside > 0 => {
            "Une saisie est arrivée sans pouvoir être rangée. Elle est mise de côté, rien n’est effacé. Prévenez la coordination."
                .into()
        }
        (Link::Online, 0) => "Le serveur n’a pas encore tout confirmé. Vos saisies sont gardées ici. Gardez l’application ouverte un instant.".into(),
        (Link::Online, _) => format!("{}. {kept} sur cet appareil. Gardez l’application ouverte un instant.", entries(count)),
        (Link::ServerSilent, _) => {
            "Le serveur ne répond pas. Vos saisies sont gardées ici. Nous réessayons tout seuls, vous pouvez travailler.".into()
        }
        (_, 0) => "Hors connexion, rien en attente. Vos saisies sont gardées ici. Continuez, l’envoi se fera tout seul.".into(),
        (_, _) => format!("{}. {kept} sur cet appareil. Au retour du réseau, gardez l’application ouverte un instant.", entries(count)),
    }
}

fn entries(count: usize) -> String {
    counted(count, "saisie en attente", "saisies en attente")
}

/// « aujourd’hui à 9 h 51 », « le 24 nov. à 9 h 51 »
fn on(notebook: Notebook, at: Timestamp) -> String {
    let (at, today) = (notebook.local(at), notebook.today());
    if at.date() == today {
        format!("aujourd’hui à {}", time(at))
    } else if (today - at.date()).num_days() < 7 {
        format!("{} à {}", day(at.date(), today), time(at))
    } else {
        format!("le {} à {}", short_day(at.date(), today), time(at))
    }
}

#[cfg(test)]
mod tests {
    use super::super::reading::fixture::{child, person};
    use super::*;

    fn weather(link: Link, count: usize, all_sent: bool) -> Exchange {
        let waiting = sync::Waiting { count, ..sync::Waiting::default() };
        Exchange { link, waiting, last_success: None, all_sent }
    }

    #[test]
    fn all_sent_is_said_only_when_it_is() {
        assert!(told(&weather(Link::Online, 0, true)).starts_with("Tout est envoyé."));
        for link in [Link::Online, Link::Offline, Link::ServerSilent, Link::Expired] {
            for count in [0, 1, 3] {
                assert!(!told(&weather(link, count, false)).contains("Tout est envoyé"));
            }
        }
        assert!(told(&weather(Link::Offline, 1, false)).starts_with("1\u{a0}saisie en attente. Elle est gardée"));
    }

    #[test]
    fn what_waits_is_named_after_its_person() {
        let people = [person(1, "Odette", "Salvan")];
        let mut consent = (*child(2, "consent", 1, 5, None)).clone();
        consent.waiting = 4;
        let waiting = Waiting::of(&consent, &people);
        assert_eq!((waiting.name.as_str(), waiting.what.as_str(), waiting.count), ("Odette Salvan", "Accord", 4));
    }
}
