//! Sharing a person with a professional named to her, kept as child records of the person.

use super::Role;
use crate::form::{Answers, Choice, Form, Kind, Layout, Question, Section};
use crate::id::AccountId;
use crate::programme::RecordKind;
use crate::{Fields, Value};

/// Field: the account of the professional, its id as text.
pub const ACCOUNT: &str = "account";
/// Field: her name as it was shown when the share was made, « Karim Benali ».
pub const NAME: &str = "name";
/// Field: her profession as it was shown then, « Masseur-kinésithérapeute »; optional.
pub const PROFESSION: &str = "profession";
/// Field: `yes`, or `no` once it was ended. The record stays, and its history with it.
pub const IN_FORCE: &str = "in_force";

static FORM: Form = Form {
    id: "share",
    version: "2026.1",
    title: "Partage",
    credit: "Cardabelle",
    layout: Layout::Sheet,
    sections: &[Section {
        id: "share",
        title: "Partage",
        when: None,
        questions: &[
            Question::note(ACCOUNT, "Compte", Kind::Text { lines: 1, max: 36 }),
            Question::note(NAME, "Nom", Kind::Text { lines: 1, max: 120 }),
            Question::note(PROFESSION, "Profession", Kind::Text { lines: 1, max: 120 }).optional(),
            Question::note(IN_FORCE, "En vigueur", Kind::Choice(Choice::YES_NO)),
        ],
    }],
};

/// One professional with whom a person is shared. It gives sight only while the consent of the person to it holds
/// ([`super::access`]).
pub static SHARE: RecordKind = RecordKind {
    id: "share",
    one: "partage",
    the: "le partage",
    start: "Partager",
    parent: Some("person"),
    forms: &[&FORM],
    rules: None,
    writers: &[Role::Sentinel, Role::Professional, Role::Coordinator],
    call_back: &[ACCOUNT, NAME, PROFESSION, IN_FORCE],
    ..RecordKind::PLAIN
};

/// The fields of a new share, [`crate::record::PARENT`] and times aside. Written by one operation: a sentinel sees the
/// person no more as soon as it is applied.
#[must_use]
pub fn fields(account: AccountId, name: &str, profession: &str) -> Vec<(&'static str, Value)> {
    vec![
        (ACCOUNT, account.to_string().into()),
        (NAME, name.into()),
        (PROFESSION, profession.into()),
        (IN_FORCE, "yes".into()),
    ]
}

/// With whom the person is shared, `None` when the share was ended or cannot be read. Whether it gives sight also depends
/// on a consent.
#[must_use]
pub fn with(fields: &Fields) -> Option<AccountId> {
    let answers = Answers(fields);
    answers.code(ACCOUNT).filter(|_| answers.is(IN_FORCE, "yes"))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::record::SYSTEM_FIELDS;

    const KARIM: AccountId = AccountId(Uuid::from_u128(7));

    fn share() -> Fields {
        fields(KARIM, "Karim Benali", "").into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    #[test]
    fn a_new_share_is_read_back_and_ends_with_a_no() {
        let mut share = share();
        assert_eq!(with(&share), Some(KARIM));
        share.insert(IN_FORCE.into(), "no".into());
        assert_eq!(with(&share), None);
        share.remove(IN_FORCE);
        assert_eq!(with(&share), None, "begun and not answered");
        assert_eq!(with(&[(ACCOUNT.into(), "karim".into()), (IN_FORCE.into(), "yes".into())].into()), None);
    }

    #[test]
    fn its_form_takes_what_is_written() {
        for (name, value) in fields(KARIM, "Karim Benali", "Infirmier") {
            assert!(!SYSTEM_FIELDS.contains(&name));
            let question = FORM.question(name).expect("the form asks it");
            assert_eq!(question.check(&value, chrono::NaiveDate::default()), Ok(()), "{name}");
        }
    }
}
