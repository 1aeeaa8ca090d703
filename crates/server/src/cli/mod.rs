//! What an administrator types.

mod annuaire;
mod backup;
mod bring;
mod demo;
mod import;
mod init;
mod link;
mod lists;
mod password;
mod restore;
mod retention;
mod serve;
mod synthetic;
mod territory;
mod user;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use domain::Timestamp;
use domain::french::{counted, decimal};

use crate::store::{Store, Territory};

/// Cardabelle, the field notebook of a CPTS.
#[derive(Debug, Parser)]
#[command(name = "cardabelle", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create the database of a territory and its first administrator.
    Init(init::Init),
    /// Answer browsers until told to stop.
    Serve(serve::Serve),
    /// Add, list or disable accounts.
    #[command(subcommand)]
    User(user::User),
    /// Load an invented territory, to try Cardabelle.
    Demo(demo::Demo),
    /// Save a whole copy of the database; a server may be writing to it.
    Backup(backup::Backup),
    /// Put a backup in the place of the database; the server must be stopped.
    Restore(restore::Restore),
    /// Effacer ce dont la durée de conservation est passée, comme le serveur chaque jour.
    Retention(retention::Retention),
    /// Receive the entries that a device exported to a file.
    Bring(bring::Bring),
    /// Dire les communes du territoire, et ses réglages.
    #[command(subcommand)]
    Territory(territory::Territory),
    /// Remplir l’annuaire avec les fichiers officiels.
    #[command(subcommand)]
    Import(import::Import),
    /// Honorer une opposition, changer les listes de l’annuaire.
    #[command(subcommand)]
    Annuaire(annuaire::Annuaire),
    /// Écrire un fichier officiel inventé, pour essayer et mesurer.
    Synthetic(synthetic::Files),
}

/// Where the database is.
#[derive(Debug, clap::Args)]
struct Data {
    /// Folder of the database.
    #[arg(long, env = "CARDABELLE_DATA", value_name = "FOLDER")]
    data: PathBuf,
}

/// Runs one command.
pub async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Init(init) => init.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::User(user) => user.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Retention(retention) => retention.run().await,
        Command::Bring(bring) => bring.run().await,
        Command::Territory(territory) => territory.run().await,
        Command::Import(import) => import.run().await,
        Command::Annuaire(annuaire) => annuaire.run().await,
        Command::Synthetic(files) => files.run(),
    }
}

/// Opens the database of a folder, made if needed.
async fn open(data: &Path) -> Result<Store> {
    std::fs::create_dir_all(data).with_context(|| format!("creating the folder {}", data.display()))?;
    Store::open(data).await.with_context(|| format!("opening the database in {}", data.display()))
}

/// Opens a database that `init` or `demo` has prepared.
async fn open_ready(data: &Path) -> Result<(Store, Territory)> {
    let hint = "run `cardabelle init` (or `cardabelle demo`) first";
    anyhow::ensure!(data.join(crate::store::FILE).exists(), "no database in {}: {hint}", data.display());
    let store = open(data).await?;
    let territory = store.territory().await?.with_context(|| format!("no territory in {}: {hint}", data.display()))?;
    Ok((store, territory))
}

/// A file of this folder that does not exist yet, named after an instant: universal time, so that names sort as they were
/// made.
fn unused(folder: &Path, begins: &str, now: Timestamp) -> PathBuf {
    let stamp = now.local(0).format("%Y-%m-%d-%H%M%S");
    let names = (1..).map(|n| if n == 1 { String::new() } else { format!("-{n}") });
    let mut files = names.map(|more| folder.join(format!("{begins}-{stamp}{more}.sqlite")));
    files.find(|file| !file.exists()).unwrap_or_default()
}

/// « 1 204 opérations »
fn operations(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "opération", "opérations")
}

/// « 12,3 Mo »
fn weight(bytes: u64) -> String {
    format!("{}\u{a0}Mo", decimal(i64::try_from(bytes / 100_000).unwrap_or(i64::MAX), 1))
}
