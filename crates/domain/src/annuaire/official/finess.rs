//! The legacy extraction of FINESS (`etalab-cs1100507-stock-*.csv`): no header, `;`, a first line that dates it, then
//! `structureet;` rows, and `geolocalisation;` rows in the extraction that has coordinates (`etalab-cs1100507`).
//!
//! UTF-8 today, Windows-1252 in older years: a line that is not UTF-8 is read as Windows-1252. Coordinates are kept in
//! mainland France, where they are in Lambert-93; overseas they are in four other projections, and left out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::area::Area;
use super::columns::{foreign, without_bom, without_end};
use super::reason::{Reason, Unreadable};
use super::{address, lambert, rpps};
use crate::annuaire::entry::{Address, Coded, Entry, Kind, Site};
use crate::annuaire::fact::{Origin, Origins, Source};
use crate::identifiers::{Finess, Phone, Siret};
use crate::time::{Day, day_of};

/// What one row says.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Structure(Box<Structure>),
    /// Latitude and longitude, degrees, of the structure of this number, of the territory or not.
    Place {
        finess: String,
        at: (f64, f64),
    },
}

pub type Row = super::Row<Fact>;

/// A place of care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    pub finess: String,
    pub name: String,
    pub lines: Vec<String>,
    pub postal_code: String,
    /// Of the territory.
    pub commune: String,
    pub town: String,
    pub phone: Option<String>,
    pub fax: Option<String>,
    /// FINESS category (`620`) and its label.
    pub category: Coded,
    pub siret: Option<String>,
}

/// Positions in a `structureet` row.
mod at {
    pub const FINESS: usize = 1;
    pub const NAME: usize = 3;
    pub const LONG_NAME: usize = 4;
    pub const COMPLEMENT: usize = 5;
    pub const DELIVERY: usize = 6;
    pub const STREET_NUMBER: usize = 7;
    pub const STREET_KIND: usize = 8;
    pub const STREET: usize = 9;
    pub const STREET_COMPLEMENT: usize = 10;
    pub const LOCALITY: usize = 11;
    pub const COMMUNE: usize = 12;
    pub const DEPARTEMENT: usize = 13;
    pub const ROUTING: usize = 15;
    pub const PHONE: usize = 16;
    pub const FAX: usize = 17;
    pub const CATEGORY: usize = 18;
    pub const CATEGORY_LABEL: usize = 19;
    pub const SIRET: usize = 22;
    /// Cells a row has at least.
    pub const COUNT: usize = 23;
}

/// Reads the rows of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The day the first line says.
    pub on: Option<Day>,
}

impl Reader {
    /// The first line of a file: `finess;etalab;98;2026-05-12`, or already a row (which is then to be read as one).
    ///
    /// # Errors
    /// [`Unreadable`] when it is not the first line of such a file.
    pub fn new(first: &[u8]) -> Result<Self, Unreadable> {
        let first = without_end(without_bom(first));
        if let Some(other) = foreign(first) {
            return Err(other);
        }
        let first = decoded(first);
        let cells: Vec<&str> = first.split(';').collect();
        match cells[..] {
            ["finess", ..] => Ok(Self { on: cells.iter().skip(1).find_map(|cell| day_of(cell.trim())).map(Day) }),
            ["structureet" | "geolocalisation", _, ..] => Ok(Self { on: None }),
            _ if first.trim().is_empty() => Err(Unreadable::Empty),
            _ => Err(Unreadable::Unknown),
        }
    }

    /// One line, with or without its end.
    #[must_use]
    pub fn row(&self, line: &[u8], area: &Area) -> Row {
        let line = without_end(without_bom(line));
        match line.split(|byte| *byte == b';').next() {
            Some(b"structureet") => structure(line, area),
            Some(b"geolocalisation") => place(line),
            _ => Row::Elsewhere,
        }
    }
}

fn structure(line: &[u8], area: &Area) -> Row {
    let mut commune: &[u8] = b"";
    let mut departement: &[u8] = b"";
    let mut found = 0;
    for cell in line.split(|byte| *byte == b';') {
        match found {
            at::COMMUNE => commune = cell,
            at::DEPARTEMENT => departement = cell,
            _ => {}
        }
        found += 1;
    }
    if found < at::COUNT {
        return Row::Refused(Reason::TooShort { found, least: at::COUNT });
    }
    let Some(code) = insee(departement, commune) else { return Row::Elsewhere };
    let Some(commune) = std::str::from_utf8(&code).ok().and_then(|code| area.commune(code)) else {
        return Row::Elsewhere;
    };
    let line = decoded(line);
    let cells: Vec<&str> = line.split(';').map(str::trim).collect();
    let Ok(finess) = cells[at::FINESS].parse::<Finess>() else {
        return Row::Refused(Reason::Finess(rpps::short(cells[at::FINESS])));
    };
    let name = [cells[at::LONG_NAME], cells[at::NAME]].into_iter().find(|name| !name.is_empty());
    let Some(name) = name else { return Row::Refused(Reason::NoName) };
    let street = address::street(cells[at::STREET_NUMBER], "", cells[at::STREET_KIND], cells[at::STREET]);
    let lines =
        [cells[at::COMPLEMENT], cells[at::DELIVERY], &street, cells[at::STREET_COMPLEMENT], cells[at::LOCALITY]];
    let phone = |text: &str| text.parse::<Phone>().ok().map(|phone| phone.as_str().to_owned());
    let routing = cells[at::ROUTING];
    let town = address::town_of(routing);
    Row::Kept(Box::new(Fact::Structure(Box::new(Structure {
        finess: finess.as_str().to_owned(),
        name: name.to_owned(),
        lines: address::lines(&lines),
        postal_code: if town == routing { String::new() } else { routing[..5].to_owned() },
        commune: commune.to_owned(),
        town: town.to_owned(),
        phone: phone(cells[at::PHONE]),
        fax: phone(cells[at::FAX]),
        category: Coded { code: cells[at::CATEGORY].to_owned(), label: cells[at::CATEGORY_LABEL].to_owned() },
        siret: cells[at::SIRET].parse::<Siret>().ok().map(|siret| siret.as_str().to_owned()),
    }))))
}

fn place(line: &[u8]) -> Row {
    let mut cells = line.split(|byte| *byte == b';').skip(1).map(|cell| std::str::from_utf8(cell).unwrap_or_default());
    let (Some(finess), Some(x), Some(y)) = (cells.next(), cells.next(), cells.next()) else { return Row::Elsewhere };
    // The projections of overseas have coordinates of the same size: the row names its own.
    let projection = cells.next().unwrap_or_default();
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let at = match (number(x), number(y)) {
        (Some(x), Some(y)) if projection.contains("2154") || projection.contains("Lambert-93") => {
            lambert::degrees(x, y)
        }
        _ => None,
    };
    match at {
        Some(at) => Row::Kept(Box::new(Fact::Place { finess: finess.trim().to_owned(), at })),
        None => Row::Elsewhere,
    }
}

/// The INSEE code of a commune FINESS writes in two parts: `31` and `033`; overseas départements are `9A` to `9F`, and the
/// commune then holds the third digit of the département.
fn insee(departement: &[u8], commune: &[u8]) -> Option<[u8; 5]> {
    let (departement, commune) = (departement.trim_ascii(), commune.trim_ascii());
    let head = match departement {
        [b'9', b'A'..=b'F'] => b"97".as_slice(),
        [_, _] => departement,
        _ => return None,
    };
    [head, commune].concat().try_into().ok()
}

/// UTF-8, else Windows-1252, in which every byte is a letter.
fn decoded(line: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(line) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(line.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// Windows-1252 is Latin-1, but for the letters of `0x80..=0x9f` French writes with.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x8c => 'Œ',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        0x9c => 'œ',
        0x9f => 'Ÿ',
        _ => char::from(byte),
    }
}

/// One card per structure, with its coordinates when the file has them.
pub fn gather<'a>(
    structures: &'a BTreeMap<String, Structure>,
    places: &'a BTreeMap<String, (f64, f64)>,
    on: Day,
) -> impl Iterator<Item = Entry> + use<'a> {
    let source = Source::Finess(on);
    let most = Some(Origin { source, confirmed_on: on });
    let entry = move |structure: &Structure| {
        let structure = structure.clone();
        let address = Address {
            lines: structure.lines,
            postal_code: structure.postal_code,
            commune: Some(structure.commune),
            town: structure.town,
            at: places.get(&structure.finess).copied(),
        };
        let site = Site { address: Some(address), phone: structure.phone, fax: structure.fax, ..Site::default() };
        Entry {
            kind: Kind::Structure,
            name: structure.name,
            finess: Some(structure.finess),
            siret: structure.siret,
            profession: Some(structure.category),
            sites: BTreeMap::from([("main".to_owned(), site)]),
            origins: Origins { most, ..Origins::default() },
            ..Entry::default()
        }
    };
    structures.values().map(entry)
}
