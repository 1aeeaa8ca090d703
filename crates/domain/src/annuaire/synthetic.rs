//! Official files that speak of nobody: made of a seed and a row number, of any size, for tests, demonstrations and
//! measures. Names are drawn from lists, RPPS numbers begin with 997, which is given to nobody.
//!
//! The same seed gives the same files: row `n` of each of them can be known without the others.

use super::directory::Commune;
use super::official::{diplomas, mssante, rpps, savoir_faire};
use crate::identifiers::luhn_key;

/// What the files are made of.
#[derive(Clone, Copy, Debug)]
pub struct Synthetic<'a> {
    pub seed: u64,
    /// The territory.
    pub communes: &'a [Commune],
    /// People of the territory among a thousand; the others are elsewhere.
    pub share: u64,
    /// 56, or 52 as until 2021.
    pub columns: usize,
    /// One row in 500 is wrong: a key that is not the right one, then a column too few.
    pub faults: bool,
}

/// What a reader must make of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Elsewhere,
    Kept,
    /// Kept by its postal code alone.
    WithoutCommune,
    Refused,
}

/// Rows of ten that belong to seven people: two of them have several activities.
const PEOPLE_OF_TEN: [u64; 10] = [0, 1, 2, 2, 3, 4, 4, 4, 5, 6];
const PEOPLE: u64 = 7;

/// Every twenty people: code and label of the profession, speciality of a physician, diploma.
const TRADES: [(&str, &str, &str, &str); 20] = [
    ("10", "Médecin", "SM54", "DE05"),
    ("10", "Médecin", "SM26", "DE05"),
    ("10", "Médecin", "SM53", "DE05"),
    ("10", "Médecin", "SM04", "DE05"),
    ("10", "Médecin", "SM34", "DE05"),
    ("10", "Médecin", "SM38", "DE05"),
    ("60", "Infirmier", "", "DE09"),
    ("60", "Infirmier", "", "DE09"),
    ("60", "Infirmier", "", "DE09"),
    ("60", "Infirmier", "", "DE09"),
    ("70", "Masseur-Kinésithérapeute", "", "DE11"),
    ("70", "Masseur-Kinésithérapeute", "", "DE11"),
    ("21", "Pharmacien", "", "DE02"),
    ("40", "Chirurgien-Dentiste", "", "DE03"),
    ("50", "Sage-Femme", "", "DE06"),
    ("91", "Orthophoniste", "", "DE13"),
    ("80", "Pédicure-Podologue", "", "DE12"),
    ("93", "Psychologue", "", "DE15"),
    ("92", "Orthoptiste", "", "DE14"),
    ("94", "Ergothérapeute", "", "DE30"),
];
/// The first of [`TRADES`], one physician after the other.
const PHYSICIANS: u64 = 6;

const NAME_STARTS: &str =
    "MAR,BEL,CAS,DUR,FAB,GAR,LAM,MON,PEL,ROQ,SAL,TOL,VIL,BON,CAR,DEL,ESC,FON,LAC,MAL,PUJ,RIV,SER,VER";
const NAME_MIDDLES: &str = ",A,E,I,O,AN,EL,IN";
const NAME_ENDS: &str = "TIER,LAC,GNAC,VAL,MONT,DIER,RET,SSE,GUE,NAUD,BERT,QUET,ZAC,FORT,ROUX,TEL,LHAC,NEAU,SOL,RAC";
/// As the registers write them: in capitals, with or without accents, compound, with particles and apostrophes.
const ODD_NAMES: &str = "D'HÔTEL,BEN-ALI,N'GUYEN,DE LA FONTAINE,LEFÈVRE,LEFEVRE,DUCHÊNE,SAINT PIERRE";
/// What somebody could type in a register to harm whoever opens the file: it stays text.
const HOSTILE_NAMES: [&str; 4] = ["=HYPERLINK(\"http://exemple.test\")", "<B>GRAS</B>", "O\"NEIL", "@SUM(A1:A9)"];
const WOMEN: &str = "MARIE-HÉLÈNE,CLAIRE,SOPHIE,ÉLODIE,NADIA,ANNE SOPHIE,Aïcha,CAMILLE,INES,LUCIE,ZOE,THI LAN";
const MEN: &str = "JEAN-PIERRE,PAUL,MEHDI,ÉTIENNE,FRANCOIS,Loïc,KARIM,THEO,ANTOINE,LUC,MARC ANTOINE,HUGO";
const STREETS: &str = "DE LA REPUBLIQUE,VICTOR HUGO,DE L'ÉGLISE,DU 11 NOVEMBRE 1918,DES LILAS,JEAN JAURES,DE LA GARE,\
    DU MOULIN,PASTEUR,DES PYRENEES";
const STREET_KINDS: [(&str, &str); 4] = [("RUE", "Rue"), ("AV", "Avenue"), ("PL", "Place"), ("CHE", "Chemin")];

/// Two draws in 1,000 rows have each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Oddity {
    None,
    /// Numéro voie « P ».
    LetterForNumber,
    /// Postal code « GL » in the United Kingdom, country 99132.
    Abroad,
    /// The commune and the postal code are empty, « Bureau cedex » says both.
    CedexOnly,
    UnformattedPhone,
    HostileName,
    WrongKey,
    MissingColumn,
}

impl Synthetic<'_> {
    /// The titles, with the trailing separator and without the end of the line, as for every row.
    #[must_use]
    pub fn rpps_header(&self) -> String {
        line(&rpps::TITLES.map(str::to_owned)[..self.columns.min(rpps::TITLES.len())])
    }

    /// One activity.
    #[must_use]
    pub fn rpps_row(&self, n: u64) -> String {
        let person = self.person_of_row(n);
        let oddity = self.oddity(n);
        let activity = (0..n).rev().take_while(|before| self.person_of_row(*before) == person).count() as u64;
        let mut cells = vec![String::new(); rpps::TITLES.len()];
        self.who(person, &mut cells);
        self.practice(person, activity, &mut cells);
        self.place(person, activity, oddity, &mut cells);
        self.disturb(n, oddity, &mut cells);
        cells.truncate(self.columns);
        if oddity == Oddity::MissingColumn {
            cells.truncate(40);
        }
        line(&cells)
    }

    /// What a reader must make of [`Self::rpps_row`].
    #[must_use]
    pub fn expected(&self, n: u64) -> Expected {
        match (self.is_inside(self.person_of_row(n)), self.oddity(n)) {
            (_, Oddity::Abroad) | (false, _) => Expected::Elsewhere,
            (true, Oddity::WrongKey | Oddity::MissingColumn) => Expected::Refused,
            (true, Oddity::CedexOnly) => Expected::WithoutCommune,
            (true, _) => Expected::Kept,
        }
    }

    /// « Identifiant PP » of whom a row of the activities is about.
    #[must_use]
    pub fn rpps_of_row(&self, n: u64) -> String {
        self.rpps(self.person_of_row(n))
    }

    #[must_use]
    pub fn savoir_faire_header(&self) -> String {
        line(&savoir_faire::TITLES.map(str::to_owned))
    }

    /// One speciality of one physician, the `n`th of the file of activities.
    #[must_use]
    pub fn savoir_faire_row(&self, n: u64) -> String {
        let person = n / PHYSICIANS * TRADES.len() as u64 + n % PHYSICIANS;
        let (profession, label, speciality, _) = trade(person);
        let [name, given_name, _] = self.names(person);
        line(
            &[
                "8",
                &self.rpps(person),
                &format!("8{}", self.rpps(person)),
                &name,
                &given_name,
                profession,
                label,
                "C",
                "Civil",
                "S",
                "Spécialité ordinale",
                speciality,
                speciality_label(speciality),
            ]
            .map(str::to_owned),
        )
    }

    #[must_use]
    pub fn diplomas_header(&self) -> String {
        line(&diplomas::TITLES.map(str::to_owned))
    }

    /// The diploma of one person, the `n`th of the file of activities.
    #[must_use]
    pub fn diplomas_row(&self, n: u64) -> String {
        let (_, label, _, diploma) = trade(n);
        let [name, given_name, _] = self.names(n);
        let mut cells = vec![String::new(); diplomas::TITLES.len()];
        cells[0] = "8".to_owned();
        cells[1] = self.rpps(n);
        cells[2] = format!("8{}", cells[1]);
        (cells[3], cells[4]) = (name, given_name);
        cells[7] = diploma.to_owned();
        cells[8] = format!("DE {label}");
        line(&cells)
    }

    #[must_use]
    pub fn mssante_header(&self) -> String {
        line(&mssante::TITLES.map(str::to_owned))
    }

    /// One mailbox: of an organisation every tenth row, else of one person.
    #[must_use]
    pub fn mssante_row(&self, n: u64) -> String {
        let mut cells = vec![String::new(); mssante::TITLES.len()];
        if n % 10 == 9 {
            cells[0] = "ORG".to_owned();
            cells[1] = format!("secretariat.{n}@exemple.mssante.fr");
        } else {
            let [name, given_name, _] = self.names(n);
            cells[0] = "PER".to_owned();
            cells[1] = format!("praticien.{n}@exemple.mssante.fr");
            cells[2] = "8".to_owned();
            cells[3] = self.rpps(n);
            cells[4] = format!("8{}", cells[3]);
            (cells[9], cells[10]) = (name, given_name);
        }
        line(&cells)
    }

    /// The first line of a file of FINESS.
    #[must_use]
    pub fn finess_header(&self) -> String {
        "finess;etalab;111;2026-11-01".to_owned()
    }

    /// One structure.
    #[must_use]
    pub fn finess_row(&self, n: u64) -> String {
        const KINDS: [(&str, &str); 5] = [
            ("620", "Pharmacie d'Officine"),
            ("611", "Laboratoire de Biologie Médicale"),
            ("500", "Etablissement d'hébergement pour personnes âgées dépendantes"),
            ("354", "Service de Soins Infirmiers A Domicile (S.S.I.A.D)"),
            ("603", "Maison de santé (L.6223-3)"),
        ];
        let (insee, town, postal_code) = self.commune(n, self.draw(n, "inside") % 1000 < self.share);
        let (code, label) = KINDS[(n % KINDS.len() as u64) as usize];
        let name = word(STREETS, self.draw(n, "street"));
        let mut cells = vec![String::new(); 32];
        cells[0] = "structureet".to_owned();
        cells[1] = self.finess(n, &insee);
        cells[3] = format!("{} {town}", label.to_uppercase());
        cells[7] = (1 + n % 80).to_string();
        cells[8] = "R".to_owned();
        cells[9] = name.to_owned();
        let (departement, commune) = insee.split_at_checked(2).unwrap_or_default();
        (cells[12], cells[13]) = (commune.to_owned(), departement.to_owned());
        cells[15] = format!("{postal_code} {}", town.to_uppercase());
        cells[16] = format!("05{:08}", self.draw(n, "phone") % 100_000_000);
        (cells[18], cells[19]) = (code.to_owned(), label.to_owned());
        cells[30] = "2026-01-15".to_owned();
        cells.join(";")
    }

    /// Where the structure of this row is.
    #[must_use]
    pub fn finess_place(&self, n: u64) -> String {
        let (insee, ..) = self.commune(n, self.draw(n, "inside") % 1000 < self.share);
        let (x, y) = (560_000 + self.draw(n, "x") % 20_000, 6_240_000 + self.draw(n, "y") % 20_000);
        let finess = self.finess(n, &insee);
        format!("geolocalisation;{finess};{x}.5;{y}.0;1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93;2026-01-15")
    }

    fn who(&self, person: u64, cells: &mut [String]) {
        let (profession, label, ..) = trade(person);
        let [name, given_name, title] = self.names(person);
        let doctor = matches!(profession, "10" | "21" | "40");
        let mut put = |column: rpps::Column, text: &str| text.clone_into(&mut cells[column as usize]);
        put(rpps::Column::IdType, "8");
        put(rpps::Column::Id, &self.rpps(person));
        put(rpps::Column::NationalId, &format!("8{}", self.rpps(person)));
        put(rpps::Column::PracticeTitleCode, if doctor { "DR" } else { "" });
        put(rpps::Column::PracticeTitle, if doctor { "Docteur" } else { "" });
        put(rpps::Column::TitleCode, &title);
        put(rpps::Column::Title, if title == "M" { "Monsieur" } else { "Madame" });
        put(rpps::Column::Name, &name);
        put(rpps::Column::GivenName, &given_name);
        put(rpps::Column::ProfessionCode, profession);
        put(rpps::Column::Profession, label);
        put(rpps::Column::CategoryCode, "C");
        put(rpps::Column::Category, "Civil");
    }

    fn practice(&self, person: u64, activity: u64, cells: &mut [String]) {
        let (profession, _, speciality, _) = trade(person);
        let mut put = |column: rpps::Column, text: &str| text.clone_into(&mut cells[column as usize]);
        if !speciality.is_empty() {
            put(rpps::Column::SavoirFaireTypeCode, "S");
            put(rpps::Column::SavoirFaireType, "Spécialité ordinale");
            put(rpps::Column::SavoirFaireCode, speciality);
            put(rpps::Column::SavoirFaire, speciality_label(speciality));
            put(rpps::Column::Authority, "CNOM/CNOM/CNOM");
        }
        let salaried = activity > 0;
        put(rpps::Column::ModeCode, if salaried { "S" } else { "L" });
        put(rpps::Column::Mode, if salaried { "Salarié" } else { "Libéral, indépendant, artisan, commerçant" });
        let (sector, label) = match (profession, salaried) {
            ("21", _) => ("SA33", "Pharmacie d'officine"),
            (_, true) => ("SA05", "Centre de santé"),
            (_, false) if person.is_multiple_of(9) => ("SA52", "Maison de santé ou Pôle de santé"),
            (_, false) if person.is_multiple_of(2) => ("SA08", "Cabinet de groupe"),
            _ => ("SA07", "Cabinet individuel"),
        };
        put(rpps::Column::SectorCode, sector);
        put(rpps::Column::Sector, label);
        put(rpps::Column::RoleCode, if salaried { "" } else { "FON-01" });
        put(rpps::Column::Role, if salaried { "" } else { "Titulaire de cabinet" });
        put(rpps::Column::ActivityKindCode, "GENR01");
        put(rpps::Column::ActivityKind, "Activité standard de soin ou de pharmacien");
    }

    fn place(&self, person: u64, activity: u64, oddity: Oddity, cells: &mut [String]) {
        // People of one commune share their structures, thirty of each kind.
        let (insee, town, postal_code) = self.commune(person, self.is_inside(person));
        let shared = self.draw(person + activity * 31, "structure") % 30;
        let (kind, kind_label) = pick(&STREET_KINDS, shared);
        let street = word(STREETS, shared + insee.len() as u64 + self.draw(shared, &insee));
        let mut put = |column: rpps::Column, text: &str| text.clone_into(&mut cells[column as usize]);
        let letter = pick(&["R", "C", "F"], shared);
        put(rpps::Column::StructureId, &format!("{letter}1{insee}{activity}{shared:03}"));
        put(rpps::Column::Company, &format!("CABINET {} {town}", shared + 1));
        put(rpps::Column::StreetNumber, &(shared + 1).to_string());
        put(rpps::Column::StreetNumberSuffix, if shared == 7 { "B" } else { "" });
        put(rpps::Column::StreetTypeCode, kind);
        put(rpps::Column::StreetType, kind_label);
        put(rpps::Column::Street, street);
        put(rpps::Column::Cedex, &format!("{postal_code} {}", town.to_uppercase()));
        if oddity != Oddity::CedexOnly {
            put(rpps::Column::PostalCode, &postal_code);
            put(rpps::Column::CommuneCode, &insee);
            put(rpps::Column::Commune, &town);
        }
        if !self.draw(person, "has phone").is_multiple_of(3) {
            put(rpps::Column::Phone, &format!("0561{:06}", self.draw(person, "phone") % 1_000_000));
        }
    }

    fn disturb(&self, n: u64, oddity: Oddity, cells: &mut [String]) {
        let mut put = |column: rpps::Column, text: &str| text.clone_into(&mut cells[column as usize]);
        match oddity {
            Oddity::None | Oddity::CedexOnly | Oddity::MissingColumn => {}
            Oddity::LetterForNumber => put(rpps::Column::StreetNumber, "P"),
            Oddity::Abroad => {
                put(rpps::Column::Cedex, "GL");
                put(rpps::Column::PostalCode, "GL");
                put(rpps::Column::CommuneCode, "");
                put(rpps::Column::Commune, "");
                put(rpps::Column::CountryCode, "99132");
                put(rpps::Column::Country, "ROYAUME-UNI");
            }
            Oddity::UnformattedPhone => {
                put(
                    rpps::Column::Phone,
                    pick(&["05.61.00.00.00", "561000000", "+33 5 61 00 00 00", "05 61 00"], n / 1000),
                );
            }
            Oddity::HostileName => put(rpps::Column::Name, pick(&HOSTILE_NAMES, n / 1000)),
            Oddity::WrongKey => {
                let wrong = (luhn_key("9970000001") + 1) % 10;
                put(rpps::Column::Id, &format!("9970000001{wrong}"));
                put(rpps::Column::NationalId, &format!("89970000001{wrong}"));
            }
        }
    }

    fn oddity(&self, n: u64) -> Oddity {
        match (n + self.seed) % 1000 {
            11 | 411 => Oddity::LetterForNumber,
            23 | 523 => Oddity::Abroad,
            37 | 737 => Oddity::CedexOnly,
            53 | 253 => Oddity::UnformattedPhone,
            67 | 867 => Oddity::HostileName,
            83 if self.faults => Oddity::WrongKey,
            583 if self.faults => Oddity::MissingColumn,
            _ => Oddity::None,
        }
    }

    fn person_of_row(&self, n: u64) -> u64 {
        n / 10 * PEOPLE + PEOPLE_OF_TEN[(n % 10) as usize]
    }

    /// Ten million people before a number comes again.
    fn rpps(&self, person: u64) -> String {
        let body = format!("997{:07}", (person.wrapping_mul(3_141_593).wrapping_add(self.seed)) % 10_000_000);
        format!("{body}{}", luhn_key(&body))
    }

    fn finess(&self, n: u64, insee: &str) -> String {
        let body = format!("{}{:06}", insee.get(..2).unwrap_or("31"), n % 1_000_000);
        format!("{body}{}", luhn_key(&body))
    }

    fn is_inside(&self, person: u64) -> bool {
        !self.communes.is_empty() && self.draw(person, "inside") % 1000 < self.share
    }

    /// Name, given name, civilité.
    fn names(&self, person: u64) -> [String; 3] {
        let draw = self.draw(person, "name");
        let woman = !draw.is_multiple_of(3);
        let given_name = word(if woman { WOMEN } else { MEN }, draw >> 8);
        let name = match (draw >> 16) % 16 {
            0 => word(ODD_NAMES, draw >> 24).to_owned(),
            _ => {
                let parts =
                    [word(NAME_STARTS, draw >> 24), word(NAME_MIDDLES, draw >> 32), word(NAME_ENDS, draw >> 40)];
                parts.concat()
            }
        };
        [name, given_name.to_owned(), if woman { "MME" } else { "M" }.to_owned()]
    }

    /// INSEE code, name, postal code: of the territory, or of a place that is not.
    fn commune(&self, of: u64, inside: bool) -> (String, String, String) {
        let draw = self.draw(of, "commune");
        if inside && !self.communes.is_empty() {
            let commune = &self.communes[(draw % self.communes.len() as u64) as usize];
            let postal_code = commune.postal_codes.first().cloned().unwrap_or_default();
            return (commune.insee.clone(), commune.name.clone(), postal_code);
        }
        let mut place = draw % 38_000;
        loop {
            // Départements 01 to 19 and 21 to 95, without the cities whose arrondissements have codes of their own.
            let (mut departement, commune) = (1 + place / 400 % 94, 1 + place % 200);
            departement += u64::from(departement >= 20);
            let insee = format!("{departement:02}{commune:03}");
            let postal_code = format!("{departement:02}{:03}", commune / 10 * 10);
            if self.communes.iter().all(|one| one.insee != insee && !one.postal_codes.contains(&postal_code)) {
                let name = [word(NAME_STARTS, place), word(NAME_ENDS, draw >> 20)].concat();
                return (insee, name, postal_code);
            }
            place += 1;
        }
    }

    /// The same number for the same seed, row and use, spread over 64 bits (SplitMix64).
    fn draw(&self, n: u64, what: &str) -> u64 {
        let what = what.bytes().fold(self.seed, |hash, byte| hash.wrapping_mul(131).wrapping_add(u64::from(byte)));
        let mut mixed = n.wrapping_add(what).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn trade(person: u64) -> (&'static str, &'static str, &'static str, &'static str) {
    pick(&TRADES, person)
}

fn speciality_label(code: &str) -> &'static str {
    super::codes::SPECIALITIES.iter().find(|(known, _)| *known == code).map_or("", |(_, label)| *label)
}

fn pick<T: Copy>(list: &[T], draw: u64) -> T {
    list[(draw % list.len() as u64) as usize]
}

/// One word of a list of them.
fn word(list: &'static str, draw: u64) -> &'static str {
    let count = list.split(',').count() as u64;
    list.split(',').nth((draw % count) as usize).unwrap_or_default()
}

fn line(cells: &[String]) -> String {
    let mut line = cells.join("|");
    line.push('|');
    line
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::annuaire::entry::Kind;
    use crate::annuaire::official::{Area, Counts, FileKind, Intake, Row};
    use crate::time::{Day, day_of};

    fn communes() -> Vec<Commune> {
        let commune = |insee: &str, name: &str, postal_code: &str| Commune {
            insee: insee.into(),
            name: name.into(),
            postal_codes: vec![postal_code.into()],
            ..Commune::default()
        };
        vec![
            commune("31033", "Auterive", "31190"),
            commune("31145", "Cintegabelle", "31550"),
            commune("09225", "Pamiers", "09100"),
        ]
    }

    fn synthetic(communes: &[Commune]) -> Synthetic<'_> {
        Synthetic { seed: 7, communes, share: 300, columns: 56, faults: true }
    }

    fn whole(intake: &mut Intake, kind: FileKind, header: String, rows: impl Iterator<Item = String>) -> Counts {
        intake.begin(Some(kind));
        intake.push(format!("{header}\n").as_bytes()).expect("the header is read");
        for row in rows {
            intake.push(format!("{row}\n").as_bytes()).expect("a row is read");
        }
        intake.end().expect("the file is whole")
    }

    #[test]
    fn every_row_is_read_as_it_was_made() {
        let communes = communes();
        for columns in [56, 52] {
            let synthetic = Synthetic { columns, ..synthetic(&communes) };
            let area = Area::of(&communes);
            let reader = rpps::Reader::new(synthetic.rpps_header().as_bytes()).expect("the header is read");
            let mut seen = BTreeMap::new();
            for n in 0..20_000 {
                let row = synthetic.rpps_row(n);
                let made = match reader.row(row.as_bytes(), &area) {
                    Row::Elsewhere => "elsewhere",
                    Row::Refused(_) => "refused",
                    Row::Kept(activity) if activity.commune.is_none() => "without commune",
                    Row::Kept(_) => "kept",
                };
                let expected = match synthetic.expected(n) {
                    Expected::Elsewhere => "elsewhere",
                    Expected::Refused => "refused",
                    Expected::WithoutCommune => "without commune",
                    Expected::Kept => "kept",
                };
                // A wrong key elsewhere is nobody's business here; a missing column leaves a row nowhere.
                let nowhere = made == "refused" && expected == "elsewhere" && row.matches('|').count() == 40;
                assert!(made == expected || nowhere, "row {n}: {made}, not {expected}: {row}");
                *seen.entry(made).or_insert(0) += 1;
            }
            assert!(seen.len() == 4 && seen.values().all(|count| *count > 10), "{seen:?}");
            assert!((5_000..7_000).contains(&seen["kept"]), "three in ten: {seen:?}");
        }
    }

    #[test]
    fn numbers_are_nobodys_and_people_have_several_places() {
        let communes = communes();
        let synthetic = Synthetic { faults: false, ..synthetic(&communes) };
        let mut people = BTreeMap::new();
        for n in 0..7_000 {
            let rpps = synthetic.rpps_of_row(n);
            assert!(rpps.starts_with("997") && rpps.parse::<crate::identifiers::Rpps>().is_ok(), "{rpps}");
            *people.entry(rpps).or_insert(0) += 1;
        }
        assert_eq!(people.len(), 4_900, "seven people in ten rows");
        assert_eq!(people.values().filter(|rows| **rows > 1).count(), 1_400);
    }

    #[test]
    fn the_files_go_together() {
        let communes = communes();
        let synthetic = Synthetic { faults: false, ..synthetic(&communes) };
        let mut intake = Intake::new(Area::of(&communes));
        let rows = 2_000;
        let counts =
            whole(&mut intake, FileKind::Activities, synthetic.rpps_header(), (0..rows).map(|n| synthetic.rpps_row(n)));
        let kept = |n: &u64| matches!(synthetic.expected(*n), Expected::Kept | Expected::WithoutCommune);
        assert_eq!(counts, Counts { lines: rows + 1, kept: (0..rows).filter(kept).count() as u64, refused: 0 });
        let inside: BTreeSet<String> = (0..rows).filter(kept).map(|n| synthetic.rpps_of_row(n)).collect();
        // The 1,400 people of these rows, and their first 420 physicians.
        let of = |n: u64| synthetic.rpps_row(n).split('|').nth(1).map(str::to_owned).unwrap_or_default();
        assert_eq!(of(0), synthetic.rpps_of_row(0));
        let counts = whole(
            &mut intake,
            FileKind::SavoirFaire,
            synthetic.savoir_faire_header(),
            (0..420).map(|n| synthetic.savoir_faire_row(n)),
        );
        assert!(counts.kept > 90 && counts.refused == 0, "{counts:?}");
        let counts = whole(
            &mut intake,
            FileKind::Diplomas,
            synthetic.diplomas_header(),
            (0..1_400).map(|n| synthetic.diplomas_row(n)),
        );
        assert_eq!((counts.kept, counts.refused), (inside.len() as u64, 0));
        let counts = whole(
            &mut intake,
            FileKind::Mssante,
            synthetic.mssante_header(),
            (0..1_400).map(|n| synthetic.mssante_row(n)),
        );
        assert!(counts.kept > 300 && counts.refused == 0, "{counts:?}");
        let structures = (0..300).map(|n| synthetic.finess_row(n)).chain((0..300).map(|n| synthetic.finess_place(n)));
        let counts = whole(&mut intake, FileKind::Finess, synthetic.finess_header(), structures);
        assert!((60..120).contains(&counts.kept) && counts.refused == 0, "{counts:?}");
        let entries = intake.entries(Day(day_of("2026-11-01").expect("a day")));
        let persons: Vec<_> = entries.iter().filter(|entry| entry.kind == Kind::Person).collect();
        assert_eq!(persons.len(), inside.len());
        assert!(persons.iter().all(|person| person.diplomas.len() == 1));
        assert!(persons.iter().any(|person| person.sites.len() > 1), "somebody works in two places");
        let located = |entry: &&crate::annuaire::entry::Entry| {
            entry.sites["main"].address.as_ref().is_some_and(|address| address.at.is_some())
        };
        let structures: Vec<_> = entries.iter().filter(|entry| entry.kind == Kind::Structure).collect();
        assert_eq!(structures.len() as u64, counts.kept);
        assert!(structures.iter().all(located), "all of them are placed");
    }

    #[test]
    fn a_seed_always_gives_the_same_rows() {
        let communes = communes();
        let first = synthetic(&communes);
        assert_eq!(first.rpps_row(12), first.rpps_row(12));
        assert_ne!(first.rpps_row(12), Synthetic { seed: 8, ..first }.rpps_row(12));
        assert!(
            first
                .rpps_row(0)
                .starts_with("8|99700000070|899700000070|DR|Docteur|M|Monsieur|FONELTIER|FRANCOIS|10|Médecin|")
        );
    }
}
