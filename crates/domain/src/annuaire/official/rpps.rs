//! `PS_LibreAcces_Personne_activite_*.txt`: one row per activity of a professional.
//!
//! UTF-8, `|`, a header, no quoting, a trailing separator; 56 columns, 52 until 2021. They are found by their title.

use super::area::Area;
use super::columns::{Header, SEPARATOR, cell, without_end};
use super::reason::{Reason, Unreadable};
use crate::identifiers::{Adeli, Rpps};

/// The columns of 2026, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Column {
    IdType,
    Id,
    NationalId,
    PracticeTitleCode,
    PracticeTitle,
    TitleCode,
    Title,
    Name,
    GivenName,
    ProfessionCode,
    Profession,
    CategoryCode,
    Category,
    SavoirFaireTypeCode,
    SavoirFaireType,
    SavoirFaireCode,
    SavoirFaire,
    ModeCode,
    Mode,
    Siret,
    Siren,
    Finess,
    LegalFiness,
    StructureId,
    Company,
    Sign,
    Recipient,
    Place,
    StreetNumber,
    StreetNumberSuffix,
    StreetTypeCode,
    StreetType,
    Street,
    Delivery,
    Cedex,
    PostalCode,
    CommuneCode,
    Commune,
    CountryCode,
    Country,
    Phone,
    Phone2,
    Fax,
    Email,
    DepartementCode,
    Departement,
    FormerStructureId,
    Authority,
    SectorCode,
    Sector,
    PharmacySectionCode,
    PharmacySection,
    RoleCode,
    Role,
    ActivityKindCode,
    ActivityKind,
}

#[cfg(test)]
impl Column {
    pub(super) const ALL: [Self; TITLES.len()] = [
        Self::IdType,
        Self::Id,
        Self::NationalId,
        Self::PracticeTitleCode,
        Self::PracticeTitle,
        Self::TitleCode,
        Self::Title,
        Self::Name,
        Self::GivenName,
        Self::ProfessionCode,
        Self::Profession,
        Self::CategoryCode,
        Self::Category,
        Self::SavoirFaireTypeCode,
        Self::SavoirFaireType,
        Self::SavoirFaireCode,
        Self::SavoirFaire,
        Self::ModeCode,
        Self::Mode,
        Self::Siret,
        Self::Siren,
        Self::Finess,
        Self::LegalFiness,
        Self::StructureId,
        Self::Company,
        Self::Sign,
        Self::Recipient,
        Self::Place,
        Self::StreetNumber,
        Self::StreetNumberSuffix,
        Self::StreetTypeCode,
        Self::StreetType,
        Self::Street,
        Self::Delivery,
        Self::Cedex,
        Self::PostalCode,
        Self::CommuneCode,
        Self::Commune,
        Self::CountryCode,
        Self::Country,
        Self::Phone,
        Self::Phone2,
        Self::Fax,
        Self::Email,
        Self::DepartementCode,
        Self::Departement,
        Self::FormerStructureId,
        Self::Authority,
        Self::SectorCode,
        Self::Sector,
        Self::PharmacySectionCode,
        Self::PharmacySection,
        Self::RoleCode,
        Self::Role,
        Self::ActivityKindCode,
        Self::ActivityKind,
    ];
}

/// Titles of the columns, by [`Column`].
pub const TITLES: [&str; 56] = [
    "Type d'identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Code civilité d'exercice",
    "Libellé civilité d'exercice",
    "Code civilité",
    "Libellé civilité",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code profession",
    "Libellé profession",
    "Code catégorie professionnelle",
    "Libellé catégorie professionnelle",
    "Code type savoir-faire",
    "Libellé type savoir-faire",
    "Code savoir-faire",
    "Libellé savoir-faire",
    "Code mode exercice",
    "Libellé mode exercice",
    "Numéro SIRET site",
    "Numéro SIREN site",
    "Numéro FINESS site",
    "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure",
    "Raison sociale site",
    "Enseigne commerciale site",
    "Complément destinataire (coord. structure)",
    "Complément point géographique (coord. structure)",
    "Numéro Voie (coord. structure)",
    "Indice répétition voie (coord. structure)",
    "Code type de voie (coord. structure)",
    "Libellé type de voie (coord. structure)",
    "Libellé Voie (coord. structure)",
    "Mention distribution (coord. structure)",
    "Bureau cedex (coord. structure)",
    "Code postal (coord. structure)",
    "Code commune (coord. structure)",
    "Libellé commune (coord. structure)",
    "Code pays (coord. structure)",
    "Libellé pays (coord. structure)",
    "Téléphone (coord. structure)",
    "Téléphone 2 (coord. structure)",
    "Télécopie (coord. structure)",
    "Adresse e-mail (coord. structure)",
    "Code Département (structure)",
    "Libellé Département (structure)",
    "Ancien identifiant de la structure",
    "Autorité d'enregistrement",
    "Code secteur d'activité",
    "Libellé secteur d'activité",
    "Code section tableau pharmaciens",
    "Libellé section tableau pharmaciens",
    "Code rôle",
    "Libellé rôle",
    "Code genre activité",
    "Libellé genre activité",
];

/// Ranks of the columns without which nothing can be said: who (1–3), name and profession (8–11), where (36–38).
const REQUIRED: [usize; 10] = [0, 1, 2, 7, 8, 9, 10, 35, 36, 37];

pub type Row = super::Row<Activity>;

/// One row: its line, and where each column is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    line: String,
    cells: [(u16, u16); TITLES.len()],
    /// The commune of the territory it is in. `None`: « commune à préciser », its postal code alone is of the territory.
    pub commune: Option<String>,
}

impl Activity {
    /// What the file writes there, without the spaces around; empty when the column is missing.
    #[must_use]
    pub fn get(&self, column: Column) -> &str {
        let (from, to) = self.cells[column as usize];
        self.line.get(from.into()..to.into()).map_or("", str::trim)
    }

    /// Column 36, or the five digits at the head of column 35; empty when there are none.
    #[must_use]
    pub fn postal_code(&self) -> &str {
        postal_code(self.get(Column::PostalCode), self.get(Column::Cedex))
    }
}

/// Reads the rows of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    header: Header,
    commune: usize,
}

impl Reader {
    /// # Errors
    /// [`Unreadable`] when this is not the header of such a file, or lacks a column nothing can be said without.
    pub fn new(header: &[u8]) -> Result<Self, Unreadable> {
        let header = Header::read(header, &TITLES, &REQUIRED)?;
        let commune = header.position(Column::CommuneCode as usize).unwrap_or_default();
        Ok(Self { header, commune })
    }

    /// One line, with or without its end. Nothing is allocated for a row that is elsewhere.
    #[must_use]
    pub fn row(&self, line: &[u8], area: &Area) -> Row {
        let line = without_end(line);
        if line.is_empty() {
            return Row::Elsewhere;
        }
        if let Some(reason) = self.header.misfit(line) {
            return Row::Refused(reason);
        }
        match self.place(line, area) {
            Some(commune) if area.holds_profession(self.text(line, Column::ProfessionCode)) => self.keep(line, commune),
            _ => Row::Elsewhere,
        }
    }

    /// `None`: elsewhere; `Some(None)`: in the territory by its postal code alone. The commune decides when there is one.
    fn place<'a>(&self, line: &[u8], area: &'a Area) -> Option<Option<&'a str>> {
        let commune = text(cell(line, self.commune));
        if is_commune(commune) && !area.is_cut(commune) {
            return area.commune(commune).map(Some);
        }
        // A foreign postal code may look like one of ours.
        let country = self.text(line, Column::CountryCode);
        let abroad = country.starts_with("99") && country != FRANCE;
        let code = postal_code(self.text(line, Column::PostalCode), self.text(line, Column::Cedex));
        (!abroad && area.holds_postal_code(code)).then_some(None)
    }

    fn text<'a>(&self, line: &'a [u8], column: Column) -> &'a str {
        self.header.position(column as usize).map_or("", |position| text(cell(line, position)))
    }

    fn keep(&self, line: &[u8], commune: Option<&str>) -> Row {
        let Ok(line) = std::str::from_utf8(line) else { return Row::Refused(Reason::Encoding) };
        let mut cells = [(0, 0); TITLES.len()];
        let mut from = 0;
        for (part, rank) in line.split(char::from(SEPARATOR)).zip(&self.header.ranks) {
            let to = from + part.len();
            let (Ok(start), Ok(end)) = (u16::try_from(from), u16::try_from(to)) else {
                return Row::Refused(Reason::TooLong);
            };
            if let Some(rank) = rank {
                cells[*rank] = (start, end);
            }
            from = to + 1;
        }
        let activity = Activity { line: line.to_owned(), cells, commune: commune.map(str::to_owned) };
        match refusal(&activity) {
            Some(reason) => Row::Refused(reason),
            None => Row::Kept(Box::new(activity)),
        }
    }
}

/// Code of France among the countries (TRE_R20, INSEE).
const FRANCE: &str = "99000";

fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).map_or("", str::trim)
}

/// Five characters, digits but the second one in Corsica.
fn is_commune(code: &str) -> bool {
    let fits = |(rank, byte): (usize, u8)| byte.is_ascii_digit() || (rank == 1 && matches!(byte, b'A' | b'B'));
    code.len() == 5 && code.bytes().enumerate().all(fits)
}

fn postal_code<'a>(postal_code: &'a str, cedex: &'a str) -> &'a str {
    let digits = |code: &str| code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    let glued = cedex.as_bytes().get(5).is_some_and(u8::is_ascii_alphanumeric);
    let head = cedex.get(..5).filter(|_| !glued).unwrap_or_default();
    [postal_code, head].into_iter().find(|code| digits(code)).unwrap_or_default()
}

/// Why a row of the territory cannot be believed.
fn refusal(activity: &Activity) -> Option<Reason> {
    let (kind, id) = (activity.get(Column::IdType), activity.get(Column::Id));
    match kind {
        "8" if id.parse::<Rpps>().is_err() => return Some(Reason::Rpps(short(id))),
        "0" if id.parse::<Adeli>().is_err() => return Some(Reason::Adeli(short(id))),
        "8" | "0" => {}
        other => return Some(Reason::IdentifierType(short(other))),
    }
    let national = activity.get(Column::NationalId);
    if !national.is_empty() && national.strip_prefix(kind) != Some(id) {
        return Some(Reason::NationalIdentifier);
    }
    activity.get(Column::Name).is_empty().then_some(Reason::NoName)
}

/// What a sentence quotes of a cell that may hold anything.
pub(super) fn short(cell: &str) -> String {
    cell.chars().take(20).collect()
}
