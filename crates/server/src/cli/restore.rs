//! `cardabelle restore`: a backup takes the place of the database, which is set aside.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use domain::Timestamp;

use super::{Data, backup::PART};
use crate::clock;
use crate::store::backup::{self, Contents};
use crate::store::{FILE, Lock, Store, erased, objections};

/// Where the backup is made ready, in the data folder.
const ASIDE: &str = "being-restored";
/// What SQLite keeps beside a database.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

#[derive(Debug, clap::Args)]
pub struct Restore {
    #[command(flatten)]
    data: Data,
    /// Restore a backup although a later one was made: what devices have already let go of is then lost.
    #[arg(long)]
    even_if_older: bool,
    /// The backup, with `erased.txt` and `objections.txt` beside it.
    file: PathBuf,
}

impl Restore {
    pub async fn run(self) -> Result<()> {
        let data = &self.data.data;
        fs::create_dir_all(data).with_context(|| format!("Le dossier {} ne peut pas être créé.", data.display()))?;
        let _lock = Lock::alone(data)?.with_context(|| {
            format!("Un serveur ou une commande utilise {}. Arrêtez le serveur, puis recommencez.", data.display())
        })?;
        ensure!(
            self.file.extension().is_none_or(|extension| extension != PART),
            "{} est une sauvegarde interrompue. Choisissez-en une autre.",
            self.file.display()
        );
        let aside = data.join(ASIDE);
        absent(fs::remove_dir_all(&aside))?;
        let restored = self.restore(&aside).await;
        let left = absent(fs::remove_dir_all(&aside));
        println!("{}", restored.context("La restauration n’a pas été faite. Rien n’a été remplacé.")?);
        left.context("La base est restaurée, mais le dossier de travail n’a pas pu être retiré.")?;
        erased::sync_folder(data).context("La base est restaurée, mais le disque ne l’a pas confirmé. Recommencez.")
    }

    async fn restore(&self, aside: &Path) -> Result<String> {
        let data = &self.data.data;
        fs::create_dir(aside)?;
        println!("Copie et vérification de la sauvegarde");
        copy_whole(&self.file, &aside.join(FILE))?;
        let damaged = "Cette sauvegarde est abîmée, ou n’en est pas une. Choisissez-en une autre.";
        // Folds in what SQLite kept beside it, if this is a database that was set aside.
        backup::settled(aside).await.context(damaged)?;
        let saved = backup::examine(&aside.join(FILE)).await.context(damaged)?;
        let present = present(data).await?;
        if let Some(present) = &present {
            self.accept(&saved, present)?;
        }

        if let Some(folder) = self.file.canonicalize()?.parent() {
            erased::copy(folder, data)?;
            objections::copy(folder, data)?;
        }
        let (list, unread) = erased::list(data)?;
        let objected = objections::of(data, saved.territory)?;
        let former = present.as_ref().map_or(0, |present| present.epoch).max(saved.epoch);
        let now = clock::now();
        let epoch = now.0.cast_unsigned().max(former + 1);
        let store = Store::open(aside).await?;
        let blanked = store.restored(saved.territory, epoch, &list, &objected, now).await;
        store.close().await;
        let blanked = blanked?;
        ensure!(!beside(&aside.join(FILE), BESIDE[0]).exists(), "the write-ahead log could not be folded in");
        File::open(aside.join(FILE))?.sync_all()?;

        let kept = put_in_place(&aside.join(FILE), data, now)?;
        Ok(words(&saved, kept.as_deref(), blanked, unread))
    }

    /// Refuses what would lose entries: devices let go of what a backup holds.
    fn accept(&self, saved: &Contents, present: &Contents) -> Result<()> {
        ensure!(
            saved.territory == present.territory,
            "Ce dossier est celui de « {} », la sauvegarde est celle de « {} ».",
            present.name,
            saved.name
        );
        let covers = if saved.epoch == present.epoch {
            saved.seq >= present.backed_up_seq
        } else {
            // Restored since: sequences do not compare, unless this is the very backup that was restored.
            saved.seq == present.backed_up_seq
        };
        if !covers && !self.even_if_older {
            bail!(
                "Une sauvegarde plus récente a été faite\u{a0}: les appareils n’ont plus tout ce qui manque à celle-ci. Restaurez la plus récente. Si elle est perdue, ajoutez --even-if-older."
            );
        }
        Ok(())
    }
}

/// What the database to be replaced holds, if it can still be read.
async fn present(data: &Path) -> Result<Option<Contents>> {
    if !data.join(FILE).exists() {
        return Ok(None);
    }
    match backup::settled(data).await {
        Ok(contents) => Ok(Some(contents)),
        Err(_) => {
            println!("La base présente ne peut plus être lue. Elle est mise de côté telle quelle.");
            Ok(None)
        }
    }
}

/// Sets the present database aside and gives the restored one its name. Killed in between, this leaves no database, which
/// `serve` refuses, and the present one whole under its new name. Answers that name.
fn put_in_place(restored: &Path, data: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let live = data.join(FILE);
    let kept = super::unused(data, "cardabelle-before", now);
    let was_there = live.exists();
    rename_whole(&live, &kept)?;
    if let Err(error) = fs::rename(restored, &live) {
        rename_whole(&kept, &live)?;
        return Err(error);
    }
    Ok(was_there.then_some(kept))
}

/// Renames a database with what SQLite kept beside it, even of one that is gone: it would apply that log to the database
/// that takes the name.
fn rename_whole(from: &Path, to: &Path) -> io::Result<()> {
    absent(fs::rename(from, to))?;
    BESIDE.iter().try_for_each(|end| absent(fs::rename(beside(from, end), beside(to, end))))
}

/// Copies a database file, with what SQLite may have kept beside it.
fn copy_whole(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("{} ne peut pas être lu.", from.display()))?;
    absent(fs::copy(beside(from, BESIDE[0]), beside(to, BESIDE[0])).map(drop))?;
    Ok(())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(end);
    name.into()
}

/// What is not there need not be moved.
fn absent(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// What was done, and what devices will do by themselves.
fn words(saved: &Contents, kept: Option<&Path>, blanked: u64, unread: usize) -> String {
    let mut words = vec![format!("« {} » est restauré\u{a0}: {}.", saved.name, super::operations(saved.operations))];
    if let Some(kept) = kept {
        words.push(format!("L’ancienne base est gardée sous le nom {}.", kept.display()));
    }
    words.push(format!("Dossiers effacés depuis cette sauvegarde, effacés à nouveau\u{a0}: {blanked}."));
    if unread > 0 {
        words.push(format!("Lignes de {} qui ne peuvent pas être lues\u{a0}: {unread}.", erased::FILE));
    }
    words.extend([
        "Démarrez le serveur. Les appareils reliront tout et renverront d’eux-mêmes ce qui manque à cette sauvegarde.".into(),
        "Une personne dont l’appareil a été inscrit depuis s’identifiera à nouveau\u{a0}: ses saisies partiront ensuite.".into(),
        "Refaites ce qui a été fait sur les comptes depuis\u{a0}: comptes ajoutés ou fermés, appareils retirés.".into(),
    ]);
    words.join("\n")
}
