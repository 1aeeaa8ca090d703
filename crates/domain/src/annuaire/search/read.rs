//! Reading cards: the words by which each is found, the groups it belongs to, where its sites are.

use super::bits::Bits;
use super::filters::{Chip, Facet, engagement_code};
use super::fold::{SOFT, fold_into};
use super::tokens::{Joins, Scratch, is_stop, words};
use super::words::{Texts, Words};
use crate::annuaire::directory::{Commune, Directory};
use crate::annuaire::entry::{Card, Coded, Entry, Hours, Kind, Site, VisitsAnswer};
use crate::annuaire::lists::Item;
use crate::time::Day;

/// A posting is a card, or, with this bit, a group of cards.
pub(super) const GROUP: u32 = 1 << 31;
const WEIGHT: u32 = 29;
/// The card or the group of a posting.
pub(super) const WHOM: u32 = (1 << WEIGHT) - 1;

/// Where a word comes from; the first comes first in the list.
#[derive(Clone, Copy)]
enum Weight {
    Name,
    Other,
    /// The communes visited, after those where somebody works.
    Visited,
}

/// How far down the list the word of this posting puts a card: 0 to 2.
pub(super) const fn weight(posting: u32) -> u8 {
    (posting >> WEIGHT & 3) as u8
}

/// The cards that one chip keeps.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) chip: Chip,
    pub(super) label: String,
    /// For what depends on the hour, those of whom the question may be asked.
    pub(super) bits: Bits,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) groups: Vec<Group>,
    /// Of each group, its cards by rank in the directory.
    pub(super) members: Vec<Vec<u32>>,
    keys: Words,
    pub(super) words: Words,
    /// A word, and what it leads to; cards by rank in the directory.
    pub(super) posted: Vec<(u32, u32)>,
    /// Folded names and given names, for the alphabetical order.
    pub(super) names: Texts,
    /// Where the points of each card end.
    pub(super) point_ends: Vec<u32>,
    pub(super) points: Vec<(f32, f32)>,
    /// By rank in the directory, the hours of those who told some.
    pub(super) hours: Vec<(u32, Vec<Hours>)>,
    /// By rank in the directory, until when new patients are taken.
    pub(super) welcoming: Vec<(u32, Option<Day>)>,
    scratch: Scratch,
    key: String,
}

/// « Médecine générale » has three codes in the register, which mean the same to who looks for a doctor.
fn savoir_faire(code: &str) -> &str {
    match code {
        "SM26" | "SM53" => "SM54",
        _ => code,
    }
}

impl Draft {
    /// Begins with the groups the directory lists, in its order, whether somebody is in them or not.
    pub(super) fn new(directory: &Directory) -> Self {
        let mut draft = Self::default();
        let lists = &directory.lists;
        for code in ["person", "structure", "service"] {
            draft.group(Facet::Kind, code, "", &[]);
        }
        for (facet, items) in [
            (Facet::Profession, &lists.professions),
            (Facet::Competence, &lists.competences),
            (Facet::Equipment, &lists.equipment),
            (Facet::Language, &lists.languages),
            (Facet::Access, &lists.accessibility),
            (Facet::Engagement, &lists.engagements),
            (Facet::Structure, &lists.structures),
        ] {
            items.iter().for_each(|item| draft.listed(facet, item));
        }
        for commune in &directory.communes {
            draft.commune(Facet::Commune, commune);
            draft.commune(Facet::Visits, commune);
        }
        draft.group(Facet::Visits, "", "", &["domicile visite visites"]);
        draft.group(
            Facet::NewPatients,
            "",
            "",
            &["nouveau nouveaux nouvelle nouvelles patient patients patiente patientes"],
        );
        draft.group(Facet::Open, "", "", &[]);
        draft
    }

    fn listed(&mut self, facet: Facet, item: &Item) {
        let mut texts = vec![item.label.as_str(), &item.feminine];
        texts.extend(item.synonyms.iter().map(String::as_str));
        self.group(facet, &item.code, &item.label, &texts);
    }

    fn commune(&mut self, facet: Facet, commune: &Commune) {
        let mut texts = vec![commune.name.as_str()];
        if facet == Facet::Commune {
            texts.extend(commune.postal_codes.iter().map(String::as_str));
        }
        self.group(facet, &commune.insee, &commune.name, &texts);
    }

    /// The group of a chip; the first time, with the texts that lead to it.
    fn group(&mut self, facet: Facet, code: &str, label: &str, texts: &[&str]) -> u32 {
        self.key.clear();
        self.key.push_str(facet.key());
        self.key.push_str(code);
        let (group, new) = self.keys.intern(&self.key);
        if new {
            self.groups.push(Group { chip: Chip::new(facet, code), label: label.to_owned(), bits: Bits::default() });
            self.members.push(Vec::new());
            let weight = if facet == Facet::Visits && !code.is_empty() { Weight::Visited } else { Weight::Other };
            texts.iter().for_each(|text| self.post(text, Joins::Soft, weight, GROUP | group));
        }
        group
    }

    /// Makes the words of a text lead to a card or a group.
    fn post(&mut self, text: &str, joins: Joins, weight: Weight, whom: u32) {
        let (posted, known) = (&mut self.posted, &mut self.words);
        let posting = whom | (weight as u32) << WEIGHT;
        words(text, joins, &mut self.scratch, &mut |word| {
            // « Maison de la santé » is not found by « de »; somebody named « de », and a doctor by « docteur », are.
            if matches!(weight, Weight::Name) || whom & GROUP > 0 || !is_stop(word) {
                posted.push((known.intern(word).0, posting));
            }
        });
    }

    fn join(&mut self, card: u32, facet: Facet, code: &str, label: &str) {
        let label = if label.is_empty() { code } else { label };
        let group = self.group(facet, code, label, &[label]);
        self.members[group as usize].push(card);
    }

    fn join_coded(&mut self, card: u32, facet: Facet, coded: &Coded) {
        self.join(card, facet, savoir_faire(&coded.code), &coded.label);
    }

    /// Reads the card of this rank.
    pub(super) fn read(&mut self, rank: u32, card: &Card, directory: &Directory) {
        let entry = &card.entry;
        let given = entry.given_name.as_deref().unwrap_or_default();
        self.key.clear();
        fold_into(&entry.name, &mut self.key);
        // Before any letter: « Petit Zoé » comes before « Petitjean Anne ».
        self.key.push('\u{1}');
        fold_into(given, &mut self.key);
        self.names.push(&self.key.replace(SOFT, " "));
        self.post(&entry.name, Joins::All, Weight::Name, rank);
        self.post(given, Joins::All, Weight::Name, rank);
        let (kind, facet) = match entry.kind {
            Kind::Person => ("person", Facet::Profession),
            Kind::Structure => ("structure", Facet::Structure),
            Kind::Service => ("service", Facet::Structure),
        };
        self.join(rank, Facet::Kind, kind, "");
        entry.profession.iter().for_each(|coded| self.join_coded(rank, facet, coded));
        entry.savoir_faire.iter().for_each(|coded| self.join_coded(rank, Facet::Profession, coded));
        self.read_care(rank, entry, directory);
        for site in entry.sites.values() {
            self.read_site(rank, site, directory);
        }
        let hours: Vec<Hours> = entry.sites.values().filter_map(|site| site.hours.clone()).collect();
        if !hours.is_empty() {
            self.join(rank, Facet::Open, "", "");
            self.hours.push((rank, hours));
        }
        self.point_ends.push(self.points.len() as u32);
        for text in entry.service.iter().flat_map(|service| [&service.public, &service.when]) {
            self.post(text, Joins::Soft, Weight::Other, rank);
        }
    }

    /// What is done, with what, for whom.
    fn read_care(&mut self, rank: u32, entry: &Entry, directory: &Directory) {
        for competence in &entry.competences {
            self.join(rank, Facet::Competence, &competence.code, "");
            if directory.lists.engagements.iter().any(|item| item.code == competence.code) {
                self.join(rank, Facet::Engagement, &competence.code, "");
            }
        }
        entry.equipment.iter().for_each(|one| self.join(rank, Facet::Equipment, &one.code, ""));
        entry.languages.iter().for_each(|code| self.join(rank, Facet::Language, code, ""));
        entry.convention.iter().for_each(|sector| self.join_sector(rank, sector));
        for engagement in &entry.engagements {
            self.join(rank, Facet::Engagement, &engagement.code, "");
            if let Some(year) = engagement.year {
                let listed = directory.lists.engagements.iter().find(|item| item.code == engagement.code);
                let label = listed.map_or(engagement.code.as_str(), |item| &item.label);
                let code = engagement_code(&engagement.code, Some(year));
                self.join(rank, Facet::Engagement, &code, &format!("{label} {year}"));
            }
        }
        if let Some(said) = entry.availability.as_ref().filter(|said| said.new_patients == Some(true)) {
            self.join(rank, Facet::NewPatients, "", "");
            self.welcoming.push((rank, said.valid_until));
        }
        let Some(visits) = entry.visits.as_ref().filter(|visits| visits.answer != VisitsAnswer::No) else { return };
        self.join(rank, Facet::Visits, "", "");
        visits.communes.iter().for_each(|insee| self.join(rank, Facet::Visits, insee, ""));
        if visits.communes.is_empty() {
            // Somebody who visits without saying where visits at least where the sites are.
            let addresses = entry.sites.values().filter_map(|site| site.address.as_ref());
            for address in addresses {
                address.commune.iter().for_each(|insee| self.join(rank, Facet::Visits, insee, &address.town));
            }
        }
    }

    /// The sector of the agreement with the health insurance is a filter, and no word.
    fn join_sector(&mut self, rank: u32, sector: &str) {
        let group = self.group(Facet::Sector, sector, sector, &[]);
        self.members[group as usize].push(rank);
    }

    fn read_site(&mut self, rank: u32, site: &Site, directory: &Directory) {
        site.structure.iter().for_each(|name| self.post(name, Joins::Soft, Weight::Other, rank));
        site.sector.iter().for_each(|sector| self.join_coded(rank, Facet::Structure, sector));
        site.accessibility.iter().for_each(|code| self.join(rank, Facet::Access, code, ""));
        let Some(address) = &site.address else { return };
        match &address.commune {
            Some(insee) => self.join(rank, Facet::Commune, insee, &address.town),
            // « Commune à préciser »: found by what the file says.
            None => self.post(&address.town, Joins::Soft, Weight::Other, rank),
        }
        let insee = address.commune.as_deref();
        let of_commune = || directory.communes.iter().find(|commune| Some(commune.insee.as_str()) == insee)?.at;
        if let Some((lat, lon)) = address.at.or_else(of_commune) {
            self.points.push((lat as f32, lon as f32));
        }
    }
}
