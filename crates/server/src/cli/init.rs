//! `cardabelle init`

use anyhow::{Result, bail};
use domain::people::Role;

use super::{Data, open, password};
use crate::secret;
use crate::store::NewAccount;

#[derive(Debug, clap::Args)]
pub struct Init {
    #[command(flatten)]
    data: Data,
    /// Name of the CPTS, as people read it.
    #[arg(long, env = "CARDABELLE_TERRITORY")]
    territory: String,
    /// Login of the first administrator.
    #[arg(long, env = "CARDABELLE_ADMIN", value_name = "LOGIN")]
    admin: String,
    #[command(flatten)]
    password: password::Source,
}

impl Init {
    pub async fn run(self) -> Result<()> {
        let store = open(&self.data.data).await?;
        if let Some(territory) = store.territory().await? {
            bail!("this folder already holds « {} »", territory.name);
        }
        let password_hash = secret::hash_password(&self.password.read()?).await?;
        let admin = NewAccount {
            login: self.admin.clone(),
            name: self.admin,
            profession: "Administration".into(),
            roles: vec![Role::Administrator],
            password_hash,
        };
        let territory = store.create_territory(self.territory.trim(), false, &[admin]).await?;
        println!("« {} » is ready in {}", territory.name, self.data.data.display());
        store.close().await;
        Ok(())
    }
}
