//! Competences, equipment, engagements, languages, accesses, kinds: data of the territory, with defaults.

use serde::{Deserialize, Serialize};

use super::entry::Visibility;

/// The lists of a territory, in the order they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lists {
    /// Grows with each change of the lists.
    pub version: u32,
    pub competences: Vec<Item>,
    pub equipment: Vec<Item>,
    pub engagements: Vec<Item>,
    /// Professions: those of TRE_G15, and those the register does not know (aide à domicile, assistante sociale).
    pub professions: Vec<Item>,
    /// Kinds of structures and of services.
    pub structures: Vec<Item>,
    pub languages: Vec<Item>,
    pub accessibility: Vec<Item>,
    /// From an abnormal function of a programme to whom it may concern: `hearing` → audioprothésiste, ORL.
    pub links: Vec<Link>,
}

/// One line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Stable.
    pub code: String,
    /// « Masseur-kinésithérapeute »
    pub label: String,
    /// « Masseuse-kinésithérapeute », where the word changes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub feminine: String,
    /// What people type: `kiné`, `idel`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub theme: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
}

/// What to look for in the directory when something is found elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// What was found: `icope/hearing`, `tabac`.
    pub from: String,
    /// The address's query of the list to open: `p=26` (see `search::Query`).
    pub query: String,
    /// « Qui peut l’aider pour l’audition »
    pub label: String,
}

/// What a territory begins with, one item a line. Read by the server alone: devices get the lists of their territory in
/// the file of the directory.
const DEFAULTS: &str = include_str!("lists.json");

impl Lists {
    /// What these eyes may know of the lists: what is restricted is not even named to the others.
    #[must_use]
    pub fn seen_by(&self, eyes: Visibility) -> Self {
        let mut seen = self.clone();
        for list in [
            &mut seen.competences,
            &mut seen.equipment,
            &mut seen.engagements,
            &mut seen.professions,
            &mut seen.structures,
            &mut seen.languages,
            &mut seen.accessibility,
        ] {
            list.retain(|item| item.visibility.unwrap_or(Visibility::Public) <= eyes);
            if eyes < Visibility::Members {
                list.iter_mut().for_each(|item| item.visibility = None);
            }
        }
        seen
    }

    /// The starting lists. Professions of the register take their names from [`super::codes`]; kinds of structures that
    /// FINESS knows have its category as their code (JDV_J55 of 2026-05-05).
    #[must_use]
    pub fn defaults() -> Self {
        // The tests read the file: it cannot fail to be read here.
        let mut lists: Self = serde_json::from_str(DEFAULTS).unwrap_or_default();
        for item in lists.professions.iter_mut().filter(|item| item.label.is_empty()) {
            if let Some(known) = super::codes::PROFESSIONS.iter().find(|known| known.code == item.code) {
                item.label = known.label.to_owned();
                item.feminine = known.feminine.to_owned();
            }
        }
        lists
    }

    #[must_use]
    pub fn competence(&self, code: &str) -> Option<&Item> {
        self.competences.iter().find(|item| item.code == code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::codes;
    use super::super::search::Query;
    use super::*;
    use crate::french::ill_set;

    fn lists(all: &Lists) -> [&Vec<Item>; 7] {
        let Lists { competences, equipment, engagements, professions, structures, languages, accessibility, .. } = all;
        [competences, equipment, engagements, professions, structures, languages, accessibility]
    }

    #[test]
    fn the_defaults_are_whole_and_well_set() {
        assert!(serde_json::from_str::<Lists>(DEFAULTS).is_ok(), "the file is read");
        let all = Lists::defaults();
        for list in lists(&all) {
            assert!(list.len() > 3, "no list is empty");
            let codes: BTreeSet<&str> = list.iter().map(|item| item.code.as_str()).collect();
            assert_eq!(codes.len(), list.len(), "a code twice in {codes:?}");
            for item in list {
                assert!(!item.label.is_empty(), "{} has no label", item.code);
                for text in [&item.label, &item.feminine, &item.theme].into_iter().chain(&item.synonyms) {
                    assert_eq!(ill_set(text), None);
                }
                let plain = item.code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                assert!(plain, "{} goes in addresses", item.code);
            }
        }
        for known in codes::PROFESSIONS {
            assert!(
                all.professions.iter().any(|item| item.code == known.code && item.label == known.label),
                "{known:?}"
            );
        }
    }

    #[test]
    fn what_the_territory_begins_with_is_listed() {
        let all = Lists::defaults();
        let words =
            |list: &[Item]| list.iter().map(|item| crate::french::fold(&item.label)).collect::<Vec<_>>().join("|");
        let competences = words(&all.competences);
        for label in [
            "tabacologie",
            "addictologie",
            "éducation thérapeutique",
            "icope step 1",
            "icope step 2",
            "gériatrie",
            "bilan partagé de médication",
            "ivg médicamenteuse",
            "contraception",
            "plaies et cicatrisation",
            "pied diabétique",
            "soins palliatifs",
            "douleur",
            "petite traumatologie",
            "dermatoscopie",
            "échographie",
            "spirométrie",
            "réhabilitation respiratoire",
            "kinésithérapie respiratoire",
            "kinésithérapie vestibulaire",
            "kinésithérapie périnéale",
            "kinésithérapie pédiatrique",
            "déglutition",
            "neuro-développement",
            "violences",
            "santé mentale",
            "nutrition",
            "obésité de l’enfant",
            "activité physique adaptée",
            "sommeil",
            "vaccination",
            "trod",
            "prélèvements",
            "télésoin",
            "télé-expertise",
            "maître de stage universitaire",
            "régulation",
            "correspondant du samu",
        ] {
            assert!(competences.contains(&crate::french::fold(label)), "{label}");
        }
        assert_eq!(all.competence("medical-abortion").map(|item| item.visibility), Some(Some(Visibility::Members)));
        let elsewhere_public = all.competences.iter().filter(|item| item.visibility.is_some()).count();
        assert_eq!(elsewhere_public, 1, "what is restricted is restricted on purpose");
        let engagements: Vec<&str> = all.engagements.iter().map(|item| item.code.as_str()).collect();
        assert_eq!(engagements, ["tobacco", "icope", "salutance", "msu"]);
        for synonym in ["kiné", "idel", "mg", "dentiste", "ortho", "psy", "tabaco", "labo", "spiro"] {
            let typed = |item: &Item| item.synonyms.iter().any(|one| one == synonym);
            assert!(lists(&all).into_iter().flatten().any(typed), "{synonym}");
        }
    }

    #[test]
    fn a_link_asks_for_what_the_lists_know() {
        let all = Lists::defaults();
        let known: BTreeSet<&str> = lists(&all).into_iter().flatten().map(|item| item.code.as_str()).collect();
        for function in ["cognition", "mobility", "nutrition", "vision", "hearing", "mood"] {
            assert!(all.links.iter().any(|link| link.from == format!("icope/{function}")), "{function}");
        }
        for from in ["tabac/breath", "tabac/pregnant", "tabac/heart_lung", "tabac/depression"] {
            assert!(all.links.iter().any(|link| link.from == from), "{from}");
        }
        for link in &all.links {
            assert_eq!(ill_set(&link.label), None);
            let asked = link.query.split(['=', ',']).skip(1);
            assert!(asked.clone().all(|code| known.contains(code)), "{}", link.query);
            let query = Query::read(&link.query);
            assert_eq!(query.filters.chips().len(), asked.count(), "{}", link.query);
            assert_eq!(query, Query::read(&query.write()), "{}", link.query);
        }
    }
}
