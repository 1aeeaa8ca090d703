//! `cardabelle user add|list|disable|hand-over`

use anyhow::{Context, Result, bail, ensure};
use clap::Subcommand;
use domain::people::Role;

use super::{Data, open_ready, password};
use crate::store::NewAccount;
use crate::{clock, secret};

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account.
    Add {
        #[command(flatten)]
        data: Data,
        #[arg(long)]
        login: String,
        /// First name and name, as colleagues read it.
        #[arg(long)]
        name: String,
        /// Such as « Infirmière ».
        #[arg(long)]
        profession: String,
        /// sentinel, professional, coordinator or administrator; may be repeated.
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
        #[command(flatten)]
        password: password::Source,
    },
    /// List the accounts.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Close the door to an account; what it wrote stays.
    Disable {
        #[command(flatten)]
        data: Data,
        #[arg(long)]
        login: String,
    },
    /// Confier à un collègue toutes les fiches d’un compte, quand son titulaire s’en va.
    HandOver {
        #[command(flatten)]
        data: Data,
        /// Identifiant de qui s’en va.
        #[arg(long, value_name = "LOGIN")]
        from: String,
        /// Identifiant de qui reçoit les fiches.
        #[arg(long, value_name = "LOGIN")]
        to: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let role = serde_json::from_value(text.into()).map_err(|_| format!("`{text}` is not a role"))?;
    match role {
        Role::Public | Role::StandSession => Err(format!("`{text}` is not the role of an account")),
        role => Ok(role),
    }
}

impl User {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Add { data, login, name, profession, roles, password } => {
                let (store, territory) = open_ready(&data.data).await?;
                ensure!(!login.trim().is_empty(), "a login is needed");
                let password_hash = secret::hash_password(&password.read()?).await?;
                let new = NewAccount { login, name, profession, roles, password_hash };
                store.add_account(territory.id, &new).await?.context("this login is already taken")?;
                println!("{} may sign in", new.login);
                store.close().await;
            }
            Self::List { data } => {
                let (store, territory) = open_ready(&data.data).await?;
                for account in store.accounts(territory.id).await? {
                    let roles: Vec<&str> = account.roles.iter().map(|role| role.label()).collect();
                    let state = if account.disabled { "  (désactivé)" } else { "" };
                    println!(
                        "{}\t{}\t{}\t{}{state}",
                        account.login,
                        account.name,
                        account.profession,
                        roles.join(", ")
                    );
                }
                store.close().await;
            }
            Self::Disable { data, login } => {
                let (store, territory) = open_ready(&data.data).await?;
                if !store.disable_account(territory.id, &login, clock::now()).await? {
                    bail!("no account has the login {login}");
                }
                println!("{login} may no longer sign in");
                store.close().await;
            }
            Self::HandOver { data, from, to } => {
                let (store, territory) = open_ready(&data.data).await?;
                let count = store.hand_over(territory.id, &from, &to).await?;
                store.close().await;
                match count {
                    0 => println!("{from} n’a aucune fiche\u{a0}: rien n’a changé."),
                    1 => println!("1 fiche de {from} est confiée à {to}."),
                    _ => println!("{count} fiches de {from} sont confiées à {to}."),
                }
                if count > 0 {
                    println!("Chaque appareil le saura à son prochain échange.");
                    println!(
                        "Ce que {from} n’avait pas encore envoyé sera gardé et mis de côté\u{a0}: rien n’est perdu."
                    );
                }
            }
        }
        Ok(())
    }
}
