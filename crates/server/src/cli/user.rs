//! `cardabelle user add|link|list|disable|hand-over`

use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::Subcommand;
use domain::id::TerritoryId;
use domain::identifiers::Rpps;
use domain::people::Role;

use super::link::Address;
use super::{Data, open_ready, password};
use crate::store::{Account, Disabling, InUse, Invite, NewAccount, NewLink, Store};
use crate::{clock, secret, totp};

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account: prints the one-time link with which its owner chooses a password.
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
        /// RPPS, 11 digits. Where Pro Santé Connect is configured, this account signs in through it alone.
        #[arg(long)]
        rpps: Option<Rpps>,
        #[command(flatten)]
        password: password::Source,
        #[command(flatten)]
        address: Address,
    },
    /// Refaire un lien, pour qui a perdu son mot de passe ou son téléphone ; les précédents ne servent plus.
    Link {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "LOGIN")]
        login: String,
        /// Le téléphone est perdu : le code de connexion est à régler à nouveau aussi.
        #[arg(long)]
        forget_second_factor: bool,
        #[command(flatten)]
        address: Address,
    },
    /// Donner à un compte le numéro RPPS par lequel Pro Santé Connect le connaît, ou le retirer.
    Rpps {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "LOGIN")]
        login: String,
        /// Onze chiffres ; absent, le compte n’en a plus.
        #[arg(value_name = "RPPS")]
        rpps: Option<Rpps>,
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

/// The account of a person by its login.
async fn person(store: &Store, territory: TerritoryId, login: &str) -> Result<Account> {
    let account = store.account_by_login(territory, login).await?.filter(Account::is_a_person);
    account.with_context(|| format!("no account has the login {login}"))
}

fn taken(in_use: InUse) -> anyhow::Error {
    match in_use {
        InUse::Login => anyhow!("this login is already taken"),
        InUse::Rpps => anyhow!("another account has this RPPS"),
    }
}

impl User {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Add { data, login, name, profession, roles, rpps, password, address } => {
                let (store, territory) = open_ready(&data.data).await?;
                ensure!(!login.trim().is_empty(), "a login is needed");
                if let Some(password) = password.read()? {
                    let password_hash = secret::hash_password(&password).await?;
                    let new = NewAccount { login, name, profession, roles, rpps, password_hash };
                    store.add_account(territory.id, &new).await?.map_err(taken)?;
                    println!("{} may sign in", new.login);
                } else {
                    let totp_secret = (!territory.demo).then(totp::new_secret);
                    let invite = Invite { login, made: false, name, profession, roles, rpps, totp_secret };
                    let mut invited = store.invite(territory.id, &[invite], clock::now()).await?;
                    let invited = invited.pop().context("nobody was invited")?.map_err(taken)?;
                    address.print(&invited.login, &invited.link);
                }
                store.close().await;
            }
            Self::Link { data, login, forget_second_factor, address } => {
                let (store, territory) = open_ready(&data.data).await?;
                let account = person(&store, territory.id, &login).await?;
                ensure!(!account.disabled, "Le compte {login} est fermé\u{a0}: un lien n’y ouvrirait rien.");
                let new = NewLink::another(&account, &territory, forget_second_factor);
                let link = store.make_link(territory.id, account.id, &new, clock::now()).await?;
                store.close().await;
                address.print(&account.login, &link);
            }
            Self::Rpps { data, login, rpps } => {
                let (store, territory) = open_ready(&data.data).await?;
                let account = person(&store, territory.id, &login).await?;
                let given = store.set_rpps(territory.id, account.id, rpps.as_ref()).await?;
                ensure!(given, taken(InUse::Rpps));
                store.close().await;
                match rpps {
                    Some(rpps) => println!("{login} a le numéro RPPS {rpps}."),
                    None => println!("{login} n’a plus de numéro RPPS."),
                }
            }
            Self::List { data } => {
                let (store, territory) = open_ready(&data.data).await?;
                for account in store.accounts(territory.id).await? {
                    let roles: Vec<&str> = account.roles.iter().map(|role| role.label()).collect();
                    let state = match &account {
                        account if account.disabled => "  (désactivé)",
                        account if account.is_a_person() && account.password_hash.is_empty() => "  (invité)",
                        _ => "",
                    };
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
                let account = person(&store, territory.id, &login).await?;
                match store.disable(territory.id, account.id, true, clock::now()).await? {
                    Disabling::Done => {}
                    Disabling::Unknown => bail!("no account has the login {login}"),
                    Disabling::LastAdministrator => {
                        bail!(
                            "Plus personne ne pourrait gérer les accès. Rien n’a changé. Ajoutez d’abord un autre compte d’administration."
                        )
                    }
                }
                println!("{login} may no longer sign in");
                store.close().await;
            }
            Self::HandOver { data, from, to } => {
                let (store, territory) = open_ready(&data.data).await?;
                let count = store.hand_over(territory.id, &from, &to, clock::latest_day(clock::now())).await?;
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
