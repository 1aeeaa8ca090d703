//! Consents, one purpose each, kept as child records of a person.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::form::{Answers, Choice, Form, Kind, Question, Section};
use crate::order::sort_by_key;
use crate::programme::RecordKind;
use crate::{Fields, Timestamp, Value};

/// Field: what the consent is for, the code of a [`Purpose`].
pub const PURPOSE: &str = "purpose";
/// Field: `yes` or `no`.
pub const ANSWER: &str = "answer";
/// Field: who answered, the code of a [`GivenBy`].
pub const GIVEN_BY: &str = "given_by";
/// Field: `oral` or `written`; optional.
pub const HOW: &str = "how";

/// What a consent is for. One question, one answer, one withdrawal each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Keeping the record at all. Without it nothing nominative is kept.
    Record,
    InformGp,
    CallBack,
    /// Sharing with professionals named to the person.
    ShareNamed,
    /// Anonymous statistics of the territory.
    Statistics,
    /// The tombola of the challenger pairs.
    Draw,
}

impl Purpose {
    pub const ALL: &[Self] =
        &[Self::Record, Self::InformGp, Self::CallBack, Self::ShareNamed, Self::Statistics, Self::Draw];

    /// The code that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::InformGp => "inform-gp",
            Self::CallBack => "call-back",
            Self::ShareNamed => "share-named",
            Self::Statistics => "statistics",
            Self::Draw => "draw",
        }
    }

    /// The purpose of this code, `None` when this build does not know it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|purpose| purpose.code() == code)
    }

    /// The question read to the person.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Record => "Acceptez-vous que vos réponses soient gardées dans l’outil de la CPTS\u{202f}?",
            Self::InformGp => "Acceptez-vous que votre médecin traitant soit informé du résultat\u{202f}?",
            Self::CallBack => "Acceptez-vous d’être rappelé(e)\u{202f}?",
            Self::ShareNamed => {
                "Acceptez-vous que vos réponses soient partagées avec des professionnels que je vous nommerai\u{202f}?"
            }
            Self::Statistics => "Acceptez-vous que vos réponses comptent dans des statistiques anonymes\u{202f}?",
            Self::Draw => "Souhaitez-vous participer au tirage au sort\u{202f}?",
        }
    }

    /// How the record of a person names it, such as « Médecin traitant informé ».
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Record => "Dossier gardé",
            Self::InformGp => "Médecin traitant informé",
            Self::CallBack => "Rappel",
            Self::ShareNamed => "Partage avec des professionnels nommés",
            Self::Statistics => "Statistiques anonymes",
            Self::Draw => "Tirage au sort",
        }
    }
}

/// Who answered the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GivenBy {
    Person,
    LegalRepresentative,
    TrustedPerson,
}

impl GivenBy {
    pub const ALL: &[Self] = &[Self::Person, Self::LegalRepresentative, Self::TrustedPerson];

    /// The code that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::LegalRepresentative => "legal-representative",
            Self::TrustedPerson => "trusted-person",
        }
    }

    /// The answer of this code, `None` when this build does not know it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|given_by| given_by.code() == code)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Person => "La personne",
            Self::LegalRepresentative => "Son représentant légal",
            Self::TrustedPerson => "Sa personne de confiance",
        }
    }
}

const fn purpose_choice(purpose: Purpose) -> Choice {
    Choice { code: purpose.code(), label: purpose.label() }
}

const fn giver_choice(given_by: GivenBy) -> Choice {
    Choice { code: given_by.code(), label: given_by.label() }
}

const PURPOSES: &[Choice] = &[
    purpose_choice(Purpose::Record),
    purpose_choice(Purpose::InformGp),
    purpose_choice(Purpose::CallBack),
    purpose_choice(Purpose::ShareNamed),
    purpose_choice(Purpose::Statistics),
    purpose_choice(Purpose::Draw),
];

const GIVERS: &[Choice] =
    &[giver_choice(GivenBy::Person), giver_choice(GivenBy::LegalRepresentative), giver_choice(GivenBy::TrustedPerson)];

static FORM: Form = Form {
    id: "consent",
    version: "2026.1",
    title: "Accord",
    credit: "Cardabelle",
    sections: &[Section {
        id: "consent",
        title: "Accord",
        when: None,
        questions: &[
            Question::note(PURPOSE, "Pour quoi", Kind::Choice(PURPOSES)),
            Question::note(ANSWER, "Réponse", Kind::Choice(Choice::YES_NO)),
            Question::note(GIVEN_BY, "Donné par", Kind::Choice(GIVERS)),
            Question::note(
                HOW,
                "Recueilli",
                Kind::Choice(&[
                    Choice { code: "oral", label: "À l’oral" },
                    Choice { code: "written", label: "Par écrit" },
                ]),
            )
            .optional(),
        ],
    }],
};

/// One answer to one purpose, child of a person. The newest one for a purpose counts; a withdrawal is a newer « non ».
pub static CONSENT: RecordKind = RecordKind {
    id: "consent",
    one: "accord",
    the: "l’accord",
    start: "Noter l’accord",
    parent: Some("person"),
    forms: &[&FORM],
    rules: None,
    writers: &[Role::Sentinel, Role::Professional, Role::StandSession],
};

/// The fields of a new consent record, [`crate::record::PARENT`] and times aside.
#[must_use]
pub fn fields(purpose: Purpose, answer: bool, given_by: GivenBy) -> Vec<(&'static str, Value)> {
    vec![
        (PURPOSE, purpose.code().into()),
        (ANSWER, if answer { "yes" } else { "no" }.into()),
        (GIVEN_BY, given_by.code().into()),
    ]
}

/// The answer that counts for each purpose asked so far, in the order of [`Purpose::ALL`].
///
/// Takes the fields of every consent of one person, in any order of the list: the instant beside each says which came
/// later, and is the caller's to choose. Give instants of one clock, in the order in which the answers became known. The
/// clock of a device may be wrong: an old « oui » read off a fast one would stand above a later withdrawal. At the same
/// instant a « non » wins: give equal instants where the order is not known.
#[must_use]
pub fn latest<'a>(consents: impl IntoIterator<Item = (Timestamp, &'a Fields)>) -> Vec<(Purpose, bool)> {
    let mut newest: Vec<(Purpose, Timestamp, bool)> = Vec::new();
    for (at, fields) in consents {
        let answers = Answers(fields);
        let answer = match answers.code(ANSWER) {
            Some("yes") => true,
            Some("no") => false,
            _ => continue,
        };
        let Some(purpose) = answers.code(PURPOSE).and_then(Purpose::of) else {
            continue;
        };
        match newest.iter_mut().find(|(known, ..)| *known == purpose) {
            Some(held) if at > held.1 => (held.1, held.2) = (at, answer),
            Some(held) if at == held.1 => held.2 &= answer,
            Some(_) => {}
            None => newest.push((purpose, at, answer)),
        }
    }
    sort_by_key(&mut newest, |(purpose, ..)| *purpose);
    newest.into_iter().map(|(purpose, _, answer)| (purpose, answer)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(purpose: Purpose, answer: bool) -> Fields {
        fields(purpose, answer, GivenBy::Person).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    #[test]
    fn the_newest_answer_counts_whatever_the_order() {
        let (yes, no) = (consent(Purpose::CallBack, true), consent(Purpose::CallBack, false));
        let record = consent(Purpose::Record, true);
        let expected = vec![(Purpose::Record, true), (Purpose::CallBack, false)];
        assert_eq!(latest([(Timestamp(1), &yes), (Timestamp(2), &no), (Timestamp(0), &record)]), expected);
        assert_eq!(latest([(Timestamp(2), &no), (Timestamp(0), &record), (Timestamp(1), &yes)]), expected);
        assert_eq!(latest([(Timestamp(1), &no), (Timestamp(2), &yes)]), vec![(Purpose::CallBack, true)]);
    }

    #[test]
    fn a_withdrawal_wins_a_tie() {
        let (yes, no) = (consent(Purpose::Draw, true), consent(Purpose::Draw, false));
        for pair in [[&yes, &no], [&no, &yes]] {
            assert_eq!(latest(pair.map(|fields| (Timestamp(5), fields))), vec![(Purpose::Draw, false)]);
        }
    }

    #[test]
    fn an_unanswered_or_unknown_consent_is_no_consent() {
        let mut unknown = consent(Purpose::Record, true);
        unknown.insert(PURPOSE.into(), "teleportation".into());
        let mut empty = consent(Purpose::Record, true);
        empty.insert(ANSWER.into(), Value::Null);
        assert!(latest([(Timestamp(1), &unknown), (Timestamp(1), &empty)]).is_empty());
    }

    #[test]
    fn the_codes_are_those_that_travel() {
        for purpose in Purpose::ALL {
            assert_eq!(serde_json::to_value(purpose).expect("a unit variant"), purpose.code());
            assert_eq!(Purpose::of(purpose.code()), Some(*purpose));
        }
        for given_by in GivenBy::ALL {
            assert_eq!(serde_json::to_value(given_by).expect("a unit variant"), given_by.code());
            assert_eq!(GivenBy::of(given_by.code()), Some(*given_by));
        }
    }
}
