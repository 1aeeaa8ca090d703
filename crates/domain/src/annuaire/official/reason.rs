//! Why a file, or one of its lines, cannot be read: sentences for the person who gave it.

use std::fmt;

/// Why one line was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// More or fewer columns than the header names: the values may be shifted, so none is trusted.
    Columns {
        found: usize,
        expected: usize,
    },
    /// Fewer cells than a row of a file without header must have.
    TooShort {
        found: usize,
        least: usize,
    },
    /// Bytes that are not UTF-8.
    Encoding,
    /// Nor RPPS nor ADELI (« Type d’identifiant PP »).
    IdentifierType(String),
    Rpps(String),
    Adeli(String),
    Finess(String),
    /// « Identification nationale PP » is not the type followed by the identifier.
    NationalIdentifier,
    /// Nobody can be shown without one.
    NoName,
    /// A line longer than any real one.
    TooLong,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { found, expected } => write!(
                f,
                "La ligne a {found} colonnes, l’en-tête en annonce {expected}\u{a0}: ses valeurs ne sont peut-être pas à leur place."
            ),
            Self::TooShort { found, least } => write!(
                f,
                "La ligne a {found} colonnes, il en faut au moins {least}\u{a0}: ses valeurs ne sont peut-être pas à leur place."
            ),
            Self::Encoding => f.write_str("La ligne contient des caractères qui ne sont pas en UTF-8."),
            Self::IdentifierType(given) => {
                write!(f, "Le type d’identifiant «\u{a0}{given}\u{a0}» est inconnu (8 pour RPPS, 0 pour ADELI).")
            }
            Self::Rpps(given) => {
                write!(f, "Le numéro RPPS «\u{a0}{given}\u{a0}» est faux\u{a0}: il faut 11 chiffres et une clé juste.")
            }
            Self::Adeli(given) => {
                write!(
                    f,
                    "Le numéro ADELI «\u{a0}{given}\u{a0}» est faux\u{a0}: il faut 9 caractères et une clé juste."
                )
            }
            Self::Finess(given) => {
                write!(
                    f,
                    "Le numéro FINESS «\u{a0}{given}\u{a0}» est faux\u{a0}: il faut 9 caractères et une clé juste."
                )
            }
            Self::NationalIdentifier => {
                f.write_str("L’identification nationale ne correspond pas à l’identifiant de la même ligne.")
            }
            Self::NoName => f.write_str("La ligne n’a pas de nom."),
            Self::TooLong => f.write_str("La ligne est beaucoup trop longue pour être vraie."),
        }
    }
}

/// One line left out: its number in the file (the header is line 1) and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub line: u64,
    pub reason: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ligne {}\u{a0}: {}", self.line, self.reason)
    }
}

/// Why nothing at all was taken from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Empty,
    /// Accents written in Windows-1252 (or Latin-1).
    Windows1252,
    Utf16,
    /// A ZIP archive, as the files are downloaded.
    Archive,
    Spreadsheet,
    Pdf,
    WebPage,
    Json,
    /// Another separator than `|`: `;`, `,` or a tab.
    Separator(char),
    /// Columns without which nothing can be read, as the official file names them.
    Missing(Vec<&'static str>),
    /// One of the official files, but not the one that was asked for.
    Another {
        asked: &'static str,
        given: &'static str,
    },
    Unknown,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Le fichier est vide.")?,
            Self::Windows1252 => f.write_str(
                "Le fichier n’est pas en UTF-8\u{a0}: ses accents ont sans doute été changés par un tableur. \
                 Prenez-le tel qu’il a été téléchargé, sans l’ouvrir ni l’enregistrer.",
            )?,
            Self::Utf16 => f.write_str(
                "Le fichier est en UTF-16, pas en UTF-8. Prenez-le tel qu’il a été téléchargé, sans l’enregistrer à nouveau.",
            )?,
            Self::Archive => f.write_str(
                "C’est une archive ZIP. Ouvrez-la, puis donnez le fichier .txt ou .csv qui est dedans.",
            )?,
            Self::Spreadsheet => f.write_str(
                "C’est un classeur de tableur, pas le fichier officiel. \
                 Prenez le fichier .txt ou .csv tel qu’il a été téléchargé, sans l’enregistrer à nouveau.",
            )?,
            Self::Pdf => f.write_str("C’est un document PDF, pas le fichier officiel.")?,
            Self::WebPage => f.write_str(
                "C’est une page internet, pas le fichier officiel\u{a0}: le téléchargement a sans doute échoué. Téléchargez-le à nouveau.",
            )?,
            Self::Json => f.write_str("C’est un fichier JSON, pas le fichier officiel.")?,
            Self::Separator(found) => {
                let found = match found {
                    ';' => "des points-virgules",
                    '\t' => "des tabulations",
                    _ => "des virgules",
                };
                write!(
                    f,
                    "Les colonnes sont séparées par {found}, pas par des barres «\u{a0}|\u{a0}». \
                     Prenez le fichier tel qu’il a été téléchargé, sans l’enregistrer à nouveau."
                )?;
            }
            Self::Missing(columns) => {
                let named: Vec<String> = columns.iter().map(|column| format!("«\u{a0}{column}\u{a0}»")).collect();
                let named = crate::french::join(&named);
                match columns.len() {
                    1 => write!(f, "Il manque la colonne {named}.")?,
                    _ => write!(f, "Il manque les colonnes {named}.")?,
                }
            }
            Self::Another { asked, given } => {
                write!(f, "C’est le fichier «\u{a0}{given}\u{a0}», pas le fichier «\u{a0}{asked}\u{a0}».")?;
            }
            Self::Unknown => f.write_str("Ce n’est pas un des fichiers de l’Annuaire Santé ou de FINESS.")?,
        }
        f.write_str(" Rien n’a été importé.")
    }
}
