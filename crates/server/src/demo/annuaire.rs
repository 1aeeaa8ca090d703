//! The directory of the demonstration: an invented official file that is imported, then what its people declared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use domain::annuaire::directory::Commune;
use domain::annuaire::entry::{self, Entry};
use domain::annuaire::fact::{Origin, Source};
use domain::annuaire::import::{Extra, Register, Scope, Write, WriteKind};
use domain::annuaire::official::{Area, FileKind, Intake};
use domain::annuaire::synthetic::Synthetic;
use domain::id::{AccountId, RecordId, TerritoryId};
use domain::record::{Fields, Value};
use domain::{Day, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::DemoError;
use crate::annuaire::communes::by_code;
use crate::annuaire::import::{Import, Incoming};
use crate::store::Store;

const CARDS: &str = include_str!("../../demo/annuaire.json");

/// INSEE code, latitude, longitude: two départements.
const COMMUNES: [(&str, f64, f64); 10] = [
    ("31033", 43.3517, 1.4758),
    ("31345", 43.3700, 1.4190),
    ("31233", 43.4030, 1.4490),
    ("31145", 43.3120, 1.5330),
    ("31263", 43.4120, 1.3900),
    ("31572", 43.4340, 1.4430),
    ("31574", 43.4270, 1.4280),
    ("31206", 43.2530, 1.4680),
    ("31128", 43.2900, 1.4560),
    ("09282", 43.2360, 1.5740),
];
/// Joins the territory next year.
const JOINS: (&str, f64, f64) = ("09185", 43.2510, 1.6760);

/// Rows of the invented file; of this seed, none of the oddities that would surprise a visitor.
const ROWS: u64 = 140;
const SEED: u64 = 100;

/// A card written by hand.
#[derive(Deserialize)]
struct Written {
    /// Who says it: `déclaré` or `coordination`.
    by: String,
    days_ago: u64,
    /// Until when what is said of availability holds, from today.
    available_for_days: Option<i64>,
    /// What the official file says.
    official: Option<Entry>,
    /// What was said of it, by name of fact.
    said: Fields,
}

/// Fills the directory. The import is run by `coordinator`.
pub async fn load(
    store: &Store,
    territory: TerritoryId,
    coordinator: AccountId,
    now: Timestamp,
) -> Result<(), DemoError> {
    let today = now.local(0).date();
    let communes = communes(today)?;
    store.put_communes(territory, &communes, now).await?;
    let on = Day(today.with_day(1).unwrap_or(today));
    let written: Vec<Written> = serde_json::from_str(CARDS)?;
    let mut entries = invented(&communes, on)?;
    for one in written.iter().filter_map(|one| one.official.clone()) {
        let origin = Origin { source: Source::Rpps(on), confirmed_on: on };
        entries.push(Entry {
            origins: domain::annuaire::fact::Origins { most: Some(origin), ..Default::default() },
            ..one
        });
    }
    let import = Import {
        register: Register::Rpps,
        on,
        file: format!("PS_LibreAcces_Personne_activite_{}0822.txt", on.0.format("%Y%m%d")),
        scope: Scope::Whole,
        extras: BTreeSet::<Extra>::new(),
        professions: None,
        answers: BTreeMap::new(),
        otherwise: Default::default(),
        cards: Incoming::Sent(entries),
        many_gone: false,
        by: Some(coordinator),
    };
    import.apply(store, territory, now).await.map_err(|error| DemoError::Unknown(error.to_string()))?;
    let known = store.cards(territory).await?.known;
    let mut writes = Vec::new();
    for one in &written {
        let rpps = one.official.as_ref().and_then(|entry| entry.rpps.as_deref());
        let card = known
            .iter()
            .find(|card| rpps.is_some() && card.fields.get("rpps").and_then(|field| field["v"].as_str()) == rpps);
        writes.push(Write {
            card: card.map_or_else(|| RecordId(Uuid::new_v4()), |card| card.id),
            what: if card.is_some() { WriteKind::Set } else { WriteKind::Create },
            fields: said(one, today)?,
        });
    }
    Ok(store.write_cards(territory, &writes, now).await?)
}

fn communes(today: NaiveDate) -> Result<Vec<Commune>, DemoError> {
    let one = |(insee, latitude, longitude): (&str, f64, f64)| {
        let found = by_code(insee).ok_or_else(|| DemoError::Unknown(insee.to_owned()))?;
        Ok(Commune { at: Some((latitude, longitude)), ..found.commune() })
    };
    let mut communes = COMMUNES.into_iter().map(one).collect::<Result<Vec<_>, DemoError>>()?;
    let joins_on = NaiveDate::from_ymd_opt(today.year() + 1, 1, 1).map(Day);
    communes.push(Commune { joins_on, ..one(JOINS)? });
    Ok(communes)
}

/// The people of an invented official file, read as a real one is.
fn invented(communes: &[Commune], on: Day) -> Result<Vec<Entry>, DemoError> {
    let made = Synthetic { seed: SEED, communes, share: 1000, columns: 56, faults: false };
    let mut text = made.rpps_header();
    for n in 0..ROWS {
        text = text + "\n" + &made.rpps_row(n);
    }
    let mut intake = Intake::new(Area::of(communes));
    intake.begin(Some(FileKind::Activities));
    let read = intake.push(text.as_bytes()).and_then(|()| intake.end());
    read.map_err(|error| DemoError::Unknown(error.to_string()))?;
    let mut entries = intake.entries(on);
    for (rank, entry) in entries.iter_mut().enumerate() {
        for site in entry.sites.values_mut() {
            // The numbers kept for fiction: nobody answers them.
            site.phone = site.phone.as_ref().map(|_| format!("+3353649{:04}", 2000 + rank));
        }
    }
    Ok(entries)
}

/// What was said of a card, with who said it and when.
fn said(one: &Written, today: NaiveDate) -> Result<Fields, DemoError> {
    let unknown = || DemoError::Unknown(one.by.clone());
    let source = one.by.parse().map_err(|_| unknown())?;
    let confirmed_on = Day(today.checked_sub_days(Days::new(one.days_ago)).ok_or_else(unknown)?);
    let mut said = one.said.clone();
    if let Some(days) = one.available_for_days {
        let until = Day(today + chrono::TimeDelta::days(days));
        if let Some(Value::Object(availability)) = said.get_mut("availability") {
            availability.insert("valid_until".into(), until.to_string().into());
        }
    }
    if let Some(Value::Array(engagements)) = said.get_mut("engagements") {
        let dated = engagements.iter_mut().filter_map(|one| one.get_mut("year"));
        dated.for_each(|year| *year = today.year().into());
    }
    let fact = |(name, value)| (name, entry::fact(value, Origin { source, confirmed_on }));
    Ok(said.into_iter().map(fact).collect())
}
