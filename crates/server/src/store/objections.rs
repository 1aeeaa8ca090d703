//! Who objected, listed in a file beside the database and beside its backups like [`super::erased`]: a backup made before
//! an objection knows nothing of it, and the next import after its restoration would bring the person back. Official
//! identifiers and nothing else.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use domain::id::TerritoryId;

/// Name of the list: one line per objection, the territory then the identifier.
pub const FILE: &str = "objections.txt";

/// Adds objections to the list of a folder; flushed when this returns.
pub fn append(folder: &Path, territory: TerritoryId, identifiers: &BTreeSet<String>) -> io::Result<()> {
    let there = list(folder)?;
    let lines: BTreeSet<String> = identifiers.iter().map(|one| format!("{territory} {one}")).collect();
    add(folder, lines.difference(&there))
}

/// Adds to the list of `to` what only the list of `from` has.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let there = list(to)?;
    add(to, list(from)?.difference(&there))
}

/// The identifiers listed for a territory.
pub fn of(folder: &Path, territory: TerritoryId) -> io::Result<BTreeSet<String>> {
    let begins = format!("{territory} ");
    Ok(list(folder)?.iter().filter_map(|line| line.strip_prefix(&begins)).map(str::to_owned).collect())
}

fn list(folder: &Path) -> io::Result<BTreeSet<String>> {
    match fs::read_to_string(folder.join(FILE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeSet::new()),
        text => Ok(text?.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()),
    }
}

fn add<'a>(folder: &Path, lines: impl Iterator<Item = &'a String>) -> io::Result<()> {
    // A line that a power cut left unfinished must not swallow the first of these.
    let text: String = lines.map(|line| format!("\n{line}\n")).collect();
    if text.is_empty() {
        return Ok(());
    }
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join(FILE))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_objection_is_listed_once_for_its_territory() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let territory = |id| TerritoryId(uuid::Uuid::from_u128(id));
        let one = |text: &str| BTreeSet::from([text.to_owned()]);
        assert!(of(here.path(), territory(1)).unwrap().is_empty(), "no list yet");
        append(here.path(), territory(1), &one("rpps:99700000013")).unwrap();
        append(here.path(), territory(2), &one("rpps:99700000021")).unwrap();
        fs::write(there.path().join(FILE), "cut by a power c").unwrap();
        copy(here.path(), there.path()).unwrap();
        copy(here.path(), there.path()).unwrap();
        append(there.path(), territory(1), &one("rpps:99700000013")).unwrap();
        assert_eq!(of(there.path(), territory(1)).unwrap(), one("rpps:99700000013"));
        assert_eq!(fs::read_to_string(there.path().join(FILE)).unwrap().matches("99700000013").count(), 1);
    }
}
