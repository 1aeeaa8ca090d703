//! Values, dates and people as sentences tell them, whatever the field: for what is to be verified and for the history.

use chrono::{NaiveDate, NaiveDateTime};
use domain::Timestamp;
use domain::form::{Form, Kind};
use domain::french::{NBSP, short_day, time, weekday};
use domain::id::RecordId;
use domain::people::PERSON;
use domain::record::{FINISHED_AT, MERGED_INTO, NOTED_BY, PARENT, STARTED_AT, Value};
use leptos::prelude::*;
use sync::Shown;
use sync::protocol::Quarantine;

use super::reading::{Clock, started_at};
use crate::notebook::Notebook;
use crate::ui::called::{begun_on, card, name};
use crate::ui::typeset::typeset;

/// Names of the people this device holds.
pub type Names<'a> = &'a dyn Fn(RecordId) -> Option<String>;

/// Beyond so many letters, a value is not repeated in a button.
const SHORT: usize = 24;

/// The value of a field as a person reads it, whatever the field.
pub fn value(form: Option<&Form>, field: &str, value: &Value, names: Names<'_>, clock: Clock<'_>) -> String {
    if value.is_null() || value.as_str() == Some("") {
        return "Sans réponse".into();
    }
    let told = match field {
        PARENT | MERGED_INTO => value
            .as_str()
            .and_then(|text| text.parse().ok())
            .map(|id| names(id).unwrap_or_else(|| "Une personne qui n’est pas sur cet appareil".into())),
        FINISHED_AT | STARTED_AT => value.as_i64().map(|at| full_moment(clock(Timestamp(at)))),
        NOTED_BY => value.as_str().map(str::to_owned),
        _ => form.and_then(|form| form.question(field)).and_then(|question| match question.kind {
            Kind::Link(_) => {
                let name = value.as_str().and_then(|text| text.parse().ok()).and_then(names);
                Some(name.unwrap_or_else(|| "Une fiche qui n’est pas sur cet appareil".into()))
            }
            Kind::Entry => Some(card(value)),
            _ => question.read_back(value),
        }),
    };
    told.map_or_else(|| "Une valeur que cette version ne sait pas lire".into(), |told| typeset(&told))
}

/// « Garder 68,4 kg », « Garder « Oui » », « Garder cette réponse ».
pub fn keep_words(told: &str) -> String {
    if told.starts_with(|letter: char| letter.is_ascii_digit()) && told.chars().count() <= SHORT {
        format!("Garder {told}")
    } else if told.chars().count() <= SHORT {
        format!("Garder «{NBSP}{told}{NBSP}»")
    } else {
        "Garder cette réponse".into()
    }
}

/// « lundi 23 nov. à 9 h 50 »
pub fn moment(at: NaiveDateTime, today: NaiveDate) -> String {
    format!("{} {} à {}", weekday(at.date()), short_day(at.date(), today), time(at))
}

fn full_moment(at: NaiveDateTime) -> String {
    format!("{} à {}", domain::french::full_day(at.date()), time(at))
}

/// « aujourd’hui », « hier », « le 22 nov. »
pub fn since(on: NaiveDate, today: NaiveDate) -> String {
    match (today - on).num_days() {
        0 => "aujourd’hui".into(),
        1 => "hier".into(),
        _ => format!("le {}", short_day(on, today)),
    }
}

/// « Repérage du 22 nov. », « Fiche » for a person.
pub fn what(shown: &Shown, today: NaiveDate, clock: Clock<'_>) -> String {
    if shown.kind == PERSON.id {
        return "Fiche".into();
    }
    begun_on(&shown.kind, &short_day(clock(started_at(shown)).date(), today))
}

/// The name of what a record is about, itself or its parent, a person as a rule; from what this device holds.
pub fn owner(notebook: Notebook, shown: &Shown) -> String {
    let Some(parent) = shown.parent() else { return name(notebook, shown) };
    let parent = notebook.record(parent).get();
    parent.map_or_else(|| "Personne sans nom".into(), |parent| name(notebook, &parent))
}

/// Why the server holds an entry without applying it, and what to do.
pub fn set_aside(reason: Quarantine) -> &'static str {
    match reason {
        Quarantine::NoRight => "Son auteur n’a pas le droit d’écrire sur cette fiche",
        Quarantine::UnknownRecord => "La fiche n’est pas connue du serveur",
        Quarantine::UnknownKind => "Cette sorte de fiche n’est pas connue du serveur",
        Quarantine::UnknownForm => "La version du formulaire n’est pas connue du serveur",
        Quarantine::InvalidValue => "Une réponse n’est pas acceptée par les règles du formulaire",
        Quarantine::Behind => "Elle attend une saisie d’avant, mise de côté",
        Quarantine::Revoked => "L’accès de l’appareil avait pris fin quand elle est arrivée",
        Quarantine::Settled => "Une réponse déjà arrêtée ne change plus",
        Quarantine::Kept => "D’autres fiches en dépendent, elle ne se supprime pas",
        Quarantine::Other => "La raison n’est pas connue de cette version",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::reading::fixture::{DAY, child, id, person};
    use super::super::reading::kinds_of_person;
    use super::*;

    fn clock(at: Timestamp) -> NaiveDateTime {
        at.local(0)
    }

    fn told(field: &str, what: Value) -> String {
        let names = |asked: RecordId| (asked == id(1)).then(|| "Mme\u{a0}Odette Salvan".to_owned());
        value(Some(PERSON.form()), field, &what, &names, &clock)
    }

    #[test]
    fn every_field_is_told() {
        assert_eq!(told("phone", json!("0536490112")), "05\u{a0}36\u{a0}49\u{a0}01\u{a0}12");
        assert_eq!(told("lives_alone", json!("yes")), "Oui");
        assert_eq!(told("commune", Value::Null), "Sans réponse");
        assert_eq!(told(PARENT, json!(id(1).to_string())), "Mme\u{a0}Odette Salvan");
        assert_eq!(told(MERGED_INTO, json!(id(2).to_string())), "Une personne qui n’est pas sur cet appareil");
        assert_eq!(told(FINISHED_AT, json!(DAY)), "2\u{a0}janv.\u{a0}1970 à 0\u{a0}h");
        assert_eq!(told("of_a_newer_version", json!(3)), "Une valeur que cette version ne sait pas lire");
    }

    #[test]
    fn a_button_repeats_what_is_short() {
        assert_eq!(keep_words("68,4\u{a0}kg"), "Garder 68,4\u{a0}kg");
        assert_eq!(keep_words("Oui"), "Garder «\u{a0}Oui\u{a0}»");
        assert_eq!(keep_words("Une remarque bien trop longue pour un bouton"), "Garder cette réponse");
    }

    #[test]
    fn records_and_days_are_told() {
        let today = clock(Timestamp(3 * DAY)).date();
        let kind = kinds_of_person().next().expect("a kind").id;
        assert!(what(&child(2, kind, 1, DAY, None), today, &clock).ends_with(" du 2\u{a0}janv."));
        assert_eq!(what(&person(1, "Odette", "Salvan"), today, &clock), "Fiche");
        assert_eq!(since(today, today), "aujourd’hui");
        assert_eq!(since(today - chrono::TimeDelta::days(1), today), "hier");
        assert_eq!(since(today - chrono::TimeDelta::days(3), today), "le 1ᵉʳ\u{a0}janv.");
        assert_eq!(moment(clock(Timestamp(DAY + 35_400_000)), today), "vendredi 2\u{a0}janv. à 9\u{a0}h\u{a0}50");
    }
}
