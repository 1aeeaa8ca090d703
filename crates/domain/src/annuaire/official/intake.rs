//! Files taken chunk after chunk, whatever their number and their order of size.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::columns::{folded, foreign, titles, without_bom, without_end};
use super::gather::identifiers;
use super::{Area, Extras, Reason, Refusal, Row, Unreadable, diplomas, finess, gather, mssante, rpps, savoir_faire};
use crate::annuaire::entry::Entry;
use crate::time::{Day, day_of};

/// Refused rows told one by one; the others are counted, so that a file made of errors does not fill the memory.
pub const REFUSALS_SHOWN: usize = 1_000;

/// No line of an official file is near so long: without this, a file without line ends would be held whole.
const LONGEST_LINE: usize = 64 * 1024;

/// An official file, told by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Activities,
    SavoirFaire,
    Diplomas,
    Mssante,
    Finess,
}

impl FileKind {
    /// # Errors
    /// [`Unreadable`] when it is none of them.
    pub fn of(first: &[u8]) -> Result<Self, Unreadable> {
        let first = without_end(without_bom(first));
        if let Some(other) = foreign(first) {
            return Err(other);
        }
        if finess::Reader::new(first).is_ok() {
            return Ok(Self::Finess);
        }
        let titles = titles(first)?;
        let has = |title: &str| titles.contains(&folded(title));
        if has(mssante::TITLES[1]) {
            Ok(Self::Mssante)
        } else if has(diplomas::TITLES[7]) {
            Ok(Self::Diplomas)
        } else if has(rpps::TITLES[17]) || has(rpps::TITLES[36]) || has(rpps::TITLES[35]) {
            Ok(Self::Activities)
        } else if has(savoir_faire::TITLES[11]) {
            Ok(Self::SavoirFaire)
        } else if has(rpps::TITLES[1]) {
            // Something of the Annuaire Santé: what it lacks to be its main file says more than « unknown ».
            Ok(Self::Activities)
        } else {
            Err(Unreadable::Unknown)
        }
    }

    /// The name the file is published under.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Activities => "PS_LibreAcces_Personne_activite",
            Self::SavoirFaire => "PS_LibreAcces_SavoirFaire",
            Self::Diplomas => "PS_LibreAcces_Dipl_AutExerc",
            Self::Mssante => "Extraction_Correspondance_MSSante",
            Self::Finess => "FINESS",
        }
    }
}

/// What happened to the lines of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The header is one of them.
    pub lines: u64,
    pub kept: u64,
    pub refused: u64,
}

/// Reads official files one after the other, and keeps what is for a territory.
///
/// The file of activities comes first: it tells whose savoir-faire, diplomas and mailboxes to keep.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    area: Area,
    activities: Vec<rpps::Activity>,
    people: BTreeSet<String>,
    extras: Extras,
    structures: BTreeMap<String, finess::Structure>,
    places: BTreeMap<String, (f64, f64)>,
    /// The first [`REFUSALS_SHOWN`] lines left out of the file being read.
    pub refusals: Vec<Refusal>,
    counts: Counts,
    asked: Option<FileKind>,
    reader: Option<Reader>,
    /// The beginning of a line whose end is still to come.
    begun: Vec<u8>,
    /// The rest of a line too long to be one is not kept.
    skipping: bool,
}

#[derive(Clone, Debug)]
enum Reader {
    Activities(rpps::Reader),
    SavoirFaire(savoir_faire::Reader),
    Diplomas(diplomas::Reader),
    Mssante(mssante::Reader),
    Finess(finess::Reader),
}

impl Intake {
    #[must_use]
    pub fn new(area: Area) -> Self {
        Self { area, ..Self::default() }
    }

    /// A new file begins: of this kind, or of the kind its first line tells.
    pub fn begin(&mut self, asked: Option<FileKind>) {
        self.asked = asked;
        self.reader = None;
        self.counts = Counts::default();
        self.refusals.clear();
        self.begun.clear();
        self.skipping = false;
        self.people = identifiers(&self.activities);
    }

    /// The next bytes of the file, cut anywhere.
    ///
    /// # Errors
    /// [`Unreadable`] when it is not such a file: nothing was kept of it.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        let mut rest = bytes;
        while let Some((line, after)) = first_line(rest) {
            rest = after;
            if self.begun.is_empty() && !self.skipping {
                self.line(line)?;
            } else {
                self.hold(line)?;
                self.finish_line()?;
            }
        }
        self.hold(rest)
    }

    /// The end of the file.
    ///
    /// # Errors
    /// [`Unreadable`] when the file is empty, or a first line alone that is not one.
    pub fn end(&mut self) -> Result<Counts, Unreadable> {
        if !self.begun.is_empty() || self.skipping {
            self.finish_line()?;
        }
        if self.reader.is_none() {
            return Err(Unreadable::Empty);
        }
        Ok(self.counts)
    }

    /// So far, for a progress bar.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// The kind of the file being read, once its first line is known.
    #[must_use]
    pub fn kind(&self) -> Option<FileKind> {
        self.reader.as_ref().map(|reader| match reader {
            Reader::Activities(_) => FileKind::Activities,
            Reader::SavoirFaire(_) => FileKind::SavoirFaire,
            Reader::Diplomas(_) => FileKind::Diplomas,
            Reader::Mssante(_) => FileKind::Mssante,
            Reader::Finess(_) => FileKind::Finess,
        })
    }

    /// The day the file itself says: FINESS writes it in its first line.
    #[must_use]
    pub fn day(&self) -> Option<Day> {
        match &self.reader {
            Some(Reader::Finess(reader)) => reader.on,
            _ => None,
        }
    }

    /// The cards of all the files read: people first, then structures.
    #[must_use]
    pub fn entries(self, on: Day) -> Vec<Entry> {
        self.cards(on).collect()
    }

    /// The same, each made when it is asked for.
    pub fn cards(&self, on: Day) -> impl Iterator<Item = Entry> + use<'_> {
        gather(&self.activities, &self.extras, on).chain(finess::gather(&self.structures, &self.places, on))
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        if self.skipping || self.begun.len() + bytes.len() > LONGEST_LINE {
            if self.reader.is_none() {
                return Err(foreign(without_bom(&self.begun))
                    .or_else(|| foreign(bytes))
                    .unwrap_or(Unreadable::Unknown));
            }
            self.skipping = true;
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn finish_line(&mut self) -> Result<(), Unreadable> {
        if std::mem::take(&mut self.skipping) {
            self.counts.lines += 1;
            self.refuse(Reason::TooLong);
            return Ok(());
        }
        let line = std::mem::take(&mut self.begun);
        let done = self.line(&line);
        // The room is kept for the next line cut in two.
        self.begun = line;
        self.begun.clear();
        done
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Unreadable> {
        self.counts.lines += 1;
        let Some(reader) = &self.reader else { return self.first(line) };
        match reader {
            Reader::Activities(reader) => match reader.row(line, &self.area) {
                Row::Elsewhere => {}
                Row::Refused(reason) => self.refuse(reason),
                Row::Kept(activity) => {
                    self.counts.kept += 1;
                    self.activities.push(*activity);
                }
            },
            Reader::SavoirFaire(reader) => {
                let row = reader.row(line, &self.people);
                self.say(row, Extras::savoir_faire);
            }
            Reader::Diplomas(reader) => {
                let row = reader.row(line, &self.people);
                self.say(row, Extras::diploma);
            }
            Reader::Mssante(reader) => {
                let row = reader.row(line, &self.people);
                self.say(row, Extras::mssante);
            }
            Reader::Finess(reader) => match reader.row(line, &self.area) {
                Row::Elsewhere => {}
                Row::Refused(reason) => self.refuse(reason),
                Row::Kept(fact) => self.finess(*fact),
            },
        }
        Ok(())
    }

    fn say<T>(&mut self, row: Row<super::joined::Said<T>>, add: fn(&mut Extras, super::joined::Said<T>)) {
        match row {
            Row::Elsewhere => {}
            Row::Refused(reason) => self.refuse(reason),
            Row::Kept(said) => {
                self.counts.kept += 1;
                add(&mut self.extras, *said);
            }
        }
    }

    fn finess(&mut self, fact: finess::Fact) {
        match fact {
            finess::Fact::Structure(structure) => {
                self.counts.kept += 1;
                self.structures.insert(structure.finess.clone(), *structure);
            }
            // The places come after the structures: those of other territories are known by then.
            finess::Fact::Place { finess, at } if self.structures.contains_key(&finess) => {
                self.places.insert(finess, at);
            }
            finess::Fact::Place { .. } => {}
        }
    }

    fn refuse(&mut self, reason: Reason) {
        self.counts.refused += 1;
        if self.refusals.len() < REFUSALS_SHOWN {
            self.refusals.push(Refusal { line: self.counts.lines, reason });
        }
    }

    fn first(&mut self, line: &[u8]) -> Result<(), Unreadable> {
        let given = FileKind::of(line)?;
        if let Some(asked) = self.asked.filter(|asked| *asked != given) {
            return Err(Unreadable::Another { asked: asked.name(), given: given.name() });
        }
        self.reader = Some(match given {
            FileKind::Activities => Reader::Activities(rpps::Reader::new(line)?),
            FileKind::SavoirFaire => Reader::SavoirFaire(savoir_faire::Reader::new(line)?),
            FileKind::Diplomas => Reader::Diplomas(diplomas::Reader::new(line)?),
            FileKind::Mssante => Reader::Mssante(mssante::Reader::new(line)?),
            FileKind::Finess => Reader::Finess(finess::Reader::new(line)?),
        });
        // A file of FINESS cut by somebody begins with a row.
        if given == FileKind::Finess && self.day().is_none() { self.row_of_first(line) } else { Ok(()) }
    }

    fn row_of_first(&mut self, line: &[u8]) -> Result<(), Unreadable> {
        self.counts.lines -= 1;
        self.line(line)
    }
}

/// What comes before the first end of line, and what comes after. [`BufRead`] looks for it many bytes at a time.
fn first_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut after = bytes;
    // Reading from a slice cannot fail.
    let read = after.skip_until(b'\n').unwrap_or_default();
    let line = bytes.get(..read)?.strip_suffix(b"\n")?;
    Some((line, after))
}

/// The day a file's name says: `PS_LibreAcces_Personne_activite_202611010822.txt` → 2026-11-01.
#[must_use]
pub fn day_of_name(name: &str) -> Option<Day> {
    let day = |digits: &str| {
        let (year, rest) = digits.split_at_checked(4)?;
        let (month, rest) = rest.split_at_checked(2)?;
        let day = rest.get(..2)?;
        day_of(&format!("{year}-{month}-{day}")).filter(|_| year.starts_with("20"))
    };
    let runs = name.split(|letter: char| !letter.is_ascii_digit());
    runs.filter(|run| matches!(run.len(), 8 | 12 | 14)).find_map(day).map(Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_day() {
        let day = |name: &str| day_of_name(name).map(|day| day.to_string());
        assert_eq!(day("PS_LibreAcces_Personne_activite_202611010822.txt").as_deref(), Some("2026-11-01"));
        assert_eq!(day("etalab-cs1100507-stock-20260512-0339.csv").as_deref(), Some("2026-05-12"));
        assert_eq!(day("ps-libreacces-savoirfaire.txt"), None);
        assert_eq!(day("extrait_202613010822.txt"), None, "there is no thirteenth month");
        assert_eq!(day("extrait_31190311.txt"), None);
    }

    #[test]
    fn a_file_made_of_errors_or_of_one_endless_line_fills_no_memory() {
        let mut intake = Intake::new(Area::default());
        intake.begin(None);
        let header = rpps::TITLES.join("|");
        intake.push(header.as_bytes()).expect("the header");
        for _ in 0..REFUSALS_SHOWN + 50 {
            intake.push(b"\na|b").expect("a short line");
        }
        intake.push(b"\n").expect("the end of a line");
        for _ in 0..10 * LONGEST_LINE / 1_000 {
            intake.push(&[b'x'; 1_000]).expect("a part of a line");
            assert!(intake.begun.len() <= LONGEST_LINE);
        }
        intake.push(b"\n").expect("the end of the line");
        let counts = intake.end().expect("the file is read");
        assert_eq!((counts.lines, counts.kept, counts.refused), (1_052, 0, 1_051));
        assert_eq!(intake.refusals.len(), REFUSALS_SHOWN);
        assert_eq!(intake.refusals[0].line, 2);
    }

    #[test]
    fn bytes_without_any_line_are_no_file() {
        let mut intake = Intake::new(Area::default());
        intake.begin(None);
        let read = (0..100).try_for_each(|_| intake.push(&[0; 1_024]));
        assert_eq!(read, Err(Unreadable::Unknown));
    }
}
