//! The directory of a territory: what the server publishes, what a device keeps (see [`super::file`]), what the search reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cards::Cards;
use super::entry::{Competence, Entry, Group, Visibility};
use super::lists::{Item, Lists};
use crate::time::Day;

/// Version of the shape of the file. A device that receives a greater one keeps the file it has, and says so; one that
/// kept a smaller one asks for it again. 1 was JSON throughout.
pub const FILE_VERSION: u32 = 2;

/// Replaced whole when it changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Directory {
    pub version: u32,
    /// « CPTS de la vallée de l’Ariège »
    pub territory: String,
    /// The day of the newest import or correction in it.
    pub updated_on: Option<Day>,
    pub communes: Vec<Commune>,
    pub lists: Lists,
    #[serde(skip)]
    pub cards: Cards,
}

/// A commune of the territory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Commune {
    /// INSEE code, 5 characters.
    pub insee: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postal_codes: Vec<String>,
    /// INSEE codes of the communes that were merged into it: official files still carry them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// Joins later: until that day its people are imported and shown as « bientôt ».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins_on: Option<Day>,
    /// Latitude and longitude, degrees, where the territory gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(f64, f64)>,
}

/// What is left of a card for these eyes, with the origins of that alone.
#[must_use]
pub fn seen_by(entry: &Entry, eyes: Visibility, lists: &Lists) -> Entry {
    let mut seen = entry.clone();
    let shows = |group: Group| {
        let shown_to = entry.visibility.get(&group).copied().unwrap_or_else(|| group.default_visibility());
        shown_to <= eyes
    };
    for site in seen.sites.values_mut() {
        if !shows(Group::Contact) {
            (site.phone, site.fax, site.email, site.booking) = (None, None, None, None);
        }
        if !shows(Group::Colleagues) {
            site.colleague_phone = None;
        }
        if !shows(Group::Hours) {
            site.hours = None;
        }
    }
    if !shows(Group::Mssante) {
        seen.mssante.clear();
    }
    if shows(Group::Competences) {
        seen.competences.retain(|one| competence_visibility(one, lists) <= eyes);
    } else {
        seen.competences.clear();
    }
    if !shows(Group::Equipment) {
        seen.equipment.clear();
    }
    if !shows(Group::Visits) {
        seen.visits = None;
    }
    if !shows(Group::Availability) {
        seen.availability = None;
    }
    if !shows(Group::Languages) {
        seen.languages.clear();
    }
    if !shows(Group::Engagements) {
        seen.engagements.clear();
    }
    if eyes < Visibility::Members {
        // How the file hides is nobody's business outside.
        seen.visibility = BTreeMap::new();
    }
    // Gathered again: an origin that speaks of what is hidden would tell that it exists, and how old it is.
    super::entry::read(&super::entry::write(&seen)).unwrap_or_default()
}

fn competence_visibility(competence: &Competence, lists: &Lists) -> Visibility {
    let listed = |item: &Item| item.visibility.unwrap_or(Visibility::Public);
    // What no list knows is not shown further than the members.
    competence.visibility.unwrap_or_else(|| lists.competence(&competence.code).map_or(Visibility::Members, listed))
}
