//! Which card that is there is the one a file speaks of.

use std::collections::BTreeSet;

use super::ToInform;
use crate::annuaire::entry::{Kind, SITES};
use crate::french::fold;
use crate::id::RecordId;
use crate::record::{Fields, Value};

/// The facts that identify a card, strongest first: two cards that both have one and differ on it are two cards.
const IDENTIFIERS: [&str; 4] = ["rpps", "adeli", "finess", "siret"];
/// Those that are of one card alone. A SIRET is that of an address: two structures may share it, and one may change it.
const PROPER: [&str; 3] = ["rpps", "adeli", "finess"];

/// The identifiers of a card: `rpps:99700000013`.
#[must_use]
pub fn identifiers(fields: &Fields) -> Vec<String> {
    let found = IDENTIFIERS.into_iter().filter_map(|name| Some(format!("{name}:{}", text(fields, name)?)));
    found.collect()
}

/// What tells a card from another, and nothing else of it: those of a whole territory are held at once.
pub struct Silhouette {
    /// `person`, `structure` or `service`: the practice of a person is not this person, whatever number they share.
    kind: String,
    /// By [`PROPER`].
    numbers: [Option<String>; PROPER.len()],
    profession: Option<String>,
    communes: Vec<String>,
}

impl Silhouette {
    pub fn of(fields: &Fields) -> Self {
        Self {
            kind: text(fields, "kind").unwrap_or("person").to_owned(),
            numbers: PROPER.map(|name| text(fields, name).map(str::to_owned)),
            profession: profession(fields).map(str::to_owned),
            communes: communes(fields).into_iter().map(str::to_owned).collect(),
        }
    }

    /// An identifier of a card of this kind.
    pub fn of_kind(&self, identifier: &str) -> String {
        format!("{} {identifier}", self.kind)
    }

    /// Whether two cards of one name may be the same: the same kind and profession in the same commune, that no identifier
    /// tells apart.
    pub fn is_like(&self, other: &Self) -> bool {
        let profession = match (&self.profession, &other.profession) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        let commune = self.communes.is_empty()
            || other.communes.is_empty()
            || self.communes.iter().any(|commune| other.communes.contains(commune));
        self.kind == other.kind && !self.differs(other) && profession && commune
    }

    /// Whether both have a number of the same kind, and not the same one.
    pub fn differs(&self, other: &Self) -> bool {
        self.numbers.iter().zip(&other.numbers).any(|pair| matches!(pair, (Some(one), Some(other)) if one != other))
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
#[must_use]
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

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    value(fields, name)?.as_str()
}

/// Given name and name, folded.
pub fn name_of(fields: &Fields) -> String {
    let folded = fold(&who(fields));
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
