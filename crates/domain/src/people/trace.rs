//! What a device tells of itself: somebody opened, printed or exported a record on it, with or without a network. Ids only.

use super::Role;
use crate::form::{Answers, Choice, Form, Kind, Layout, Question, Section};
use crate::id::RecordId;
use crate::programme::RecordKind;
use crate::{Fields, Value};

/// Field: what was done, a code of [`Act`].
pub const EVENT: &str = "event";
/// Field: the record it was done to, its id as text.
pub const OF: &str = "of";

const OPENED: &str = "opened";
const PRINTED: &str = "printed";
const EXPORTED: &str = "exported";

/// What a device tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Its page, or its form, was on the screen.
    Opened,
    /// The browser printed its page, or a list that names it.
    Printed,
    /// It was written to a file.
    Exported,
}

impl Act {
    /// Every act.
    pub const ALL: &[Self] = &[Self::Opened, Self::Printed, Self::Exported];

    const fn code(self) -> &'static str {
        match self {
            Self::Opened => OPENED,
            Self::Printed => PRINTED,
            Self::Exported => EXPORTED,
        }
    }
}

static FORM: Form = Form {
    id: "trace",
    version: "2026.1",
    title: "Consultation",
    credit: "Cardabelle",
    layout: Layout::Sheet,
    sections: &[Section {
        id: "trace",
        title: "Consultation",
        when: None,
        questions: &[
            Question::note(
                EVENT,
                "Acte",
                Kind::Choice(&[
                    Choice { code: OPENED, label: "Consultée" },
                    Choice { code: PRINTED, label: "Imprimée" },
                    Choice { code: EXPORTED, label: "Emportée" },
                ]),
            ),
            Question::note(OF, "Fiche", Kind::Text { lines: 1, max: 36 }),
        ],
    }],
};

/// One act on one record. It becomes a line of the audit on the server, and a record of nobody: its writers are those who
/// see something of a person, and a stand opens nothing.
pub static TRACE: RecordKind = RecordKind {
    id: "trace",
    one: "consultation",
    the: "la consultation",
    start: "Consulter",
    parent: None,
    forms: &[&FORM],
    rules: None,
    writers: &[Role::Sentinel, Role::Professional, Role::Coordinator],
    ..RecordKind::PLAIN
};

/// All the fields of a trace.
#[must_use]
pub fn fields(act: Act, of: RecordId) -> Vec<(String, Value)> {
    vec![(EVENT.to_owned(), act.code().into()), (OF.to_owned(), of.to_string().into())]
}

/// What a trace tells; `None` as soon as it says anything else, so that no name can travel in one.
#[must_use]
pub fn read(fields: &Fields) -> Option<(Act, RecordId)> {
    let answers = Answers(fields);
    let act = Act::ALL.iter().copied().find(|act| answers.is(EVENT, act.code()))?;
    let of = answers.code(OF)?.parse().ok()?;
    (fields.len() == 2).then_some((act, of))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::record::{NOTED_BY, STARTED_AT};

    const ODETTE: RecordId = RecordId(Uuid::from_u128(7));

    fn trace(act: Act) -> Fields {
        fields(act, ODETTE).into_iter().collect()
    }

    #[test]
    fn a_trace_is_read_back_and_its_form_takes_it() {
        for act in Act::ALL {
            assert_eq!(read(&trace(*act)), Some((*act, ODETTE)));
            for (name, value) in fields(*act, ODETTE) {
                let question = FORM.question(&name).expect("the form asks it");
                assert_eq!(question.check(&value, chrono::NaiveDate::default()), Ok(()), "{name}");
            }
        }
    }

    #[test]
    fn a_trace_that_says_anything_else_is_none() {
        let with = |name: &str, value: Value| {
            let mut trace = trace(Act::Opened);
            trace.insert(name.into(), value);
            read(&trace)
        };
        assert_eq!(with(NOTED_BY, "Odette Salvan".into()), None);
        assert_eq!(with(STARTED_AT, 7.into()), None);
        assert_eq!(with("name", "Odette Salvan".into()), None);
        assert_eq!(with(OF, "Odette Salvan".into()), None);
        assert_eq!(with(EVENT, "Odette Salvan".into()), None);
        assert_eq!(with(EVENT, Value::Null), None);
        assert_eq!(read(&Fields::new()), None);
    }
}
