//! Consents, one purpose each, kept as child records of a person.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::form::{Answers, Choice, Form, Kind, Layout, Question, Section};
use crate::id::RecordId;
use crate::programme::RecordKind;
use crate::record::AFTER;
use crate::{Fields, Value};

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
    layout: Layout::Sheet,
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

/// One answer to one purpose, child of a person. An answer takes the place of those its author knew ([`standing`]); a
/// withdrawal is a « non » that does.
pub static CONSENT: RecordKind = RecordKind {
    id: "consent",
    one: "accord",
    the: "l’accord",
    start: "Noter l’accord",
    parent: Some("person"),
    forms: &[&FORM],
    rules: None,
    writers: &[Role::Sentinel, Role::Professional, Role::Coordinator, Role::StandSession],
    ..RecordKind::PLAIN
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

/// The answers to each purpose that no other took the place of, in the order of [`Purpose::ALL`].
///
/// Takes every consent of one person, in any order. An answer takes the place of those its author knew ([`AFTER`]), and of
/// no other: neither the order of arrival nor the clock of a device tells which of two answers is the last word of the
/// person. Two people who asked her without seeing each other leave two answers here.
#[must_use]
pub fn standing<'a>(
    consents: impl IntoIterator<Item = (RecordId, &'a Fields)>,
) -> Vec<(Purpose, Vec<(RecordId, bool)>)> {
    let read = |(id, fields): (RecordId, &'a Fields)| {
        let answers = Answers(fields);
        let yes = match answers.code(ANSWER) {
            Some("yes") => true,
            Some("no") => false,
            _ => return None,
        };
        Some((id, answers.code(PURPOSE).and_then(Purpose::of)?, yes, answers.code(AFTER).unwrap_or_default()))
    };
    let answered: Vec<_> = consents.into_iter().filter_map(read).collect();
    let stands = |purpose: Purpose| {
        let asked: Vec<_> = answered.iter().filter(|(_, about, ..)| *about == purpose).collect();
        let overtaken = |id: RecordId| asked.iter().any(|(by, .., after)| *by != id && names(after, id));
        let stands = asked.iter().filter(|(id, ..)| !overtaken(*id)).map(|(id, _, yes, _)| (*id, *yes));
        (purpose, stands.collect::<Vec<_>>())
    };
    Purpose::ALL.iter().map(|purpose| stands(*purpose)).filter(|(_, stands)| !stands.is_empty()).collect()
}

/// The answer that counts for each purpose asked so far, in the order of [`Purpose::ALL`]: « oui » if no answer that stands
/// says « non ».
#[must_use]
pub fn counting<'a>(consents: impl IntoIterator<Item = (RecordId, &'a Fields)>) -> Vec<(Purpose, bool)> {
    standing(consents).into_iter().map(|(purpose, stands)| (purpose, stands.iter().all(|(_, yes)| *yes))).collect()
}

/// What [`AFTER`] says of a new answer, given those that stand; `None` when it is the first.
#[must_use]
pub fn after(stands: &[(RecordId, bool)]) -> Option<Value> {
    let ids: Vec<String> = stands.iter().map(|(id, _)| id.to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(" ").into())
}

fn names(after: &str, id: RecordId) -> bool {
    after.split(' ').any(|named| named.parse().is_ok_and(|named: RecordId| named == id))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    /// An answer whose author knew those of these numbers.
    fn consent(purpose: Purpose, answer: bool, knew: &[u128]) -> Fields {
        let knew: Vec<_> = knew.iter().map(|number| (id(*number), true)).collect();
        let fields = fields(purpose, answer, GivenBy::Person).into_iter().chain(after(&knew).map(|ids| (AFTER, ids)));
        fields.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What counts of the answers to one purpose, numbered from 1, whatever the order of the list.
    fn counts(answers: &[(bool, &[u128])]) -> Option<bool> {
        let mut consents: Vec<_> = (1..)
            .zip(answers)
            .map(|(number, (yes, knew))| (id(number), consent(Purpose::CallBack, *yes, knew)))
            .collect();
        let read = |consents: &[(RecordId, Fields)]| counting(consents.iter().map(|(id, fields)| (*id, fields)));
        let there = read(&consents);
        consents.reverse();
        assert_eq!(there, read(&consents));
        assert!(there.iter().all(|(purpose, _)| *purpose == Purpose::CallBack));
        there.first().map(|(_, yes)| *yes)
    }

    #[test]
    fn an_answer_takes_the_place_of_those_its_author_knew() {
        assert_eq!(counts(&[]), None);
        assert_eq!(counts(&[(true, &[])]), Some(true));
        assert_eq!(counts(&[(true, &[]), (false, &[1])]), Some(false));
        assert_eq!(counts(&[(true, &[]), (false, &[1]), (true, &[2])]), Some(true));
        assert_eq!(counts(&[(true, &[2]), (false, &[])]), Some(true), "the numbers are no order");
        assert_eq!(counts(&[(true, &[1])]), Some(true), "an answer that names itself stands");
    }

    #[test]
    fn a_yes_that_did_not_know_a_no_never_wins() {
        assert_eq!(counts(&[(true, &[]), (false, &[])]), Some(false));
        assert_eq!(counts(&[(true, &[]), (false, &[1]), (true, &[1])]), Some(false), "written before, arrived after");
        assert_eq!(counts(&[(true, &[]), (true, &[])]), Some(true), "both say the same");
        assert_eq!(counts(&[(true, &[]), (false, &[]), (true, &[1, 2])]), Some(true), "asked again, knowing both");
        assert_eq!(counts(&[(true, &[]), (false, &[]), (true, &[1])]), Some(false));
    }

    #[test]
    fn an_unanswered_or_unknown_consent_is_no_consent_and_takes_no_place() {
        let mut unknown = consent(Purpose::Record, true, &[]);
        unknown.insert(PURPOSE.into(), "teleportation".into());
        let mut empty = consent(Purpose::Record, true, &[3]);
        empty.insert(ANSWER.into(), Value::Null);
        assert!(counting([(id(1), &unknown), (id(2), &empty)]).is_empty());
        let (yes, other) = (consent(Purpose::Record, true, &[]), consent(Purpose::Draw, false, &[3]));
        let counted = counting([(id(1), &unknown), (id(2), &empty), (id(3), &yes), (id(4), &other)]);
        assert_eq!(counted, [(Purpose::Record, true), (Purpose::Draw, false)], "another purpose is another question");
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
