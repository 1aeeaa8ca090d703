//! What narrows the list: one chip is one thing asked of a card.

/// What a chip looks at. The order is that of the address and of [`super::Found::counts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// `person`, `structure`, `service`.
    Kind,
    /// Code of a profession of a person, or of a savoir-faire. Several: any of them.
    Profession,
    /// Any code of a profession, a savoir-faire, a kind of structure, a competence, an equipment or an engagement.
    /// Several: any of them. What the links of [`crate::annuaire::lists::Lists::links`] ask.
    Who,
    /// Several: all of them.
    Competence,
    /// Several: all of them.
    Equipment,
    /// INSEE code: a site is there. Several: any of them.
    Commune,
    /// INSEE code of a commune visited, or nothing for visits anywhere.
    Visits,
    /// While what was said of it still holds. No code.
    NewPatients,
    /// Open at this minute. No code.
    Open,
    /// ISO 639 code, `LSF`, `LPC`, `FALC`.
    Language,
    /// `pmr`…
    Access,
    /// Secteur conventionnel, as the card says it. Several: any of them.
    Sector,
    /// `icope`, `tobacco`, `tobacco.2026`; a competence that the engagements list too (`msu`) counts.
    Engagement,
    /// Kind of a structure or of a service, or the « secteur d’activité » (TRE_R02) of a site. Several: any of them.
    Structure,
}

impl Facet {
    pub const ALL: [Self; 14] = [
        Self::Kind,
        Self::Profession,
        Self::Who,
        Self::Competence,
        Self::Equipment,
        Self::Commune,
        Self::Visits,
        Self::NewPatients,
        Self::Open,
        Self::Language,
        Self::Access,
        Self::Sector,
        Self::Engagement,
        Self::Structure,
    ];

    /// Its name in the address; addresses are kept and shared, so a name is never given another meaning.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Kind => "f",
            Self::Profession => "p",
            Self::Who => "w",
            Self::Competence => "c",
            Self::Equipment => "e",
            Self::Commune => "l",
            Self::Visits => "d",
            Self::NewPatients => "n",
            Self::Open => "o",
            Self::Language => "g",
            Self::Access => "a",
            Self::Sector => "s",
            Self::Engagement => "m",
            Self::Structure => "k",
        }
    }

    /// Two chips of it widen the list, because a card has one of them as a rule; elsewhere two chips ask for both.
    #[must_use]
    pub const fn widens(self) -> bool {
        matches!(self, Self::Kind | Self::Profession | Self::Who | Self::Commune | Self::Sector | Self::Structure)
    }

    /// Whether a chip of it may, or must, do without a code.
    pub(super) const fn without_code(self) -> (bool, bool) {
        let must = matches!(self, Self::NewPatients | Self::Open);
        (must || matches!(self, Self::Visits), must)
    }
}

/// One filter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chip {
    pub facet: Facet,
    /// Empty for « nouveaux patients », « ouvert » and visits anywhere.
    pub code: String,
}

impl Chip {
    #[must_use]
    pub fn new(facet: Facet, code: &str) -> Self {
        Self { facet, code: code.to_owned() }
    }

    /// « Engagé Moi(s) sans tabac 2026 »: `tobacco` and 2026; any year without one.
    #[must_use]
    pub fn engaged(code: &str, year: Option<i32>) -> Self {
        Self { facet: Facet::Engagement, code: engagement_code(code, year) }
    }
}

pub(super) fn engagement_code(code: &str, year: Option<i32>) -> String {
    year.map_or_else(|| code.to_owned(), |year| format!("{code}.{year}"))
}

/// The chips in force, each once, in the order of the facets then of the codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    chips: Vec<Chip>,
}

impl Filters {
    #[must_use]
    pub fn chips(&self) -> &[Chip] {
        &self.chips
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chips.is_empty()
    }

    #[must_use]
    pub fn has(&self, chip: &Chip) -> bool {
        self.chips.binary_search(chip).is_ok()
    }

    /// Sets the chip where it was not, takes it away where it was.
    pub fn toggle(&mut self, chip: Chip) {
        match self.chips.binary_search(&chip) {
            Ok(at) => drop(self.chips.remove(at)),
            Err(at) => self.chips.insert(at, chip),
        }
    }

    pub fn add(&mut self, chip: Chip) {
        if !self.has(&chip) {
            self.toggle(chip);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        AUTERIVE, FOIX, MIREMONT, at, context, counts, directory, find, names, person, structure,
    };
    use super::super::{Context, Index, Query};
    use super::*;
    use crate::annuaire::directory::Directory;
    use crate::annuaire::entry::VisitsAnswer;

    fn territory() -> Directory {
        directory(vec![
            person("ABEL", "Anne")
                .profession("70")
                .at(AUTERIVE)
                .at(FOIX)
                .mornings()
                .visits(VisitsAnswer::Yes, &[MIREMONT]),
            person("BADEL", "Luc")
                .profession("10")
                .savoir_faire("SM53")
                .at(MIREMONT)
                .new_patients(true, "2026-11-24")
                .visits(VisitsAnswer::Conditions, &[]),
            person("CAMUS", "Zoé")
                .profession("60")
                .at(FOIX)
                .new_patients(true, "2026-11-23")
                .visits(VisitsAnswer::No, &[FOIX]),
            person("DENIS", "Éva")
                .profession("70")
                .competence("tabacologie")
                .competence("msu")
                .engaged("tobacco", Some(2026)),
            person("ÉMERY", "Guy")
                .profession("10")
                .equipment("spirometre")
                .competence("tabacologie")
                .engaged("icope", None),
            structure("FLORE", "pharmacie").at(AUTERIVE).site(|site| {
                site.accessibility.push("pmr".into());
                site.sector =
                    Some(crate::annuaire::entry::Coded { code: "SA33".into(), label: "Pharmacie d’officine".into() });
            }),
        ])
    }

    #[test]
    fn each_filter_keeps_those_it_names() {
        let directory = territory();
        for (address, expected) in [
            ("", &["ABEL", "BADEL", "CAMUS", "DENIS", "ÉMERY", "FLORE"][..]),
            ("p=70", &["ABEL", "DENIS"]),
            ("p=70,60", &["ABEL", "CAMUS", "DENIS"]),
            ("p=SM54", &["BADEL"]),
            ("w=60,tabacologie,pharmacie", &["CAMUS", "DENIS", "ÉMERY", "FLORE"]),
            ("c=tabacologie", &["DENIS", "ÉMERY"]),
            ("c=tabacologie,msu", &["DENIS"]),
            ("e=spirometre", &["ÉMERY"]),
            ("l=31033", &["ABEL", "FLORE"]),
            ("l=09122", &["ABEL", "CAMUS"]),
            ("d=1", &["ABEL", "BADEL"]),
            ("d=31345", &["ABEL", "BADEL"]),
            ("d=31033", &[]),
            ("d=09122", &[]),
            ("n=1", &["BADEL"]),
            ("o=1", &["ABEL"]),
            ("a=pmr", &["FLORE"]),
            ("m=tobacco", &["DENIS"]),
            ("m=tobacco.2026", &["DENIS"]),
            ("m=tobacco.2025", &[]),
            ("m=icope", &["ÉMERY"]),
            ("m=msu", &["DENIS"]),
            ("k=pharmacie", &["FLORE"]),
            ("k=SA33", &["FLORE"]),
            ("f=structure", &["FLORE"]),
            ("p=70&l=31033&d=31345&o=1", &["ABEL"]),
            ("q=tabac&p=10", &["ÉMERY"]),
            ("x=1&p=&n=0", &["ABEL", "BADEL", "CAMUS", "DENIS", "ÉMERY", "FLORE"]),
        ] {
            assert_eq!(names(&directory, address), expected, "{address}");
        }
    }

    #[test]
    fn what_depends_on_the_hour_follows_it() {
        let directory = territory();
        let index = Index::new(&directory);
        let found = |address: &str, now| {
            let context = Context { now, ..context() };
            index.find(&directory, &Query::read(address), &context).cards
        };
        assert_eq!(found("o=1", at("11:59")), [0]);
        assert_eq!(found("o=1", at("12:00")), [0; 0]);
        assert_eq!(found("n=1", at("23:59")), [1]);
        let tomorrow = at("23:59") + chrono::TimeDelta::minutes(1);
        assert_eq!(found("n=1", tomorrow), [0; 0]);
        assert_eq!(found("q=nouveaux patients", tomorrow), [0; 0], "the words follow too");
        assert_eq!(found("q=nouveaux patients", at("10:00")), [1]);
    }

    #[test]
    fn a_count_tells_before_one_touches() {
        let counts = |address: &str| counts(&find(&territory(), address));
        let none = counts("");
        for (chip, count) in
            [("p=70", 2), ("p=60", 1), ("d=", 2), ("o=", 1), ("n=", 1), ("g=LSF", 0), ("m=tobacco.2026", 1)]
        {
            assert_eq!(none[chip], count, "{chip}");
        }
        let kines = counts("p=70");
        assert_eq!((kines["p=70"], kines["p=60"], kines["l=31033"], kines["c=msu"]), (2, 3, 1, 1));
        assert_eq!(counts("p=zz")["p=zz"], 0, "a chip in force is there, known or not");
    }

    #[test]
    fn a_chip_has_the_name_of_the_lists() {
        let directory = territory();
        let index = Index::new(&directory);
        let label = |facet, code| index.label(&Chip::new(facet, code)).map(str::to_owned);
        assert_eq!(label(Facet::Profession, "70").as_deref(), Some("Masseur-kinésithérapeute"));
        assert_eq!(label(Facet::Who, "tabacologie").as_deref(), Some("Tabacologie"));
        assert_eq!(label(Facet::Visits, AUTERIVE).as_deref(), Some("Auterive"));
        assert_eq!(label(Facet::Structure, "SA33").as_deref(), Some("Pharmacie d’officine"));
        assert_eq!(index.label(&Chip::engaged("tobacco", Some(2026))), Some("Moi(s) sans tabac 2026"));
        assert_eq!(label(Facet::Open, ""), None);
        assert_eq!(label(Facet::Profession, "zz"), None);
    }
}
