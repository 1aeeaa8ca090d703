//! Cards for the tests of the imports.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Known, Plan, Scope, Terms, Write, WriteKind};
use crate::annuaire::entry::{self, Address, Coded, Entry, Site};
use crate::annuaire::fact::{Origin, Origins, Source};
use crate::id::RecordId;
use crate::record::{Fields, Value};
use crate::time::{Day, day_of};

pub fn day(text: &str) -> Day {
    Day(day_of(text).expect("a day"))
}

pub fn rpps(on: &str) -> Source {
    Source::Rpps(day(on))
}

pub fn terms(on: &str) -> Terms {
    Terms {
        source: rpps(on),
        scope: Scope::Whole,
        extras: BTreeSet::new(),
        communes: BTreeSet::from(["31033".to_owned(), "31345".to_owned()]),
        professions: None,
        suppressed: BTreeSet::new(),
        answers: BTreeMap::new(),
        otherwise: Default::default(),
        kept: BTreeMap::new(),
    }
}

/// Somebody of the official file of this day: a nurse of Auterive with one place of work.
pub fn someone(number: &str, name: &str, phone: &str, on: &str) -> Entry {
    let address = Address {
        lines: vec!["12 rue de la République".into()],
        postal_code: "31190".into(),
        commune: Some("31033".into()),
        town: "Auterive".into(),
        at: None,
    };
    let site = Site { address: Some(address), phone: Some(phone.into()), ..Site::default() };
    let source = rpps(on);
    Entry {
        name: name.into(),
        given_name: Some("MARIE-HÉLÈNE".into()),
        rpps: Some(number.into()),
        profession: Some(Coded { code: "60".into(), label: "Infirmier".into() }),
        sites: BTreeMap::from([("R1".to_owned(), site)]),
        origins: Origins { most: Some(Origin { source, confirmed_on: day(on) }), ..Origins::default() },
        ..Entry::default()
    }
}

pub fn known(id: u128, entry: &Entry) -> Known {
    Known { id: RecordId(Uuid::from_u128(id)), fields: entry::write(entry) }
}

/// A fact as its owner declares it.
pub fn declared(value: Value) -> Value {
    entry::fact(value, Origin { source: Source::Declared, confirmed_on: day("2026-11-10") })
}

/// Writes a plan as the server does; new cards are numbered from `next`.
pub fn apply(cards: &mut Vec<Known>, plan: &Plan, next: u128) -> Vec<Write> {
    let created = plan
        .new
        .iter()
        .zip(next + 1..)
        .map(|(entry, id)| Write::create(RecordId(Uuid::from_u128(id)), entry::write(entry)));
    let changes = plan.changed.iter().chain(&plan.gone).chain(&plan.back);
    let writes: Vec<Write> = created.chain(changes.map(Write::set)).collect();
    write(cards, &writes);
    writes
}

pub fn write(cards: &mut Vec<Known>, writes: &[Write]) {
    for one in writes {
        match one.what {
            WriteKind::Create => cards.push(Known { id: one.card, fields: one.fields.clone() }),
            WriteKind::Delete => cards.retain(|card| card.id != one.card),
            WriteKind::Set => {
                let card = cards.iter_mut().find(|card| card.id == one.card).expect("a set is of a card that is there");
                card.fields.extend(one.fields.clone());
            }
        }
    }
}

/// The facts that are there: a cleared field is no fact.
pub fn facts(fields: &Fields) -> BTreeMap<&str, &Value> {
    fields.iter().filter(|(_, field)| !field.is_null()).map(|(name, field)| (name.as_str(), field)).collect()
}
