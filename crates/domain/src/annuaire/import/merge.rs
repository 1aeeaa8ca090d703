//! One card and what a file says of it: what changes, and what is only proposed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, Extra, FactChange, Known, Scope, Terms, matching};
use crate::annuaire::entry::{GONE_SINCE, SITES, fact, field_origin};
use crate::annuaire::fact::{Origin, Source};
use crate::french::fold;
use crate::record::{Fields, Value};
use crate::time::Day;

/// The end of a place of work: a place the file knows no more and of which somebody declared something.
const UNTIL: &str = "until";
/// The address of a place of work, and where on earth it is.
const ADDRESS: &str = "/address";
const POSITION: &str = "at";

/// What a card becomes, and what it keeps against the file.
#[derive(Default)]
pub struct Merged {
    pub facts: Vec<FactChange>,
    pub differences: Vec<Difference>,
}

/// Merges what a file says of a card into it.
pub fn merge(known: &Known, file: &Fields, terms: &Terms) -> Merged {
    let mut merged = Merged::default();
    for (name, theirs) in file {
        says(&mut merged, known, name, theirs, terms);
    }
    let places: BTreeSet<&str> = file.keys().filter_map(|name| place(name)).collect();
    let mut lost: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, field) in known.fields.iter().filter(|(name, field)| !file.contains_key(*name) && there(field)) {
        match place(name) {
            Some(place) if !places.contains(place) => lost.entry(place).or_default().push(name),
            _ if is_of(field, terms.source) && !is_silent(name, terms) => clear(&mut merged, name, field),
            _ => {}
        }
    }
    if terms.scope == Scope::Whole {
        for (place, facts) in lost {
            leave(&mut merged, known, place, &facts, terms);
        }
    }
    merged
}

/// Marks a card that the file no longer holds: nothing else of it changes.
pub fn flag(terms: &Terms, known: &Known) -> Option<FactChange> {
    let day = terms.source.day()?;
    let before = known.fields.get(GONE_SINCE).cloned().unwrap_or_default();
    Some(FactChange { fact: GONE_SINCE.into(), before, after: dated(day, terms.source) })
}

/// Whether a field comes from the same register as this file.
pub fn is_of(field: &Value, source: Source) -> bool {
    field_origin(field).is_some_and(|origin| {
        origin.source.is_official() && std::mem::discriminant(&origin.source) == std::mem::discriminant(&source)
    })
}

/// The file says something of a fact.
fn says(merged: &mut Merged, known: &Known, name: &str, theirs: &Value, terms: &Terms) {
    let ours = known.fields.get(name);
    let value = ours.and_then(|ours| ours.get("v")).filter(|value| !value.is_null());
    if value == theirs.get("v") || loses_only_its_position(name, value, theirs.get("v")) {
        return;
    }
    match ours.and_then(field_origin).filter(|origin| !origin.source.is_official()) {
        // What its owner removed stays removed, and nobody is asked again of what was settled.
        Some(_) if are_the_same_words(value, theirs.get("v")) => {}
        Some(_) if terms.keeps(known.id, name, theirs.get("v")) => {}
        Some(origin) => merged.differences.extend(value.map(|value| Difference {
            card: known.id,
            who: matching::who(&known.fields),
            fact: name.into(),
            ours: value.clone(),
            origin,
            theirs: theirs.get("v").cloned().unwrap_or_default(),
        })),
        None if value.is_some() && is_silent(name, terms) => {}
        None => merged.facts.push(FactChange {
            fact: name.into(),
            before: ours.cloned().unwrap_or_default(),
            after: theirs.clone(),
        }),
    }
}

/// The same address without its coordinates: some extractions of FINESS have none, and what the one before them said holds.
fn loses_only_its_position(name: &str, ours: Option<&Value>, theirs: Option<&Value>) -> bool {
    let (Some(Value::Object(ours)), Some(Value::Object(theirs))) = (ours, theirs) else { return false };
    name.ends_with(ADDRESS)
        && ours.len() == theirs.len() + 1
        && ours.iter().all(
            |(part, value)| if part == POSITION { !theirs.contains_key(part) } else { theirs.get(part) == Some(value) },
        )
}

/// Capitals and accents apart: the register writes « LEFEVRE » where a person writes « Lefèvre », and nobody is asked which.
fn are_the_same_words(ours: Option<&Value>, theirs: Option<&Value>) -> bool {
    let words = |value: Option<&Value>| value.and_then(Value::as_str).map(fold);
    words(ours).is_some() && words(ours) == words(theirs)
}

fn clear(merged: &mut Merged, name: &str, field: &Value) {
    merged.facts.push(FactChange { fact: name.into(), before: field.clone(), after: Value::Null });
}

/// The person works there no more. What only the register said goes; a place of which somebody said something stays, with
/// its end.
fn leave(merged: &mut Merged, known: &Known, place: &str, facts: &[&str], terms: &Terms) {
    let field = |name: &str| known.fields.get(name);
    if facts.iter().all(|name| field(name).is_some_and(|field| is_of(field, terms.source))) {
        for name in facts {
            clear(merged, name, field(name).unwrap_or(&Value::Null));
        }
        return;
    }
    let until = format!("{SITES}/{place}/{UNTIL}");
    let was_official = facts.iter().any(|name| field(name).is_some_and(|field| is_of(field, terms.source)));
    if let Some(day) = terms.source.day().filter(|_| was_official && field(&until).is_none_or(|field| !there(field))) {
        let before = field(&until).cloned().unwrap_or_default();
        merged.facts.push(FactChange { fact: until, before, after: dated(day, terms.source) });
    }
}

/// Whether this import says nothing sure of a fact: the file that completes it was not given, or is only a part.
fn is_silent(name: &str, terms: &Terms) -> bool {
    let extra = Extra::ALL.into_iter().find(|extra| extra.fact() == name);
    extra.is_some_and(|extra| terms.scope == Scope::Part || !terms.extras.contains(&extra))
}

fn dated(day: Day, source: Source) -> Value {
    fact(day.to_string().into(), Origin { source, confirmed_on: day })
}

fn there(field: &Value) -> bool {
    field.get("v").is_some_and(|value| !value.is_null())
}

/// The key of the place a fact is of.
fn place(name: &str) -> Option<&str> {
    name.strip_prefix(SITES)?.strip_prefix('/')?.split_once('/').map(|(key, _)| key)
}
