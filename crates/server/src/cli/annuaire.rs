//! `cardabelle annuaire objection|lists`

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::annuaire::lists::Lists;
use domain::french::counted;
use domain::id::RecordId;
use domain::identifiers::{Adeli, Finess, Rpps};

use super::{Data, lists, open_ready};
use crate::clock;

#[derive(Debug, Subcommand)]
pub enum Annuaire {
    /// Honorer une opposition : la fiche est effacée, et aucun import ne la fait revenir.
    Objection {
        #[command(flatten)]
        data: Data,
        /// Numéro RPPS, ADELI ou FINESS, ou identifiant de la fiche.
        who: String,
    },
    /// Les compétences, équipements, professions… du territoire : les écrire dans un fichier, ou les remplacer.
    Lists {
        #[command(flatten)]
        data: Data,
        /// Remplacer les listes par celles de ce fichier (JSON).
        #[arg(long, value_name = "FILE", conflicts_with = "defaults")]
        replace: Option<PathBuf>,
        /// Revenir aux listes d’origine.
        #[arg(long)]
        defaults: bool,
    },
}

impl Annuaire {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Objection { data, who } => {
                let (store, territory) = open_ready(&data.data).await?;
                let id: Option<RecordId> = who.parse().ok();
                let given = if id.is_some() { Vec::new() } else { vec![identifier(&who)?] };
                let now = clock::now();
                let done = store.object(territory.id, id, &given, now, clock::latest_day(now)).await?;
                store.close().await;
                let done = done.context("Aucune fiche de l’annuaire n’a cet identifiant. Rien n’a changé.")?;
                println!("{}.", counted(done.cards, "fiche effacée", "fiches effacées"));
                if done.identifiers.is_empty() {
                    println!(
                        "La fiche n’avait aucun numéro\u{a0}: rien n’identifie cette personne, un import peut la faire revenir."
                    );
                    println!("Pour l’empêcher, donnez aussi son numéro RPPS\u{a0}: cardabelle annuaire objection RPPS");
                } else {
                    println!("Aucun import ne la fera revenir.");
                }
                println!("Les sauvegardes d’avant gardent la fiche\u{a0}; une restauration l’effacera à nouveau.");
            }
            Self::Lists { data, replace, defaults } => {
                let (store, territory) = open_ready(&data.data).await?;
                if defaults {
                    store.set_lists(territory.id, None, clock::now()).await?;
                    println!("Les listes sont celles d’origine.");
                } else if let Some(file) = replace {
                    let text = fs::read_to_string(&file)
                        .with_context(|| format!("{} ne peut pas être lu.", file.display()))?;
                    let lists = lists::read(&text)?;
                    store.set_lists(territory.id, Some(&lists), clock::now()).await?;
                    println!("Les listes sont remplacées.");
                } else {
                    let lists = store.lists(territory.id).await?.unwrap_or_else(Lists::defaults);
                    println!("{}", serde_json::to_string_pretty(&lists)?);
                }
                store.close().await;
            }
        }
        Ok(())
    }
}

/// An official number, as cards are known by it.
fn identifier(text: &str) -> Result<String> {
    let bare: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    if bare.parse::<Rpps>().is_ok() {
        return Ok(format!("rpps:{bare}"));
    }
    let (adeli, finess) = (bare.parse::<Adeli>().is_ok(), bare.parse::<Finess>().is_ok());
    match (adeli, finess) {
        (true, false) => Ok(format!("adeli:{bare}")),
        (false, true) => Ok(format!("finess:{bare}")),
        (true, true) => bail!("« {text} » est juste en ADELI et en FINESS. Donnez l’identifiant de la fiche."),
        (false, false) => bail!("« {text} » n’est ni un numéro RPPS, ni ADELI, ni FINESS juste. Rien n’a changé."),
    }
}
