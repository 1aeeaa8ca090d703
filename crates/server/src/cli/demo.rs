//! `cardabelle demo`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::{Data, open};
use crate::store::{FILE, Territory};
use crate::{clock, demo};

/// Where the demonstration is loaded, in the data folder.
const ASIDE: &str = "demo-being-loaded";

#[derive(Debug, clap::Args)]
pub struct Demo {
    #[command(flatten)]
    data: Data,
}

impl Demo {
    pub async fn run(self) -> Result<()> {
        let data = &self.data.data;
        match held(data).await? {
            None => {
                let territory = load_aside(data).await?;
                println!("« {} » is loaded in {}", territory.name, data.display());
            }
            Some(territory) if territory.demo => println!("« {} » is already there", territory.name),
            Some(territory) => bail!("this folder holds « {} », which is not a demonstration", territory.name),
        }
        Ok(())
    }
}

/// The territory of the folder. With none, whatever database is there holds nothing.
async fn held(data: &Path) -> Result<Option<Territory>> {
    if !data.join(FILE).exists() {
        return Ok(None);
    }
    let store = open(data).await?;
    let territory = store.territory().await?;
    store.close().await;
    ensure!(territory.is_some() || !log_of(data).exists(), "another command is using {}", data.display());
    Ok(territory)
}

/// Loads elsewhere then renames: killed at any instant, this leaves a whole demonstration or none.
async fn load_aside(data: &Path) -> Result<Territory> {
    let aside = data.join(ASIDE);
    absent(fs::remove_dir_all(&aside)).context("removing what an interrupted load left")?;
    let store = open(&aside).await?;
    let loaded = demo::load(&store, clock::now()).await;
    // Folds the write-ahead log into the file that is renamed.
    store.close().await;
    let territory = loaded?;
    ensure!(!log_of(&aside).exists(), "the database could not be closed: is the disk full?");
    // SQLite would apply the log of a database that is gone to the one that takes its name.
    absent(fs::remove_file(log_of(data))).context("removing the log of a former database")?;
    absent(fs::remove_file(data.join(format!("{FILE}-shm")))).context("removing the index of a former log")?;
    fs::rename(aside.join(FILE), data.join(FILE)).context("putting the demonstration in its place")?;
    fs::remove_dir_all(&aside).context("removing the folder of the load")?;
    Ok(territory)
}

/// SQLite's write-ahead log, there while a database is open or after a crash.
fn log_of(folder: &Path) -> PathBuf {
    folder.join(format!("{FILE}-wal"))
}

/// What is already gone need not be removed.
fn absent(removed: std::io::Result<()>) -> std::io::Result<()> {
    removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}
