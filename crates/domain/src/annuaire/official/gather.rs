//! From rows to cards: one card per professional, one site per structure.

use std::collections::BTreeMap;

use super::address;
use super::joined::Said;
use super::rpps::{Activity, Column};
use crate::annuaire::entry::{Address, Coded, Entry, Kind, Site};
use crate::annuaire::fact::{Origin, Origins, Source};
use crate::identifiers::{Adeli, Finess, Phone, Rpps, Siret};
use crate::time::Day;

/// What the files joined on « Identifiant PP » say, by that identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    pub savoir_faire: BTreeMap<String, Vec<Coded>>,
    pub diplomas: BTreeMap<String, Vec<Coded>>,
    pub mssante: BTreeMap<String, Vec<String>>,
}

impl Extras {
    pub fn savoir_faire(&mut self, said: Said<Coded>) {
        self.savoir_faire.entry(said.person).or_default().push(said.what);
    }

    pub fn diploma(&mut self, said: Said<Coded>) {
        self.diplomas.entry(said.person).or_default().push(said.what);
    }

    pub fn mssante(&mut self, said: Said<String>) {
        self.mssante.entry(said.person).or_default().push(said.what);
    }
}

/// One card per « Identification nationale PP », in the order of these numbers; every fact comes from `rpps:<on>`. Each is
/// made when it is asked for: a card weighs many times its rows.
///
/// Lists are sorted, so that the order of the rows of a file never looks like a change.
pub fn gather<'a>(activities: &'a [Activity], extras: &'a Extras, on: Day) -> impl Iterator<Item = Entry> + use<'a> {
    let mut people: BTreeMap<(&str, &str), Vec<&Activity>> = BTreeMap::new();
    for activity in activities {
        let who = (activity.get(Column::IdType), activity.get(Column::Id));
        people.entry(who).or_default().push(activity);
    }
    people.into_values().map(move |activities| person(&activities, extras, on))
}

fn person(activities: &[&Activity], extras: &Extras, on: Day) -> Entry {
    let first = |column: Column| activities.iter().map(|one| one.get(column)).find(|text| !text.is_empty());
    let kept = |column: Column| first(column).map(str::to_owned);
    let coded = |code: Column, label: Column| activities.iter().find_map(|one| code_of(one, code, label));
    let id = first(Column::Id).unwrap_or_default();
    let mut savoir_faire: Vec<Coded> = activities
        .iter()
        .filter_map(|one| code_of(one, Column::SavoirFaireCode, Column::SavoirFaire))
        .chain(extras.savoir_faire.get(id).cloned().unwrap_or_default())
        .collect();
    once(&mut savoir_faire);
    let mut diplomas = extras.diplomas.get(id).cloned().unwrap_or_default();
    once(&mut diplomas);
    let mut mssante = extras.mssante.get(id).cloned().unwrap_or_default();
    // Some write their secure mailbox where the register asks for the one of the practice.
    let emails = activities.iter().map(|one| one.get(Column::Email)).filter(|email| is_mssante(email));
    mssante.extend(emails.map(str::to_owned));
    mssante.sort_unstable();
    mssante.dedup();
    let mut sites = BTreeMap::new();
    for activity in activities {
        let place = address_of(activity);
        merge(sites.entry(key(activity, &place)).or_default(), activity, place);
    }
    Entry {
        kind: Kind::Person,
        name: kept(Column::Name).unwrap_or_default(),
        given_name: kept(Column::GivenName),
        title: kept(Column::PracticeTitleCode).or_else(|| kept(Column::TitleCode)),
        rpps: id.parse::<Rpps>().ok().map(|rpps| rpps.as_str().to_owned()),
        adeli: id.parse::<Adeli>().ok().map(|adeli| adeli.as_str().to_owned()),
        profession: coded(Column::ProfessionCode, Column::Profession),
        category: coded(Column::CategoryCode, Column::Category),
        savoir_faire,
        diplomas,
        mssante,
        sites,
        origins: Origins { most: Some(Origin { source: Source::Rpps(on), confirmed_on: on }), ..Origins::default() },
        ..Entry::default()
    }
}

/// Rows of one structure differ by savoir-faire: the first that says something of a fact is kept.
fn merge(site: &mut Site, activity: &Activity, place: Address) {
    let text = |column: Column| Some(activity.get(column).to_owned()).filter(|text| !text.is_empty());
    let phone = |column: Column| activity.get(column).parse::<Phone>().ok().map(|phone| phone.as_str().to_owned());
    fill(&mut site.structure, || text(Column::Sign).or_else(|| text(Column::Company)));
    fill(&mut site.finess, || {
        activity.get(Column::Finess).parse::<Finess>().ok().map(|finess| finess.as_str().to_owned())
    });
    fill(&mut site.siret, || activity.get(Column::Siret).parse::<Siret>().ok().map(|siret| siret.as_str().to_owned()));
    fill(&mut site.mode, || code_of(activity, Column::ModeCode, Column::Mode));
    fill(&mut site.function, || code_of(activity, Column::RoleCode, Column::Role));
    fill(&mut site.sector, || code_of(activity, Column::SectorCode, Column::Sector));
    fill(&mut site.phone, || phone(Column::Phone).or_else(|| phone(Column::Phone2)));
    fill(&mut site.fax, || phone(Column::Fax));
    fill(&mut site.email, || text(Column::Email).filter(|email| email.contains('@') && !is_mssante(email)));
    fill(&mut site.address, || Some(place));
}

/// A mailbox of MSSanté, which is for health professionals alone.
fn is_mssante(email: &str) -> bool {
    email.contains('@') && email.to_ascii_lowercase().ends_with(".mssante.fr")
}

fn fill<T>(fact: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if fact.is_none() {
        *fact = value();
    }
}

fn code_of(activity: &Activity, code: Column, label: Column) -> Option<Coded> {
    let code = activity.get(code);
    (!code.is_empty()).then(|| Coded { code: code.to_owned(), label: activity.get(label).to_owned() })
}

/// Sorted by code, each code once.
fn once(list: &mut Vec<Coded>) {
    list.sort_unstable();
    list.dedup_by(|one, before| one.code == before.code);
}

fn address_of(activity: &Activity) -> Address {
    let street = address::street(
        activity.get(Column::StreetNumber),
        activity.get(Column::StreetNumberSuffix),
        activity.get(Column::StreetType),
        activity.get(Column::Street),
    );
    let parts = [activity.get(Column::Recipient), activity.get(Column::Place), &street, activity.get(Column::Delivery)];
    let town = match activity.get(Column::Commune) {
        "" => address::town_of(activity.get(Column::Cedex)),
        commune => commune,
    };
    Address {
        lines: address::lines(&parts),
        postal_code: activity.postal_code().to_owned(),
        commune: activity.commune.clone(),
        town: town.to_owned(),
        at: None,
    }
}

/// What makes two rows the same place: the technical identifier of the structure, else its SIRET, else its FINESS, else
/// the address itself. Only letters and digits: the key is part of a field's name.
fn key(activity: &Activity, place: &Address) -> String {
    let plain = |column: Column| activity.get(column).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    for (letter, column) in [("", Column::StructureId), ("S", Column::Siret), ("F", Column::Finess)] {
        let id = plain(column);
        if !id.is_empty() {
            return format!("{letter}{id}");
        }
    }
    let mut whole = place.lines.join("\n");
    for part in [&place.postal_code, &place.town] {
        whole.push('\n');
        whole.push_str(part);
    }
    format!("A{:016x}", stable_hash(&crate::french::fold(&whole)))
}

/// FNV-1a on 64 bits: the same on every machine and in every version.
fn stable_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Identifiers of the people of these rows, on which the other files are joined.
pub(super) fn identifiers(activities: &[Activity]) -> std::collections::BTreeSet<String> {
    activities.iter().map(|activity| activity.get(Column::Id).to_owned()).collect()
}
