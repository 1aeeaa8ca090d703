//! `cardabelle demo`

use anyhow::{Result, bail};

use super::{Data, open};
use crate::{clock, demo};

#[derive(Debug, clap::Args)]
pub struct Demo {
    #[command(flatten)]
    data: Data,
}

impl Demo {
    pub async fn run(self) -> Result<()> {
        let store = open(&self.data.data).await?;
        match store.territory().await? {
            None => {
                let territory = demo::load(&store, clock::now()).await?;
                println!("« {} » is loaded in {}", territory.name, self.data.data.display());
            }
            Some(territory) if territory.demo => println!("« {} » is already there", territory.name),
            Some(territory) => bail!("this folder holds « {} », which is not a demonstration", territory.name),
        }
        store.close().await;
        Ok(())
    }
}
