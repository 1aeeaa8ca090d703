//! Which column of a spreadsheet holds what, by the words of its first line.

use domain::french::{fold, name_case};
use domain::identifiers::Rpps;
use domain::people::Role;
use sync::protocol::access::NewMember;

use super::{roles_known, text};

/// Lines read before a title line is given up: a sheet often begins with its own name.
const HEAD: usize = 10;

/// Positions of what is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    name: usize,
    given_name: Option<usize>,
    login: Option<usize>,
    profession: Option<usize>,
    roles: Option<usize>,
    rpps: Option<usize>,
}

impl Columns {
    /// The title line among the first ones: its position and its columns. It is the one with a name.
    pub fn find(rows: &[(u64, Vec<String>)]) -> Option<(usize, Self)> {
        rows.iter().take(HEAD).enumerate().find_map(|(at, (_, cells))| Some((at, Self::of(cells)?)))
    }

    fn of(cells: &[String]) -> Option<Self> {
        let titles: Vec<String> = cells.iter().map(|cell| title(cell)).collect();
        let at = |known: &[&str]| titles.iter().position(|title| known.contains(&title.as_str()));
        Some(Self {
            name: at(&[
                "nom",
                "noms",
                "nom de famille",
                "nom d exercice",
                "nom et prenom",
                "nom prenom",
                "prenom nom",
                "prenom et nom",
                "nom complet",
            ])?,
            given_name: at(&["prenom", "prenoms", "prenom d exercice"]),
            login: at(&["identifiant", "login", "identifiant de connexion"]),
            profession: at(&["profession", "metier", "fonction", "specialite"]),
            roles: at(&["role", "roles", "role s"]),
            rpps: at(&["rpps", "numero rpps", "n rpps", "no rpps", "identifiant rpps"]),
        })
    }

    /// How many columns are known, to tell which separator is the right one.
    pub fn count(&self) -> usize {
        let known = [self.given_name, self.login, self.profession, self.roles, self.rpps];
        1 + known.iter().flatten().count()
    }

    /// The member of a line as it is written; or why it cannot be read.
    pub fn member(&self, cells: &[String]) -> Result<NewMember, String> {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        // One that is wrong tells of columns that slipped.
        let rpps = Some(cell(self.rpps)).filter(|rpps| !rpps.is_empty()).map(str::parse::<Rpps>);
        let rpps = rpps.transpose().map_err(|error| error.to_string())?;
        let given_name = name_case(&text("prénom", cell(self.given_name))?);
        let name = name_case(&text("nom", cell(Some(self.name)))?);
        Ok(NewMember {
            name: format!("{given_name} {name}").trim().to_owned(),
            login: cell(self.login).to_owned(),
            profession: cell(self.profession).to_owned(),
            roles: roles(cell(self.roles))?,
            rpps,
        })
    }
}

/// « Rôle(s) » is `role s`, « N° RPPS » is `n rpps`.
fn title(cell: &str) -> String {
    let folded = fold(cell);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The roles of a cell; a sheet without any is one of professionals.
fn roles(cell: &str) -> Result<Vec<Role>, String> {
    let words = cell.split([',', ';', '/', '+', '&', '|', '\n']).map(fold).filter(|word| !word.is_empty());
    let words: Vec<String> = words.flat_map(|word| word.split(" et ").map(str::to_owned).collect::<Vec<_>>()).collect();
    if words.is_empty() {
        return Ok(vec![Role::Professional]);
    }
    words.iter().map(|word| role(word.trim())).collect()
}

fn role(word: &str) -> Result<Role, String> {
    match word {
        "sentinelle" => Ok(Role::Sentinel),
        "professionnel" | "professionnelle" | "professionnel de sante" | "professionnelle de sante" | "pro" => {
            Ok(Role::Professional)
        }
        "coordination" | "coordinateur" | "coordinatrice" | "coordonnateur" | "coordonnatrice" => Ok(Role::Coordinator),
        "administration" | "administrateur" | "administratrice" | "admin" => Ok(Role::Administrator),
        _ => Err(format!("Ce rôle n’existe pas. {}", roles_known())),
    }
}
