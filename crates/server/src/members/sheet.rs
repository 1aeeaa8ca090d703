//! The members' spreadsheet, as the administration has it: what can be read of it, line by line. Nothing is made here.

use std::collections::{BTreeMap, BTreeSet};

use domain::french::{NBSP, fold};
use sync::protocol::access::{NewMember, Sheet};

use super::columns::Columns;
use super::{checked, csv, login, login_of, xlsx};

/// Bytes of a file, at most.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Members of a file, at most.
pub const MAX_MEMBERS: usize = 1000;

/// A line of the file, from 1, and its cells.
pub type Row = (u64, Vec<String>);

/// Why nothing of a file can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    NotASheet,
    TooLarge,
    /// No line has a title for names.
    NoNames,
}

/// Reads a file. `accounts`: login and name of those who have one already.
pub fn read(bytes: &[u8], accounts: &[(String, String)]) -> Result<Sheet, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let rows = if xlsx::is_one(bytes) { xlsx::rows(bytes)? } else { csv::rows(bytes)? };
    let (titles, columns) = Columns::find(&rows).ok_or(Unreadable::NoNames)?;
    let rows: Vec<&Row> =
        rows[titles + 1..].iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty())).collect();
    if rows.len() > MAX_MEMBERS {
        return Err(Unreadable::TooLarge);
    }
    let mut reading = Reading {
        logins: accounts.iter().map(|(login, _)| login.clone()).collect(),
        names: accounts.iter().map(|(login, name)| (fold(name), Namesake::Account(login.clone()))).collect(),
    };
    let mut sheet = Sheet { members: Vec::new(), refused: Vec::new() };
    for (line, cells) in rows {
        match columns.member(cells).and_then(|member| reading.accept(*line, &member)) {
            Ok(member) => sheet.members.push(member),
            Err(reason) => sheet.refused.push((*line, reason)),
        }
    }
    Ok(sheet)
}

/// Who is known so far.
struct Reading {
    logins: BTreeSet<String>,
    /// By folded name.
    names: BTreeMap<String, Namesake>,
}

enum Namesake {
    Account(String),
    Line(u64),
}

impl Reading {
    fn accept(&mut self, line: u64, member: &NewMember) -> Result<NewMember, String> {
        let mut member = checked(member)?;
        let name = &member.name;
        match self.names.get(&fold(name)) {
            Some(Namesake::Account(login)) => {
                return Err(format!(
                    "{name} a déjà un compte ({login}). Si c’est quelqu’un d’autre, invitez cette personne à part."
                ));
            }
            Some(Namesake::Line(line)) => {
                return Err(format!(
                    "{name} est déjà à la ligne {line}. Si c’est quelqu’un d’autre, invitez cette personne à part."
                ));
            }
            None => {}
        }
        member.login = if member.login.is_empty() { self.free(&login_of(name)) } else { login(&member.login)? };
        if !self.logins.insert(member.login.clone()) {
            let taken = &member.login;
            return Err(format!("L’identifiant «{NBSP}{taken}{NBSP}» est déjà pris. Choisissez-en un autre."));
        }
        self.names.insert(fold(&member.name), Namesake::Line(line));
        Ok(member)
    }

    /// The login, or the first of its namesakes that is free.
    fn free(&self, made: &str) -> String {
        let more = (2..).map(|namesake: u32| format!("{made}{namesake}"));
        let mut tried = std::iter::once(made.to_owned()).chain(more);
        tried.find(|login| !self.logins.contains(login)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        name: String,
        #[serde(rename = "source")]
        _source: String,
        file: String,
        #[serde(default)]
        accounts: Vec<(String, String)>,
        members: Vec<NewMember>,
        /// Line, and words of the reason.
        refused: Vec<(u64, String)>,
    }

    fn file(name: &str) -> Vec<u8> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/members/cases").join(name)).unwrap()
    }

    #[test]
    fn files_are_read_as_their_cases_say() {
        let cases: Vec<Case> = serde_json::from_slice(&file("cases.json")).unwrap();
        for Case { name, file: path, accounts, members, refused, .. } in cases {
            let sheet = read(&file(&path), &accounts).unwrap();
            assert_eq!(sheet.members, members, "{name}");
            let lines = |refused: &[(u64, String)]| refused.iter().map(|(line, _)| *line).collect::<Vec<_>>();
            assert_eq!(lines(&sheet.refused), lines(&refused), "{name}: {:?}", sheet.refused);
            for ((line, reason), (_, words)) in sheet.refused.iter().zip(&refused) {
                assert!(reason.contains(words), "{name}, line {line}: {reason}");
                assert!(reason.ends_with('.'), "{reason}");
            }
        }
    }

    #[test]
    fn what_is_no_spreadsheet_is_said_so() {
        let long = |lines: usize| {
            let lines = (0..lines).map(|line| format!("Odile Ferran{line};Médecin\n"));
            format!("Nom;Profession\n{}", lines.collect::<String>()).into_bytes()
        };
        assert_eq!(read(&long(MAX_MEMBERS), &[]).unwrap().members.len(), MAX_MEMBERS);
        assert_eq!(read(&long(MAX_MEMBERS + 1), &[]).unwrap_err(), Unreadable::TooLarge);
        assert_eq!(read(&vec![b'x'; MAX_BYTES + 1], &[]).unwrap_err(), Unreadable::TooLarge);
        for (bytes, why) in [
            (&b""[..], Unreadable::NoNames),
            (b"<html><script>", Unreadable::NoNames),
            (b"Pr\xe9nom;M\xe9tier\nClaire;Infirmi\xe8re", Unreadable::NoNames),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Unreadable::NotASheet),
            (b"PK\x03\x04", Unreadable::NotASheet),
            (b"PK", Unreadable::NotASheet),
        ] {
            assert_eq!(read(bytes, &[]).unwrap_err(), why, "{bytes:?}");
        }
    }
}
