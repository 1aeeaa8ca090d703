//! `cardabelle init`

use anyhow::{Result, bail};
use domain::people::Role;

use super::link::Address;
use super::{Data, open, password};
use crate::store::{NewAccount, NewLink};
use crate::{clock, secret};

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
    #[command(flatten)]
    address: Address,
}

impl Init {
    pub async fn run(self) -> Result<()> {
        let store = open(&self.data.data).await?;
        if let Some(territory) = store.territory().await? {
            bail!("this folder already holds « {} »", territory.name);
        }
        let password = self.password.read()?;
        let password_hash = match &password {
            Some(password) => secret::hash_password(password).await?,
            None => String::new(),
        };
        let admin = NewAccount {
            login: self.admin.clone(),
            name: self.admin.clone(),
            profession: "Administration".into(),
            roles: vec![Role::Administrator],
            rpps: None,
            password_hash,
        };
        let territory = store.create_territory(self.territory.trim(), false, &[admin]).await?;
        println!("« {} » is ready in {}", territory.name, self.data.data.display());
        if password.is_none()
            && let Some(admin) = store.account_by_login(territory.id, &self.admin).await?
        {
            let new = NewLink::another(&admin, &territory, false);
            let link = store.make_link(territory.id, admin.id, &new, clock::now()).await?;
            self.address.print(&admin.login, &link);
        }
        store.close().await;
        Ok(())
    }
}
