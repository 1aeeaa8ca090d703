//! One card of the directory: a person who works in the territory, a structure, or a social service.
//!
//! An entry is a record like the others (kind [`ENTRY`]): each fact is a field of its own, whose value is
//! `{"v": value, "s": source, "on": day}`, so that two sources never fight over a whole card. A fact of a site is named
//! `sites/<key>/<fact>`.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fact::{Origin, Origins};
use crate::Fields;
use crate::id::RecordId;
use crate::time::Day;

/// Kind of the records that are cards of the directory.
pub const ENTRY: &str = "entry";
/// The first part of the name of a fact of a site.
pub const SITES: &str = "sites";
/// The day of the first official file in which somebody who was there is no more.
pub const GONE_SINCE: &str = "gone_since";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    #[default]
    Person,
    /// A place of care: practice, pharmacy, laboratory, hospital.
    Structure,
    /// A social or coordination service (« dispositif »).
    Service,
}

/// Everything known of one card. Every fact may be missing; what this build does not know stays in the record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub kind: Kind,
    /// Family name in practice of a person, name of a structure or of a service, as the source writes it.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Civilité d’exercice or civilité: `DR`, `PR`, `M`, `MME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 11 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpps: Option<String>,
    /// 9 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adeli: Option<String>,
    /// Of a structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finess: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub siret: Option<String>,
    /// Code of TRE_G15, or a code of `lists` for those the register does not know; kind of a structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<Coded>,
    /// Catégorie professionnelle: `C` civil, `E` student, `M` military.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Coded>,
    /// Savoir-faire of the register: `SM54`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub savoir_faire: Vec<Coded>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diplomas: Vec<Coded>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub competences: Vec<Competence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<Equipment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<Visits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// Secteur conventionnel, as a text: `1`, `2`, `2 OPTAM`, `non conventionné`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub convention: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    /// ISO 639 codes, and `LSF`, `LPC`, `FALC`.
    pub languages: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub engagements: Vec<Engagement>,
    /// MSSanté addresses of the person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mssante: Vec<String>,
    /// Of a service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Places of work by key: [`SiteKey`] text. A structure and a service have one, `main`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sites: BTreeMap<String, Site>,
    /// « n’apparaît plus au RPPS » since this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<Day>,
    /// Groups of facts shown to others than by default.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub visibility: BTreeMap<Group, Visibility>,
    /// Where the facts come from; no fact itself.
    pub origins: Origins,
}

/// One place where somebody works, or where a structure is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Site {
    /// Raison sociale or enseigne.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub structure: Option<String>,
    /// The structure as a card of its own, by its FINESS or SIRET.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finess: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub siret: Option<String>,
    /// TRE_R23: `S` salaried, `L` self-employed, `B` voluntary, `I` other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Coded>,
    /// TRE_R21 (« titulaire de cabinet »).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Coded>,
    /// TRE_R02: `SA07` cabinet individuel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<Coded>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// E.164: `+33561000000`; a short number as it is dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// For colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colleague_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Wheelchair and the like: `pmr`, `lsf`… codes of `lists`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accessibility: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// A code of a published list, and the label of the file it came from: an unknown code keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coded {
    #[serde(rename = "c")]
    pub code: String,
    #[serde(rename = "l", default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Complements, number and street, as printed on an envelope, without the town.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// INSEE code, 5 characters. `None`: « commune à préciser ».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune: Option<String>,
    /// As the source writes it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub town: String,
    /// Latitude and longitude, degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<(f64, f64)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competence {
    /// Code of `lists`.
    #[serde(rename = "c")]
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// `None`: as the list says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equipment {
    #[serde(rename = "c")]
    pub code: String,
    #[serde(default)]
    pub place: EquipmentPlace,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EquipmentPlace {
    #[default]
    OnSite,
    AtHome,
    Lent,
}

/// Visits at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    pub answer: VisitsAnswer,
    /// « sur rendez-vous, personnes non mobiles »
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub conditions: String,
    /// INSEE codes of the communes visited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communes: Vec<String>,
    /// ISO weekdays, 1 Monday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitsAnswer {
    Yes,
    No,
    Conditions,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Availability {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_patients: Option<bool>,
    /// As médecin traitant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_gp: Option<bool>,
    /// « sous 2 semaines »
    #[serde(skip_serializing_if = "String::is_empty")]
    pub delay: String,
    /// Soins non programmés.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unplanned: Option<bool>,
    /// Afterwards it is shown « à confirmer ».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Engagement {
    /// Code of `lists`: `tobacco`, `icope`, `salutance`, `msu`.
    #[serde(rename = "c")]
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
}

/// What is particular to a social or coordination service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Public served.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub public: String,
    /// How one enters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub entry: String,
    /// Where it acts.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territory: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cost: String,
    /// « Quand l’appeler », in one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub when: String,
}

/// Opening hours of a week in the territory's time zone, with the exceptions the place told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hours {
    /// By ISO weekday minus one: slots `(from, to)` in minutes since midnight; `to` above 1,440 crosses midnight.
    pub week: [Vec<(u16, u16)>; 7],
    /// Open on public holidays too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub holidays: bool,
    /// Days that differ: no slot is closed all day.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub except: BTreeMap<Day, Vec<(u16, u16)>>,
}

/// Facts that are shown or hidden together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Phones, fax, e-mail, booking.
    Contact,
    /// The line for colleagues.
    Colleagues,
    Mssante,
    Hours,
    Competences,
    Equipment,
    Visits,
    Availability,
    Languages,
    Engagements,
}

/// Who may see a group of facts. Each sees what the former sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    Public,
    Members,
    Coordination,
}

impl Group {
    /// What holds until the person says otherwise.
    #[must_use]
    pub const fn default_visibility(self) -> Visibility {
        match self {
            Self::Colleagues | Self::Mssante => Visibility::Members,
            _ => Visibility::Public,
        }
    }
}

/// What the card keeps of a record: `None` when it is not of this kind of shape at all.
#[must_use]
pub fn read(fields: &Fields) -> Option<Entry> {
    let mut values = Map::new();
    let mut origins = Vec::new();
    for (name, field) in fields {
        let Some(value) = field.get("v").filter(|value| !value.is_null()) else { continue };
        put(&mut values, name, value.clone());
        if let Some(origin) = field_origin(field) {
            origins.push((name.clone(), origin));
        }
    }
    let mut entry: Entry = serde_json::from_value(Value::Object(values)).ok()?;
    entry.origins = gather(origins);
    Some(entry)
}

/// The fields of the record of a card; facts that are missing have none.
#[must_use]
pub fn write(entry: &Entry) -> Fields {
    let Ok(Value::Object(mut values)) = serde_json::to_value(entry) else { return Fields::new() };
    values.remove("origins");
    let mut fields = Fields::new();
    let sites = values.remove(SITES);
    for (name, value) in values {
        add(&mut fields, entry, name, value);
    }
    if let Some(Value::Object(sites)) = sites {
        for (key, site) in sites {
            if let Value::Object(facts) = site {
                for (name, value) in facts {
                    add(&mut fields, entry, format!("{SITES}/{key}/{name}"), value);
                }
            }
        }
    }
    fields
}

/// The value of the field of one fact.
#[must_use]
pub fn fact(value: Value, origin: Origin) -> Value {
    let mut field = Map::new();
    field.insert("v".to_owned(), value);
    field.insert("s".to_owned(), origin.source.to_string().into());
    field.insert("on".to_owned(), origin.confirmed_on.to_string().into());
    Value::Object(field)
}

/// Where a field of a record says it comes from.
#[must_use]
pub fn field_origin(field: &Value) -> Option<Origin> {
    serde_json::from_value(field.clone()).ok()
}

fn add(fields: &mut Fields, entry: &Entry, name: String, value: Value) {
    if let Some(origin) = entry.origins.of(&name) {
        fields.insert(name, fact(value, origin));
    }
}

fn put(values: &mut Map<String, Value>, name: &str, value: Value) {
    let mut steps = name.split('/');
    match (steps.next(), steps.next(), steps.next()) {
        (Some(SITES), Some(key), Some(fact)) => {
            let sites = values.entry(SITES).or_insert_with(|| Value::Object(Map::new()));
            let site = sites.as_object_mut().map(|sites| sites.entry(key).or_insert_with(|| Value::Object(Map::new())));
            if let Some(site) = site.and_then(Value::as_object_mut) {
                site.insert(fact.to_owned(), value);
            }
        }
        _ => drop(values.insert(name.to_owned(), value)),
    }
}

/// The commonest origin is told once.
fn gather(origins: Vec<(String, Origin)>) -> Origins {
    let count = |one: &Origin| origins.iter().filter(|(_, origin)| origin == one).count();
    let most = origins.iter().map(|(_, origin)| *origin).max_by_key(count);
    let others = origins.into_iter().filter(|(_, origin)| Some(*origin) != most).collect();
    Origins { most, others }
}

/// A card with the identity of its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub id: RecordId,
    #[serde(rename = "e")]
    pub entry: Entry,
}

impl Availability {
    /// Whether what was said still holds.
    #[must_use]
    pub fn holds(&self, now: NaiveDateTime) -> bool {
        self.valid_until.is_none_or(|until| now.date() <= until.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annuaire::fact::Source;

    fn day(text: &str) -> Day {
        Day(crate::time::day_of(text).expect("a day"))
    }

    fn origin(source: Source) -> Origin {
        Origin { source, confirmed_on: day("2026-11-02") }
    }

    #[test]
    fn a_card_is_the_fields_of_its_record() {
        let rpps = origin(Source::Rpps(day("2026-11-01")));
        let declared = origin(Source::Declared);
        let site = Site { phone: Some("+33561000000".into()), structure: Some("Cabinet".into()), ..Site::default() };
        let entry = Entry {
            name: "EXEMPLE".into(),
            rpps: Some("99700000013".into()),
            languages: vec!["LSF".into()],
            sites: BTreeMap::from([("R1".to_owned(), site)]),
            origins: Origins {
                most: Some(rpps),
                others: BTreeMap::from([("languages".to_owned(), declared), ("sites/R1/phone".to_owned(), declared)]),
            },
            ..Entry::default()
        };
        let fields = write(&entry);
        assert_eq!(
            fields["sites/R1/phone"],
            serde_json::json!({"v": "+33561000000", "s": "déclaré", "on": "2026-11-02"})
        );
        assert_eq!(fields["rpps"]["s"], "rpps:2026-11-01");
        assert!(!fields.contains_key("finess"), "what is missing has no field");
        assert_eq!(read(&fields), Some(entry));
    }

    #[test]
    fn what_a_newer_build_wrote_does_not_hide_the_card() {
        let mut fields = write(&Entry {
            name: "EXEMPLE".into(),
            origins: Origins { most: Some(origin(Source::Declared)), ..Origins::default() },
            ..Entry::default()
        });
        fields.insert("parking".into(), serde_json::json!({"v": {"places": 3}, "s": "déclaré", "on": "2026-11-02"}));
        assert_eq!(read(&fields).map(|entry| entry.name).as_deref(), Some("EXEMPLE"));
    }
}
