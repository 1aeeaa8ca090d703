//! How what an answer names is called: a record among its like, « Marché de Saverdun, 24 nov. 2026 »; a card of the directory,
//! « Dr Paul Exemple, médecin généraliste ».

use domain::annuaire::directory::Directory;
use domain::annuaire::entry::Entry;
use domain::french::{sentence_case, short_day, uncapitalised};
use domain::people::{PERSON, Person};
use domain::{Value, programmes};
use leptos::prelude::*;
use sync::Shown;

use super::typeset::typeset;
use crate::annuaire::{State, use_annuaire, words};
use crate::notebook::Notebook;

/// What the answers that name its kind say; when there is none, the day it was begun. Followed inside a memo or a view.
pub fn name(notebook: Notebook, shown: &Shown) -> String {
    if shown.kind == PERSON.id {
        return Person::of(&shown.values()).name();
    }
    named(shown)
        .unwrap_or_else(|| begun_on(&shown.kind, &short_day(notebook.local(shown.created_at).date(), notebook.today())))
}

/// « Repérage du 24 nov. »; « Saisie du 24 nov. » of a kind this build does not know.
pub fn begun_on(kind: &str, day: &str) -> String {
    programmes::kind(kind).map_or_else(|| format!("Saisie du {day}"), |kind| sentence_case(&kind.begun_on(day)))
}

/// The record that a link names.
pub fn called(notebook: Notebook, link: &Value) -> String {
    let there = link.as_str().and_then(|id| id.parse().ok()).and_then(|id| notebook.record(id).get());
    there.map_or_else(|| "Une fiche qui n’est pas sur cet appareil".to_owned(), |shown| name(notebook, &shown))
}

/// The card of the directory that an answer names. Who left the directory left no name behind, and it is said.
pub fn card(link: &Value) -> String {
    let annuaire = use_annuaire();
    let id = link.as_str().and_then(|id| id.parse().ok());
    let found = annuaire.loaded().with(|loaded| {
        let card = loaded.as_ref()?.card(id?)?;
        Some(card_name(&card.entry, &loaded.as_ref()?.directory))
    });
    found.unwrap_or_else(|| {
        let why = match annuaire.state().get() {
            State::Loading => "Une fiche de l’annuaire, en cours de lecture",
            State::Absent => "Une fiche de l’annuaire, qui n’est pas sur cet appareil",
            State::Ready => "Une fiche qui n’est plus dans l’annuaire",
        };
        why.to_owned()
    })
}

fn card_name(entry: &Entry, directory: &Directory) -> String {
    let profession = uncapitalised(&words::profession(entry, &directory.lists));
    let parts = [words::full_name(entry), profession];
    typeset(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

fn named(shown: &Shown) -> Option<String> {
    let kind = programmes::kind(&shown.kind)?;
    let form = kind.form_of(&shown.form_version)?;
    let answer = |field: &&str| form.question(field)?.read_back(&shown.fields.get(*field)?.value);
    let told: Vec<String> = kind.called.iter().filter_map(answer).filter(|text| !text.is_empty()).collect();
    (!told.is_empty()).then(|| typeset(&told.join(", ")))
}

#[cfg(test)]
mod tests {
    use domain::annuaire::entry::Coded;

    use super::*;

    #[test]
    fn a_record_of_any_kind_is_told_by_its_day() {
        assert_eq!(begun_on(PERSON.id, "24 nov."), "Personne du 24 nov.");
        assert_eq!(begun_on("of-a-newer-build", "24 nov."), "Saisie du 24 nov.");
    }

    #[test]
    fn a_card_is_called_by_its_name_and_its_trade() {
        let profession = Some(Coded { code: "999".into(), label: "Sage-femme".into() });
        let mut entry = Entry {
            name: "COMBES".into(),
            given_name: Some("MARIE-HÉLÈNE".into()),
            title: Some("DR".into()),
            profession,
            ..Entry::default()
        };
        assert_eq!(card_name(&entry, &Directory::default()), "Dr Marie-Hélène Combes, sage-femme");
        entry.profession = None;
        assert_eq!(card_name(&entry, &Directory::default()), "Dr Marie-Hélène Combes");
    }
}
