//! `cardabelle backup`: a whole copy of the database, made while a server writes to it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::french::decimal;

use super::Data;
use crate::clock;
use crate::store::backup::{self, Contents};
use crate::store::{FILE, Lock, erased, objections};

/// What the name of a copy ends with until it is whole.
pub const PART: &str = "part";
/// Backups that nobody places elsewhere are there, in the data folder.
const FOLDER: &str = "backups";
/// Between two words on how far it is.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub struct Backup {
    #[command(flatten)]
    data: Data,
    /// File to write, or folder in which to write `cardabelle-YYYY-MM-DD-HHMMSS.sqlite` (universal time). Without it, the
    /// folder `backups` of the data folder: copy it to another machine.
    #[arg(long, value_name = "FILE|FOLDER")]
    to: Option<PathBuf>,
}

impl Backup {
    pub async fn run(self) -> Result<()> {
        let data = &self.data.data;
        ensure!(data.join(FILE).exists(), "Il n’y a rien à sauvegarder dans {}.", data.display());
        let _lock = Lock::shared(data)?.context("Une restauration est en cours dans ce dossier. Recommencez après.")?;
        let file = destination(data, self.to)?;
        let begun = Instant::now();
        let saved = save(data, &file)
            .await
            .context("La sauvegarde n’a pas été faite. Les appareils gardent ce qu’ils ont envoyé.")?;
        let bytes = fs::metadata(&file)?.len();
        println!("Sauvegarde faite\u{a0}: {}", file.display());
        let seconds = decimal(i64::try_from(begun.elapsed().as_millis() / 100).unwrap_or(i64::MAX), 1);
        println!("{}, {}, {seconds} s", super::operations(saved.operations), super::weight(bytes));
        Ok(())
    }
}

/// The file to write, in a folder that exists. What is already there is never replaced.
fn destination(data: &Path, to: Option<PathBuf>) -> Result<PathBuf> {
    let within = |folder: &Path| super::unused(folder, "cardabelle", clock::now());
    let file = match to {
        None => within(&data.join(FOLDER)),
        Some(to) if to.is_dir() => within(&to),
        Some(to) => to,
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("Le dossier {} ne peut pas être créé.", folder.display()))?;
    let name = file.file_name().context("Il manque le nom du fichier à écrire.")?;
    let file = folder.canonicalize()?.join(name);
    ensure!(!file.exists(), "{} existe déjà. Choisissez un autre nom.", file.display());
    Ok(file)
}

/// Writes aside, checks, then gives the file its name: killed at any instant, this leaves no file that could be taken for
/// a backup. Only then does the server say that a backup holds it all.
async fn save(data: &Path, file: &Path) -> Result<Contents> {
    let part = PathBuf::from(format!("{}.{PART}", file.display()));
    match fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let saved = match write(data, &part).await {
        Ok(saved) => saved,
        Err(error) => {
            // That error is the one that matters; what is left bears no name of a backup.
            let _ = fs::remove_file(&part);
            return Err(error);
        }
    };
    let folder = file.parent().context("a file in no folder")?;
    // After the copy: it knows no erasure, nor objection, that these lists do not have.
    erased::copy(data, folder)?;
    objections::copy(data, folder)?;
    fs::rename(&part, file)?;
    erased::sync_folder(folder)?;
    backup::hold(data, &saved).await?;
    Ok(saved)
}

async fn write(data: &Path, part: &Path) -> Result<Contents> {
    let whole = fs::metadata(data.join(FILE))?.len();
    let copy = backup::copy(data, part);
    tokio::pin!(copy);
    loop {
        tokio::select! {
            done = &mut copy => break done?,
            () = tokio::time::sleep(PATIENCE) => {
                let bytes = fs::metadata(part).map_or(0, |file| file.len());
                println!("Copie en cours\u{a0}: {} sur {} environ", super::weight(bytes), super::weight(whole));
            }
        }
    }
    File::open(part)?.sync_all()?;
    println!("Vérification de la copie");
    Ok(backup::examine(part).await?)
}
