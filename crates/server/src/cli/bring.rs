//! `cardabelle bring`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Data, open_ready};
use crate::bring::{BringError, bring};
use crate::clock;

#[derive(Debug, clap::Args)]
pub struct Bring {
    #[command(flatten)]
    data: Data,
    /// A file of entries exported from a device.
    file: PathBuf,
}

impl Bring {
    pub async fn run(self) -> Result<()> {
        let text = std::fs::read(&self.file).context("Ce fichier ne peut pas être lu. Rien n’a été reçu.")?;
        let (store, territory) = open_ready(&self.data.data).await?;
        let brought = bring(&store, territory.id, &text, clock::now()).await;
        store.close().await;
        let brought = match brought {
            Ok(brought) => brought,
            Err(BringError::Unreadable) => bail!(
                "Ce fichier n’est pas un fichier de saisies, ou il est abîmé. Rien n’a été reçu, rien n’est perdu\u{a0}: exportez-les à nouveau depuis l’appareil."
            ),
            Err(BringError::Closed) => bail!(
                "Ce fichier ne s’ouvre pas\u{a0}: il a été abîmé, ou il est destiné à un autre serveur. Rien n’a été reçu, rien n’est perdu."
            ),
            Err(BringError::Unknown) => bail!(
                "Ce fichier vient d’un appareil que ce serveur ne reconnaît pas. Rien n’a été reçu. Gardez le fichier."
            ),
            Err(BringError::Store(error)) => {
                return Err(error).context(
                    "La réception s’est arrêtée. Rien n’est perdu\u{a0}: recommencez, ce qui est déjà reçu ne le sera pas deux fois.",
                );
            }
        };
        println!("Saisies reçues\u{a0}: {}", brought.received);
        println!("Déjà là\u{a0}: {}", brought.known);
        println!("Mises de côté\u{a0}: {}", brought.set_aside);
        Ok(())
    }
}
