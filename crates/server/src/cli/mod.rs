//! What an administrator types.

mod demo;
mod init;
mod password;
mod serve;
mod user;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

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
