//! Any field of a record by name, those no form asks included.

use super::{Form, Kind};
use crate::french::NNBSP;
use crate::record::{AFTER, FINISHED_AT, MERGED_INTO, NOTED_BY, PARENT, STARTED_AT};

/// « Poids aujourd’hui », « Fin de la saisie »: how a person calls the field. `form`: the one the record was begun with,
/// when this build knows it.
#[must_use]
pub fn field_label(form: Option<&Form>, name: &str) -> &'static str {
    match name {
        PARENT => "Personne",
        FINISHED_AT => "Fin de la saisie",
        STARTED_AT => "Début de la saisie",
        MERGED_INTO => "Même personne que",
        NOTED_BY => "Au stand, noté par",
        AFTER => "Prend la place de",
        _ => form.and_then(|form| form.question(name)).map_or("Une réponse", |question| question.label.text),
    }
}

/// « Quel poids garder ? »: asks which of several values of the field is right.
#[must_use]
pub fn which_to_keep(form: Option<&Form>, name: &str) -> String {
    let which = match name {
        PARENT | MERGED_INTO => "Quelle personne",
        FINISHED_AT | STARTED_AT => "Quelle heure",
        _ => form.and_then(|form| form.question(name)).and_then(|question| question.which).unwrap_or("Quelle réponse"),
    };
    format!("{which} garder{NNBSP}?")
}

/// Whether the field is a number with its unit, that can be drawn large and as a point of a line.
#[must_use]
pub fn is_measure(form: Option<&Form>, name: &str) -> bool {
    let question = form.and_then(|form| form.question(name));
    question.is_some_and(|question| matches!(question.kind, Kind::Number { .. } | Kind::Stopwatch { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::ill_set;
    use crate::people::PERSON;
    use crate::programmes::kinds;

    #[test]
    fn every_field_has_its_name_and_its_question() {
        let form = Some(PERSON.form());
        assert_eq!(field_label(form, "family_name"), "Nom");
        assert_eq!(which_to_keep(form, "family_name"), "Quel nom garder\u{202f}?");
        assert_eq!(which_to_keep(form, "lives_alone"), "Quelle réponse garder\u{202f}?");
        assert_eq!(field_label(form, PARENT), "Personne");
        assert_eq!(field_label(form, NOTED_BY), "Au stand, noté par");
        assert_eq!(field_label(None, "of_a_newer_version"), "Une réponse");
    }

    #[test]
    fn every_question_of_the_registry_is_well_asked() {
        for form in kinds().flat_map(|kind| kind.forms.iter().copied()) {
            for (_, question) in form.questions() {
                let asked = which_to_keep(Some(form), question.id);
                assert!(asked.starts_with("Quel"), "{asked}");
                assert_eq!(ill_set(&asked), None);
            }
        }
    }

    #[test]
    fn a_measure_is_told_from_a_word() {
        assert!(!is_measure(Some(PERSON.form()), "phone"));
        let measured = |form: &&'static Form| form.questions().any(|(_, question)| is_measure(Some(form), question.id));
        assert!(kinds().flat_map(|kind| kind.forms.iter().copied()).any(|form| measured(&form)));
    }
}
