//! A person: the form she is described with, and the parsed view of it.

use chrono::NaiveDate;

use super::{Purpose, Role};
use crate::Fields;
use crate::form::{Answers, Choice, Form, Kind, Layout, Question, Section, Show, Wording};
use crate::french::NBSP;
use crate::programme::RecordKind;

static FORM: Form = Form {
    id: "person",
    version: "2026.1",
    title: "Personne",
    credit: "Cardabelle",
    layout: Layout::Sheet,
    sections: &[
        // First, because nothing nominative leaves the device, and a « non » keeps nothing, before this answer.
        Section {
            id: "consent",
            title: "Accord",
            when: None,
            questions: &[Question::ask(
                "consent_record",
                Purpose::Record.question(),
                Kind::Consent(&[Purpose::Record]),
            )
            .help(Wording::verified("Sans cet accord, aucun nom n’est gardé."))],
        },
        Section {
            id: "identity",
            title: "Identité",
            when: None,
            questions: &[
                Question::note(
                    "civility",
                    "Civilité",
                    Kind::Choice(&[Choice { code: "mme", label: "Mme" }, Choice { code: "m", label: "M." }]),
                )
                .which("Quelle civilité"),
                Question::note("family_name", "Nom", NAME).which("Quel nom"),
                Question::note("given_name", "Prénom", NAME).which("Quel prénom"),
                Question::note("birth_date", "Date de naissance", Kind::Date).which("Quelle date de naissance"),
                Question::note("commune", "Commune", Kind::Text { lines: 1, max: 80 }).which("Quelle commune"),
                Question::note("phone", "Téléphone", Kind::Phone).which("Quel téléphone").optional(),
            ],
        },
        Section {
            id: "around",
            title: "Entourage",
            when: None,
            questions: &[
                Question::ask("lives_alone", "Vivez-vous seul(e)\u{202f}?", Kind::Choice(Choice::YES_NO_UNKNOWN)),
                Question::ask(
                    "carer",
                    "Un proche vous aide-t-il au quotidien\u{202f}?",
                    Kind::Choice(Choice::YES_NO_UNKNOWN),
                ),
                Question::ask(
                    "gp",
                    "Avez-vous un médecin traitant\u{202f}?",
                    Kind::Choice(&[
                        Choice { code: "named", label: "Oui" },
                        Choice { code: "none", label: "N’a pas de médecin traitant" },
                        Choice { code: "unknown", label: "Ne sait pas" },
                    ]),
                ),
                Question::note("gp_name", "Nom du médecin traitant", Kind::Text { lines: 1, max: 120 })
                    .show(Show::Is("gp", "named"))
                    .which("Quel médecin traitant"),
            ],
        },
    ],
};

const NAME: Kind = Kind::Text { lines: 1, max: 80 };

/// Someone screened or followed. Every programme hangs on this record.
pub static PERSON: RecordKind = RecordKind {
    id: "person",
    one: "personne",
    the: "la fiche",
    start: "Ajouter la personne",
    parent: None,
    forms: &[&FORM],
    rules: None,
    // The coordination follows those it signed up itself.
    writers: &[Role::Sentinel, Role::Professional, Role::Coordinator, Role::StandSession],
    call_back: &["civility", "family_name", "given_name", "phone", "commune"],
    at_stand: Some("Nouvelle personne"),
    ..RecordKind::PLAIN
};

/// What pages need of a person, read from the fields of her record; a missing field is an empty one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Person {
    /// « Mme », « M. » or empty.
    pub civility: &'static str,
    pub family_name: String,
    pub given_name: String,
    pub birth_date: Option<NaiveDate>,
    pub commune: String,
    pub phone: String,
    pub gp: Gp,
}

/// What is known of the general practitioner.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Gp {
    #[default]
    Unknown,
    /// « N’a pas de médecin traitant », shown in the call-back list.
    None,
    Named(String),
}

impl Person {
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        let answers = Answers(fields);
        let text = |id| answers.code(id).unwrap_or_default().trim().to_owned();
        Self {
            civility: match answers.code("civility") {
                Some("mme") => "Mme",
                Some("m") => "M.",
                _ => "",
            },
            family_name: text("family_name"),
            given_name: text("given_name"),
            birth_date: answers.date("birth_date"),
            commune: text("commune"),
            phone: text("phone"),
            gp: match answers.code("gp") {
                Some("none") => Gp::None,
                Some("named") => Gp::Named(text("gp_name")),
                _ => Gp::Unknown,
            },
        }
    }

    /// « Mme Odette Salvan »; « Personne sans nom » while nothing is known.
    #[must_use]
    pub fn name(&self) -> String {
        self.called([&self.given_name, &self.family_name])
    }

    /// « Mme Salvan », to speak of her in a sentence.
    #[must_use]
    pub fn short_name(&self) -> String {
        if self.family_name.is_empty() { self.name() } else { self.called([&self.family_name, ""]) }
    }

    fn called(&self, parts: [&str; 2]) -> String {
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        match (self.civility, parts.join(" ")) {
            (_, name) if name.is_empty() => "Personne sans nom".into(),
            ("", name) => name,
            (civility, name) => format!("{civility}{NBSP}{name}"),
        }
    }

    /// Family name then given name, folded: the order of an address book.
    #[must_use]
    pub fn sort_key(&self) -> String {
        format!("{} {}", crate::french::fold(&self.family_name), crate::french::fold(&self.given_name))
    }

    /// Whole years on that day; `None` without a birth date or before it.
    #[must_use]
    pub fn age(&self, on: NaiveDate) -> Option<u32> {
        crate::french::age(self.birth_date?, on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odette() -> Fields {
        [
            ("civility", "mme"),
            ("family_name", "Salvan"),
            ("given_name", "Odette"),
            ("birth_date", "1942-03-02"),
            ("gp", "none"),
        ]
        .map(|(name, value)| (name.to_owned(), value.into()))
        .into()
    }

    #[test]
    fn names_her_as_a_letter_would() {
        let person = Person::of(&odette());
        assert_eq!(person.name(), "Mme\u{a0}Odette Salvan");
        assert_eq!(person.short_name(), "Mme\u{a0}Salvan");
        assert_eq!(person.gp, Gp::None);
        assert_eq!(Person::default().name(), "Personne sans nom");
        assert_eq!(Person::default().short_name(), "Personne sans nom");
    }

    #[test]
    fn sorts_without_accents_or_case() {
        let named = |family: &str| Person { family_name: family.into(), ..Person::default() }.sort_key();
        assert!(named("Évrard") < named("FABRE"));
        assert_eq!(named("CŒUR"), named("Coeur"));
    }

    #[test]
    fn counts_whole_years() {
        let person = Person::of(&odette());
        let on = |text: &str| person.age(text.parse().expect("a date"));
        assert_eq!(on("2026-03-01"), Some(83));
        assert_eq!(on("2026-03-02"), Some(84));
        assert_eq!(on("1942-03-01"), None);
    }

    #[test]
    fn a_broken_record_reads_as_empty() {
        let fields = Fields::from([("birth_date".into(), "hier".into()), ("family_name".into(), 12.into())]);
        assert_eq!(Person::of(&fields), Person::default());
    }
}
