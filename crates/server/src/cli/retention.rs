//! `cardabelle retention`: erases what is past its time, as the server does once a day, or says what that would be. It
//! believes no later time than the server does.

use anyhow::{Result, bail};
use domain::french::{counted, full_day};
use domain::retention::Rule;

use super::{Data, open_ready};
use crate::clock;
use crate::store::{Forecast, Term, Wake};

#[derive(Debug, clap::Args)]
pub struct Retention {
    #[command(flatten)]
    data: Data,
    /// Dire ce qui serait effacé, sans rien effacer.
    #[arg(long)]
    preview: bool,
}

impl Retention {
    pub async fn run(self) -> Result<()> {
        let (store, territory) = open_ready(&self.data.data).await?;
        let said = clock::now();
        let now = store.believed(territory.id, said, Wake::Typed).await?;
        let (today, known) = (said.local(0).date(), now.local(0).date());
        if known < today {
            println!(
                "Compté jusqu’au {}, dernier jour connu du serveur\u{a0}: laissez-le marcher, il rattrape un jour par heure.",
                full_day(known)
            );
        }
        if self.preview {
            for term in store.durations(territory.id).await? {
                let forecast = store.forecast(territory.id, &term, now).await?;
                println!("{}", line(&term, forecast));
            }
            store.close().await;
            return Ok(());
        }
        let purged = store.purge(territory.id, now).await?;
        store.close().await;
        println!(
            "{} et {}, dont la durée de conservation est passée.",
            counted(purged.people, "fiche effacée", "fiches effacées"),
            counted(
                usize::try_from(purged.lines).unwrap_or(usize::MAX),
                "ligne du journal effacée",
                "lignes du journal effacées"
            )
        );
        if purged.parts > 0 {
            let parts = counted(purged.parts, "fiche effacée en partie", "fiches effacées en partie");
            println!("{parts}\u{a0}: le reste est gardé.");
        }
        if purged.failed > 0 {
            bail!(
                "{}. Rien n’est à moitié fait\u{a0}: recommencez.",
                counted(purged.failed, "fiche n’a pas pu être effacée", "fiches n’ont pas pu être effacées")
            );
        }
        Ok(())
    }
}

/// « Fiches : 60 mois, confirmée par Anne Roux, appliquée à partir du 22 déc. 2026. Aujourd’hui 0, … »
fn line(term: &Term, forecast: Forecast) -> String {
    let what = match term.rule {
        Rule::Person => "Fiches",
        Rule::Programme(keeping) => keeping.title,
        Rule::Audit => "Lignes du journal",
    };
    let state = match (&term.confirmed, term.applies_on()) {
        (Some(confirmed), Some(from)) => {
            format!("confirmée par {}, appliquée à partir du {}", confirmed.by, full_day(from))
        }
        _ => "confirmée par personne, rien n’est effacé".to_owned(),
    };
    let Forecast { now, month, year } = forecast;
    let before = match term.rule {
        Rule::Programme(keeping) if year > 0 => format!(" {}", keeping.before),
        _ => String::new(),
    };
    format!(
        "{what}\u{a0}: {}\u{a0}mois, {state}. Au-delà\u{a0}: {now} aujourd’hui, {month} dans 30\u{a0}jours, {year} dans un an.{before}",
        term.months
    )
}
