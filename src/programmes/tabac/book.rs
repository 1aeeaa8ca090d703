//! What this device holds of the programme, as the rules over several records read it.

use std::sync::Arc;

use domain::Fields;
use domain::form::Answers;
use domain::id::{AccountId, RecordId};
use domain::people::{CONSENT, PERSON, Person, SHARE};
use domain::programme::{Clock, Noted};
use domain::programmes::tabac::challenge::Challenge;
use domain::programmes::tabac::{PAIR, PROGRAMME};
use leptos::prelude::*;
use sync::Shown;

use crate::notebook::{Notebook, Own};

/// The people, their consents and shares, and every record of the programme.
#[derive(Clone, Copy)]
pub struct Book {
    pub notebook: Notebook,
    own: Signal<Own>,
    lists: StoredValue<Vec<Signal<Vec<Arc<Shown>>>>>,
}

/// All of it at one moment.
pub struct Whole<'a> {
    pub records: Vec<Noted<'a>>,
    pub clock: Clock<'a>,
    own: &'a Own,
}

/// A pair in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    pub record: RecordId,
    pub account: Option<AccountId>,
    pub name: String,
}

impl Book {
    /// Call in a component.
    pub fn open(notebook: Notebook) -> Self {
        let people = [&PERSON, &CONSENT, &SHARE].into_iter();
        let kinds = people.chain(PROGRAMME.records.iter().copied());
        Self {
            notebook,
            own: notebook.own(),
            lists: StoredValue::new(kinds.map(|kind| notebook.records(kind.id)).collect()),
        }
    }

    /// Reads all of it; inside a memo or a view, it is read again when something changes.
    pub fn read<T>(self, read: impl FnOnce(&Whole<'_>) -> T) -> T {
        let shown: Vec<Arc<Shown>> = self.lists.with_value(|lists| lists.iter().flat_map(|list| list.get()).collect());
        let fields: Vec<Fields> = shown.iter().map(|shown| shown.values()).collect();
        let day = |at| self.notebook.local(at).date();
        self.own.with(|own| {
            read(&Whole {
                records: shown.iter().zip(&fields).map(noted).collect(),
                clock: Clock { today: self.notebook.today(), day: &day },
                own,
            })
        })
    }
}

fn noted<'a>((shown, fields): (&'a Arc<Shown>, &'a Fields)) -> Noted<'a> {
    Noted { id: shown.id, kind: &shown.kind, fields }
}

#[cfg(test)]
impl<'a> Whole<'a> {
    pub fn of(records: Vec<Noted<'a>>, clock: Clock<'a>, own: &'a Own) -> Self {
        Self { records, clock, own }
    }
}

impl Whole<'_> {
    /// Nobody when she is not on this device.
    pub fn person(&self, id: RecordId) -> Option<Person> {
        self.records.iter().find(|noted| noted.id == id).map(|noted| Person::of(noted.fields))
    }

    /// Whether this account calls her.
    pub fn is_mine(&self, challenge: &Challenge<'_>) -> bool {
        self.own.does(challenge.person, &challenge.pair)
    }

    /// Whether somebody who looks after people follows her.
    pub fn is_followed(&self, challenge: &Challenge<'_>) -> bool {
        self.own.is_followed(challenge.person, &challenge.pair)
    }

    /// Whether this device knows who looks after people.
    pub fn knows_who_follows(&self) -> bool {
        self.own.knows_professionals()
    }

    /// With whom she is paired today.
    pub fn bonds(&self, challenge: &Challenge<'_>) -> Vec<Bond> {
        let of_kind = self.records.iter().filter(|noted| noted.kind == PAIR.id);
        let bond = |noted: &Noted<'_>| {
            let fields = Answers(noted.fields);
            let challenger = fields.code("challenger").and_then(|id| id.parse().ok());
            let hers = challenger.is_some_and(|id| challenge.sign_ups.contains(&id)) && fields.is("in_force", "yes");
            let account = fields.code("account").and_then(|id| id.parse().ok());
            hers.then(|| Bond { record: noted.id, account, name: fields.code("name").unwrap_or_default().to_owned() })
        };
        of_kind.filter_map(bond).collect()
    }
}

/// « 06 39 98 12 40 »; what is no number stays as it was typed.
pub fn read_phone(phone: &str) -> String {
    let question = PERSON.form().question("phone");
    question.and_then(|question| question.read_back(&phone.into())).unwrap_or_default()
}
