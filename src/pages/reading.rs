//! Records as pages read them: whose they are, when they were begun, how far they are, what they say.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use domain::Timestamp;
use domain::form::{Answers, Filled, Form, Outcome, Stage, Subject};
use domain::id::RecordId;
use domain::people::{PERSON, Person, Purpose};
use domain::programme::RecordKind;
use domain::programmes::{PROGRAMMES, kind};
use domain::record::{Fields, STARTED_AT};
use sync::Shown;
use sync::protocol::Account;

use crate::notebook::answers_of;
pub use crate::ui::previous::finished_at;

/// Turns an instant into the wall clock of this device; a page gets it from the notebook.
pub type Clock<'a> = &'a dyn Fn(Timestamp) -> NaiveDateTime;

pub fn started_at(shown: &Shown) -> Timestamp {
    shown.fields.get(STARTED_AT).and_then(|field| field.value.as_i64()).map_or(shown.created_at, Timestamp)
}

pub fn person_of(shown: &Shown) -> Person {
    Person::of(&shown.values())
}

/// The form it was begun with, `None` when this build is too old to know it.
pub fn form_of(shown: &Shown) -> Option<&'static Form> {
    kind(&shown.kind)?.form_of(&shown.form_version)
}

/// Kinds of record that programmes hang on a person.
pub fn kinds_of_person() -> impl Iterator<Item = &'static RecordKind> {
    PROGRAMMES
        .iter()
        .flat_map(|programme| programme.records.iter().copied())
        .filter(|kind| kind.parent == Some(PERSON.id))
}

/// Whether « Nouveau » begins one: for a person to be chosen, or what hangs on nothing and is nobody.
pub fn is_begun_from_a_list(kind: &RecordKind) -> bool {
    kind.id != PERSON.id && kind.parent.is_none_or(|parent| parent == PERSON.id) && !kind.start.is_empty()
}

/// Whether this account may write such records; the server decides, the interface follows.
pub fn may_write(account: Option<&Account>, kind: &RecordKind) -> bool {
    account.is_some_and(|account| account.roles.iter().any(|role| kind.writers.contains(role)))
}

/// The answers that count, among the consents of everybody.
pub fn consents_of(person: RecordId, consents: &[Arc<Shown>]) -> Vec<(Purpose, bool)> {
    let hers: Vec<_> = consents.iter().filter(|shown| shown.parent() == Some(person)).cloned().collect();
    answers_of(&hers)
}

/// What is to be noticed of a record in a list.
pub fn tag(shown: &Shown) -> Option<&'static str> {
    if !shown.conflicts.is_empty() {
        Some("à vérifier")
    } else if finished_at(shown).is_none() {
        Some("à finir")
    } else {
        None
    }
}

/// Sections done, sections in all. A section with nothing to ask is not counted. `above`: the answers of the record it
/// hangs on.
pub fn sections_done(shown: &Shown, above: &Fields, consents: &[(Purpose, bool)]) -> Option<(usize, usize)> {
    let fields = shown.values();
    let progress = form_of(shown)?.progress(&Filled { answers: Answers(&fields), parent: Answers(above), consents });
    let asked = progress.iter().filter(|section| section.asked > 0);
    Some((asked.clone().filter(|section| section.stage == Stage::Done).count(), asked.count()))
}

/// « à finir, 4 sur 6 », « terminé ».
pub fn status(shown: &Shown, above: &Fields, consents: &[(Purpose, bool)]) -> String {
    match (finished_at(shown), sections_done(shown, above, consents)) {
        (Some(_), _) => "terminé".into(),
        (None, Some((done, all))) => format!("à finir, {done} sur {all}"),
        (None, None) => "à finir".into(),
    }
}

/// What the rules of its kind say of it, `None` when this build does not know its form. The day of the test is the day
/// it was begun.
pub fn outcome(shown: &Shown, birth_date: Option<NaiveDate>, clock: Clock<'_>) -> Option<Outcome> {
    form_of(shown)?;
    let subject = Subject { birth_date, on: clock(started_at(shown)).date() };
    Some(kind(&shown.kind)?.assess(&shown.values(), &subject)?.0)
}

/// « 84 ans, Miremont », what is known of it.
pub fn age_and_commune(person: &Person, today: NaiveDate) -> String {
    let age = person.age(today).map(domain::french::years);
    let commune = Some(person.commune.clone()).filter(|commune| !commune.is_empty());
    age.into_iter().chain(commune).collect::<Vec<_>>().join(", ")
}

/// Records for the tests of the pages: fictional, and short to write.
#[cfg(test)]
pub mod fixture {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use domain::Timestamp;
    use domain::id::{OpId, RecordId};
    use domain::record::{FINISHED_AT, PARENT, Value};
    use sync::{Shown, ShownField};
    use uuid::Uuid;

    pub const DAY: i64 = 86_400_000;

    pub fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    pub fn record(number: u128, kind: &str, at: i64, fields: &[(&str, Value)]) -> Arc<Shown> {
        let form_version = domain::programmes::kind(kind).expect("a kind of the registry").form().version;
        let op_id = OpId(Uuid::from_u128(number));
        Arc::new(Shown {
            id: id(number),
            kind: kind.into(),
            form_version: form_version.into(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), ShownField { value: value.clone(), op_id }))
                .collect(),
            created_at: Timestamp(at),
            author: None,
            deleted: false,
            waiting: 0,
            held: false,
            conflicts: BTreeMap::new(),
        })
    }

    pub fn person(number: u128, given_name: &str, family_name: &str) -> Arc<Shown> {
        let name = [("given_name", given_name.into()), ("family_name", family_name.into())];
        record(number, "person", 0, &name)
    }

    pub fn child(number: u128, kind: &str, of: u128, at: i64, finished: Option<i64>) -> Arc<Shown> {
        let mut fields = vec![(PARENT, Value::from(id(of).to_string()))];
        fields.extend(finished.map(|at| (FINISHED_AT, Value::from(at))));
        record(number, kind, at, &fields)
    }
}

#[cfg(test)]
mod tests {
    use domain::people::consent::{self, ANSWER};
    use domain::people::{CONSENT, GivenBy};
    use domain::record::{AFTER, PARENT, Value};

    use super::fixture::{child, id, person, record};
    use super::*;

    fn answer(number: u128, of: u128, yes: bool, after: Option<u128>) -> Arc<Shown> {
        let mut fields = consent::fields(Purpose::CallBack, yes, GivenBy::Person);
        fields.push((PARENT, Value::from(id(of).to_string())));
        fields.extend(after.map(|after| (AFTER, Value::from(id(after).to_string()))));
        record(number, CONSENT.id, 10, &fields)
    }

    #[test]
    fn the_last_word_of_a_person_counts_and_a_doubt_is_a_no() {
        let mut consents = vec![answer(2, 1, true, None), answer(3, 9, false, None)];
        assert_eq!(consents_of(id(1), &consents), [(Purpose::CallBack, true)], "hers alone");
        consents.push(answer(4, 1, false, Some(2)));
        assert_eq!(consents_of(id(1), &consents), [(Purpose::CallBack, false)]);
        consents.push(answer(5, 1, true, Some(4)));
        assert_eq!(consents_of(id(1), &consents), [(Purpose::CallBack, true)]);
        let mut disputed = (*consents[3]).clone();
        let item = sync::Conflict { seq: 1, values: Vec::new(), settled: None };
        disputed.conflicts.insert(ANSWER.to_owned(), item);
        consents[3] = Arc::new(disputed);
        assert_eq!(consents_of(id(1), &consents), [(Purpose::CallBack, false)]);
    }

    #[test]
    fn a_child_knows_its_parent_and_its_times() {
        let screening = child(2, kinds_of_person().next().expect("a kind").id, 1, 5, Some(9));
        assert_eq!(screening.parent(), Some(id(1)));
        assert_eq!(started_at(&screening), Timestamp(5));
        assert_eq!(finished_at(&screening), Some(Timestamp(9)));
        assert_eq!(person(1, "Odette", "Salvan").parent(), None);
    }

    #[test]
    fn a_fresh_draft_has_sections_left() {
        let draft = child(2, kinds_of_person().next().expect("a kind").id, 1, 5, None);
        let (done, all) = sections_done(&draft, &Fields::new(), &[]).expect("a known form");
        assert!(done < all);
        assert_eq!(status(&draft, &Fields::new(), &[]), format!("à finir, {done} sur {all}"));
    }
}
