//! Which card that is there is the one a file speaks of.

use std::collections::{BTreeMap, BTreeSet};

use super::{Known, ToInform};
use crate::annuaire::entry::{Kind, SITES};
use crate::french::fold;
use crate::id::RecordId;
use crate::record::{Fields, Value};

/// The facts that identify a card, strongest first: two cards that both have one and differ on it are two cards.
const IDENTIFIERS: [&str; 4] = ["rpps", "adeli", "finess", "siret"];

/// The identifiers of a card: `rpps:99700000013`.
#[must_use]
pub fn identifiers(fields: &Fields) -> Vec<String> {
    let found = IDENTIFIERS.into_iter().filter_map(|name| Some(format!("{name}:{}", text(fields, name)?)));
    found.collect()
}

/// The cards that are there, found by identifier and by name.
pub struct Index<'a> {
    cards: &'a [Known],
    by_identifier: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub fn of(cards: &'a [Known]) -> Self {
        let mut index = Self { cards, by_identifier: BTreeMap::new(), by_name: BTreeMap::new() };
        for (at, card) in cards.iter().enumerate() {
            for identifier in identifiers(&card.fields) {
                index.by_identifier.entry(of_kind(&card.fields, &identifier)).or_insert(at);
            }
            index.by_name.entry(name_of(&card.fields)).or_default().push(at);
        }
        index
    }

    /// The card of the same kind that bears an identifier of this one, and no other of the same kind of identifier.
    pub fn same(&self, fields: &Fields) -> Option<usize> {
        let found = identifiers(fields);
        let mut found = found.iter().filter_map(|one| self.by_identifier.get(&of_kind(fields, one)).copied());
        found.find(|at| !differ(&self.cards[*at].fields, fields))
    }

    /// The cards of the same kind, name, given name and profession in the same commune, that no identifier tells apart.
    pub fn alike(&self, fields: &Fields) -> Vec<usize> {
        let named = self.by_name.get(&name_of(fields)).map_or(&[][..], Vec::as_slice);
        let near = |at: &usize| {
            let other = &self.cards[*at].fields;
            kind(other) == kind(fields)
                && !differ(other, fields)
                && same_profession(other, fields)
                && same_commune(other, fields)
        };
        named.iter().copied().filter(near).collect()
    }
}

/// What names a card of the file among those of the same file: its identifier, else what is folded of it.
pub fn key(fields: &Fields) -> String {
    let folded = || {
        let communes: Vec<&str> = communes(fields).into_iter().collect();
        format!("{} {} {}", name_of(fields), profession(fields).unwrap_or_default(), communes.join(" "))
    };
    identifiers(fields).into_iter().next().unwrap_or_else(folded)
}

/// « Marie-Hélène EXEMPLE »
pub fn who(fields: &Fields) -> String {
    let parts = [text(fields, "given_name"), text(fields, "name")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Whom to tell that she is in the directory: a person, not a structure nor a service.
#[must_use]
pub fn identify(card: RecordId, fields: &Fields) -> Option<ToInform> {
    let kind: Kind = serde_json::from_value(value(fields, "kind")?.clone()).ok()?;
    (kind == Kind::Person).then(|| ToInform { card, who: who(fields) })
}

/// INSEE codes of the places of a card.
pub fn communes(fields: &Fields) -> BTreeSet<&str> {
    let addresses = fields.iter().filter(|(name, _)| name.starts_with(SITES) && name.ends_with("/address"));
    addresses.filter_map(|(_, field)| field.get("v")?.get("commune")?.as_str()).collect()
}

/// The code of the profession of a person, or of the kind of a structure.
pub fn profession(fields: &Fields) -> Option<&str> {
    value(fields, "profession")?.get("c")?.as_str()
}

/// The value of a fact, without its origin; `None` when there is none.
pub fn value<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.get(name)?.get("v").filter(|value| !value.is_null())
}

/// `person`, `structure` or `service`: the practice of a person is not this person, whatever number they share.
fn kind(fields: &Fields) -> &str {
    text(fields, "kind").unwrap_or("person")
}

fn of_kind(fields: &Fields, identifier: &str) -> String {
    format!("{} {identifier}", kind(fields))
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    value(fields, name)?.as_str()
}

fn name_of(fields: &Fields) -> String {
    let folded = fold(&who(fields));
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn differ(one: &Fields, other: &Fields) -> bool {
    let apart = |name: &&str| matches!((text(one, name), text(other, name)), (Some(a), Some(b)) if a != b);
    // A SIRET is that of an address: two structures may share it, and one may change it.
    IDENTIFIERS[..3].iter().any(apart)
}

fn same_profession(one: &Fields, other: &Fields) -> bool {
    matches!((profession(one), profession(other)), (a, b) if a == b || a.is_none() || b.is_none())
}

fn same_commune(one: &Fields, other: &Fields) -> bool {
    let (one, other) = (communes(one), communes(other));
    one.is_empty() || other.is_empty() || !one.is_disjoint(&other)
}
