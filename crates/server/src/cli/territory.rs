//! `cardabelle territory communes list|find|add|remove|joins|at`, `cardabelle territory exchange-days`

use anyhow::{Context, Result, bail, ensure};
use clap::Subcommand;
use domain::annuaire::directory::Commune;
use domain::french::counted;
use domain::{Day, day_of};

use super::{Data, open_ready};
use crate::annuaire::communes::{self, Found};
use crate::clock;
use crate::store::{Store, Territory as Tenant};

#[derive(Debug, Subcommand)]
pub enum Territory {
    /// Les communes du territoire : un import garde qui y exerce.
    #[command(subcommand)]
    Communes(Communes),
    /// Dire combien de jours un appareil échange après une identification complète ; sans nombre, le montrer.
    ExchangeDays {
        #[command(flatten)]
        data: Data,
        /// De 1 à 365. Vaut pour les identifications à venir.
        #[arg(value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=365))]
        days: Option<u16>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Communes {
    /// Les communes du territoire.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Chercher le code d’une commune de France, par son nom ou son code postal.
    Find {
        /// « Le Vernet », ou « 31190 ».
        text: String,
        /// « 31 »
        #[arg(long)]
        departement: Option<String>,
    },
    /// Ajouter des communes, par leur code INSEE.
    Add {
        #[command(flatten)]
        data: Data,
        /// « 31033 » ; un code postal n’est pas un code INSEE.
        #[arg(required = true, value_name = "INSEE")]
        codes: Vec<String>,
    },
    /// Retirer une commune : ses fiches restent, et quittent l’annuaire publié.
    Remove {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "INSEE")]
        code: String,
    },
    /// Dire qu’une commune rejoint le territoire plus tard ; sans date, qu’elle en est déjà.
    Joins {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "INSEE")]
        code: String,
        /// « 2027-01-01 »
        #[arg(value_name = "DAY", value_parser = day)]
        day: Option<Day>,
    },
    /// Placer une commune : sa latitude puis sa longitude, en degrés.
    At {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "INSEE")]
        code: String,
        #[arg(allow_negative_numbers = true)]
        latitude: f64,
        #[arg(allow_negative_numbers = true)]
        longitude: f64,
    },
}

/// A day such as `2027-01-01`.
pub fn day(text: &str) -> Result<Day, String> {
    day_of(text).map(Day).ok_or_else(|| format!("« {text} » n’est pas une date comme 2027-01-01"))
}

impl Territory {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Communes(communes) => communes.run().await,
            Self::ExchangeDays { data, days } => exchange_days(&data, days).await,
        }
    }
}

async fn exchange_days(data: &Data, days: Option<u16>) -> Result<()> {
    let (store, territory) = open_ready(&data.data).await?;
    if let Some(days) = days {
        store.set_exchange_days(territory.id, days).await?;
    }
    let days = store.exchange_days(territory.id).await?;
    store.close().await;
    let days = counted(days.into(), "jour", "jours");
    println!("Un appareil échange pendant {days} après une identification complète. Ensuite il garde tout, et attend.");
    Ok(())
}

impl Communes {
    async fn run(self) -> Result<()> {
        match self {
            Self::Find { text, departement } => return find(&text, departement.as_deref()),
            Self::List { data } => {
                let (store, territory) = open_ready(&data.data).await?;
                list(&store.communes(territory.id).await?);
                store.close().await;
            }
            Self::Add { data, codes } => {
                let (store, territory) = open_ready(&data.data).await?;
                let there = store.communes(territory.id).await?;
                let new = codes.iter().filter(|code| there.iter().all(|one| one.insee != **code));
                let new = new.map(|code| known(code).map(|found| found.commune())).collect::<Result<Vec<_>>>()?;
                store.put_communes(territory.id, &new, clock::now()).await?;
                list(&store.communes(territory.id).await?);
                store.close().await;
                new.iter().for_each(warn);
            }
            Self::Remove { data, code } => {
                let (store, territory) = open_ready(&data.data).await?;
                let done = store.remove_commune(territory.id, &code, clock::now()).await?;
                store.close().await;
                ensure!(done, "La commune {code} n’est pas du territoire. Rien n’a changé.");
                println!(
                    "La commune {code} n’est plus du territoire. Ses fiches restent, elles ne sont plus publiées."
                );
            }
            Self::Joins { data, code, day } => {
                let (store, territory) = open_ready(&data.data).await?;
                change(&store, &territory, &code, |commune| commune.joins_on = day).await?;
                store.close().await;
            }
            Self::At { data, code, latitude, longitude } => {
                ensure!(
                    (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude),
                    "La latitude va de -90 à 90, la longitude de -180 à 180. Rien n’a changé."
                );
                let (store, territory) = open_ready(&data.data).await?;
                change(&store, &territory, &code, |commune| commune.at = Some((latitude, longitude))).await?;
                store.close().await;
            }
        }
        Ok(())
    }
}

async fn change(store: &Store, territory: &Tenant, code: &str, how: impl FnOnce(&mut Commune)) -> Result<()> {
    let mut communes = store.communes(territory.id).await?;
    communes.retain(|one| one.insee == code);
    let commune = communes.first_mut();
    how(commune.with_context(|| format!("La commune {code} n’est pas du territoire. Ajoutez-la d’abord."))?);
    store.put_communes(territory.id, &communes, clock::now()).await?;
    list(&communes);
    Ok(())
}

/// A commune of France by its code; a postal code is answered by the communes that share it.
fn known(code: &str) -> Result<Found> {
    if let Some(found) = communes::by_code(code) {
        return Ok(found);
    }
    let near = communes::by_postal_code(code);
    if near.is_empty() {
        bail!("« {code} » n’est pas le code INSEE d’une commune. Rien n’a changé.");
    }
    bail!("« {code} » est un code postal, pas un code INSEE. Rien n’a changé. Choisissez parmi :\n{}", lines(&near))
}

/// A code may be that of a commune, and the postal code of others: whoever typed it may have meant these.
fn warn(commune: &Commune) {
    let near = communes::by_postal_code(&commune.insee);
    if !near.is_empty() {
        println!(
            "Attention\u{a0}: {} ({}) est aussi un code postal, celui de\n{}",
            commune.insee,
            commune.name,
            lines(&near)
        );
    }
}

fn find(text: &str, departement: Option<&str>) -> Result<()> {
    let mut found = communes::by_name(text, departement);
    found.extend(communes::by_postal_code(text));
    found.extend(communes::by_code(text));
    ensure!(!found.is_empty(), "Aucune commune n’a ce nom ni ce code.");
    println!("{}", lines(&found));
    Ok(())
}

fn lines(found: &[Found]) -> String {
    let line = |one: &Found| format!("{}  {} ({})", one.insee, one.name, one.departement);
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn list(communes: &[Commune]) {
    for one in communes {
        let joins = one.joins_on.map(|day| format!("  rejoint le {day}")).unwrap_or_default();
        let at = one.at.map(|(latitude, longitude)| format!("  {latitude} {longitude}")).unwrap_or_default();
        println!("{}  {}  {}{joins}{at}", one.insee, one.name, one.postal_codes.join(" "));
    }
    if communes.is_empty() {
        println!("Le territoire n’a pas encore de commune.");
    }
}
