//! Small directories for the tests: fictional people.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::{Context, Found, Index, Query};
use crate::annuaire::directory::{Commune, Directory};
use crate::annuaire::entry::{
    Address, Availability, Card, Coded, Competence, Engagement, Entry, Equipment, EquipmentPlace, Hours, Kind, Site,
    Visits, VisitsAnswer,
};
use crate::annuaire::lists::{Item, Lists};
use crate::id::RecordId;
use crate::time::{Day, day_of};

pub(super) const AUTERIVE: &str = "31033";
pub(super) const MIREMONT: &str = "31345";
pub(super) const FOIX: &str = "09122";
pub(super) const COMMUNES: [&str; 3] = [AUTERIVE, MIREMONT, FOIX];

/// One card in the making.
#[derive(Clone, Debug)]
pub(super) struct Made(pub(super) Entry);

pub(super) fn person(name: &str, given: &str) -> Made {
    Made(Entry { name: name.into(), given_name: Some(given.into()), ..Entry::default() })
}

pub(super) fn structure(name: &str, kind: &str) -> Made {
    Made(Entry { kind: Kind::Structure, name: name.into(), profession: Some(coded(kind)), ..Entry::default() })
}

fn coded(code: &str) -> Coded {
    Coded { code: code.into(), label: String::new() }
}

impl Made {
    pub(super) fn profession(mut self, code: &str) -> Self {
        self.0.profession = Some(coded(code));
        self
    }

    pub(super) fn savoir_faire(mut self, code: &str) -> Self {
        self.0.savoir_faire.push(coded(code));
        self
    }

    /// One site more there.
    pub(super) fn at(mut self, insee: &str) -> Self {
        let address = Address { commune: Some(insee.into()), ..Address::default() };
        let site = Site { address: Some(address), ..Site::default() };
        self.0.sites.insert(format!("R{}", self.0.sites.len()), site);
        self
    }

    /// The last site.
    pub(super) fn site(mut self, change: impl FnOnce(&mut Site)) -> Self {
        if let Some(site) = self.0.sites.values_mut().last() {
            change(site);
        }
        self
    }

    pub(super) fn point(self, lat: f64, lon: f64) -> Self {
        self.site(|site| site.address.get_or_insert_default().at = Some((lat, lon)))
    }

    /// Monday to Friday, 9 to 12.
    pub(super) fn mornings(self) -> Self {
        let week = std::array::from_fn(|day| if day < 5 { vec![(540, 720)] } else { Vec::new() });
        self.site(|site| site.hours = Some(Hours { week, ..Hours::default() }))
    }

    pub(super) fn competence(mut self, code: &str) -> Self {
        self.0.competences.push(Competence { code: code.into(), level: None, since: None, visibility: None });
        self
    }

    pub(super) fn equipment(mut self, code: &str) -> Self {
        self.0.equipment.push(Equipment { code: code.into(), place: EquipmentPlace::OnSite });
        self
    }

    pub(super) fn visits(mut self, answer: VisitsAnswer, communes: &[&str]) -> Self {
        let communes = communes.iter().map(|insee| (*insee).to_owned()).collect();
        self.0.visits = Some(Visits { answer, conditions: String::new(), communes, days: Vec::new() });
        self
    }

    pub(super) fn new_patients(mut self, taken: bool, until: &str) -> Self {
        let valid_until = day_of(until).map(Day);
        self.0.availability = Some(Availability { new_patients: Some(taken), valid_until, ..Availability::default() });
        self
    }

    pub(super) fn engaged(mut self, code: &str, year: Option<i32>) -> Self {
        self.0.engagements.push(Engagement { code: code.into(), year });
        self
    }
}

/// The cards in this order, each with the identity of its rank.
pub(super) fn directory(cards: Vec<Made>) -> Directory {
    let commune =
        |insee: &str, name: &str, at| Commune { insee: insee.into(), name: name.into(), at, ..Commune::default() };
    let item = |code: &str, label: &str, synonym: &str| Item {
        code: code.into(),
        label: label.into(),
        synonyms: vec![synonym.into()],
        ..Item::default()
    };
    let card = |(rank, made): (u128, Made)| Card { id: RecordId(Uuid::from_u128(rank)), entry: made.0 };
    Directory {
        communes: vec![
            commune(AUTERIVE, "Auterive", Some((43.35, 1.47))),
            commune(MIREMONT, "Miremont", Some((43.37, 1.42))),
            commune(FOIX, "Foix", None),
        ],
        lists: Lists {
            professions: vec![
                item("10", "Médecin", "docteur"),
                item("60", "Infirmier", "idel"),
                item("70", "Masseur-kinésithérapeute", "kiné"),
            ],
            competences: vec![item("tabacologie", "Tabacologie", "tabac"), item("msu", "MSU", "maître de stage")],
            equipment: vec![item("spirometre", "Spiromètre", "spiro")],
            engagements: vec![
                item("tobacco", "Moi(s) sans tabac", "mois"),
                item("icope", "ICOPE", ""),
                item("msu", "MSU", ""),
            ],
            languages: vec![item("LSF", "Langue des signes", "")],
            accessibility: vec![item("pmr", "Accessible en fauteuil", "")],
            structures: vec![item("pharmacie", "Pharmacie", "")],
            ..Lists::default()
        },
        cards: (1..).zip(cards).map(card).collect(),
        ..Directory::default()
    }
}

/// Tuesday.
pub(super) fn at(time: &str) -> NaiveDateTime {
    format!("2026-11-24T{time}:00").parse().expect("a time")
}

pub(super) fn context() -> Context {
    Context { now: at("10:00"), at: None, day_seed: 20261124 }
}

pub(super) fn find(directory: &Directory, address: &str) -> Found {
    Index::new(directory).find(directory, &Query::read(address), &context())
}

/// The names of what an address finds, in order.
pub(super) fn names(directory: &Directory, address: &str) -> Vec<String> {
    named(directory, &find(directory, address))
}

pub(super) fn named(directory: &Directory, found: &Found) -> Vec<String> {
    found.cards.iter().filter_map(|rank| Some(directory.cards.get(*rank)?.entry.name)).collect()
}

/// How many there would be with each chip, by its way of writing in the address.
pub(super) fn counts(found: &Found) -> BTreeMap<String, usize> {
    let count = |(chip, count): &(super::Chip, usize)| (format!("{}={}", chip.facet.key(), chip.code), *count);
    found.counts.iter().map(count).collect()
}
