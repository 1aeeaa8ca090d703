//! Reading the file from the device, and bringing it up to date: at opening, when the network is back, every hour.

use std::sync::Arc;

use domain::annuaire::file::{Refusal, read, readable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Annuaire, From, Loaded, State};
use crate::notebook::{Gate, Trouble, TroubleKind};
use crate::platform::server::{self, Published};
use crate::platform::{clock, page, watch};

const PERIOD_MS: u32 = 3_600_000;
/// The records come first: the directory waits until their exchange has begun.
const AFTER_OPENING_MS: u32 = 1_500;

const NEWER: &str = "Une version plus récente de l’annuaire existe, que cette application ne sait pas encore lire. \
    L’annuaire d’avant reste ici. Rechargez la page avec du réseau pour installer la nouvelle version.";
const UNREADABLE: &str = "L’annuaire reçu ne peut pas être lu. Celui d’avant reste ici. Nous réessayons tout seuls.";

impl Annuaire {
    pub(super) fn watch(self) {
        let members = self.from.with_value(|from| match from {
            From::Members(notebook) => Some(**notebook),
            From::Public(_) => None,
        });
        match members {
            // Each opening reads the file of that account; a lock forgets it.
            Some(notebook) => Effect::new(move |_| {
                if notebook.gate().get() == Gate::Open {
                    spawn_local(async move {
                        watch::sleep(AFTER_OPENING_MS).await;
                        self.refresh().await;
                    });
                } else {
                    self.forget();
                }
            }),
            None => Effect::new(move |_| self.want()),
        };
        let again = move || spawn_local(self.refresh());
        let network = watch::on_network(move |online| {
            if online {
                again();
            }
        });
        let hourly = watch::every(PERIOD_MS, again);
        let held = StoredValue::new_local(Some((network, hourly)));
        on_cleanup(move || held.set_value(None));
    }

    fn forget(self) {
        self.loaded.set(None);
        self.state.set(State::Loading);
        self.trouble.set(None);
        self.checked.set(None);
        self.wanted.set_value(false);
        self.tried.set_value(false);
        self.mark.set_value(None);
    }

    /// Reads the file, once: a device of the smallest kind spends nothing on it until somebody looks something up.
    pub(super) fn want(self) {
        if self.wanted.get_value() {
            return;
        }
        self.wanted.set_value(true);
        spawn_local(async move {
            // What is on the device first: it is what there is without a network.
            match self.kept().await {
                Ok(Some(file)) => {
                    let mark = file.mark.clone();
                    if self.show(file) {
                        self.mark.try_set_value(Some(mark));
                    }
                }
                Ok(None) => {}
                Err(trouble) => drop(self.trouble.try_set(Some(trouble))),
            }
            self.tried.try_set_value(true);
            self.refresh().await;
        });
    }

    /// Asks the server for a newer file.
    pub async fn refresh(self) {
        if self.running.try_get_value() != Some(false) {
            return;
        }
        self.running.set_value(true);
        let done = self.fetch().await;
        self.running.try_set_value(false);
        match done {
            Ok(()) => {
                self.checked.try_set(Some(clock::now()));
                self.trouble.try_set(None);
            }
            // Without a network, what is here serves: there is nothing to complain of.
            Err(trouble) if trouble.kind == TroubleKind::NoNetwork => {}
            Err(trouble) => drop(self.trouble.try_set(Some(trouble))),
        }
        // Asked and not received: there is none on this device.
        if self.loaded.try_with(Option::is_none) == Some(true) && self.wanted.try_get_value() == Some(true) {
            self.state.try_set(State::Absent);
        }
    }

    async fn fetch(self) -> Result<(), Trouble> {
        if !page::is_online() && !page::is_local() {
            return Err(TroubleKind::NoNetwork.into());
        }
        // The mark of what can be read only: anything else is asked for again.
        let mark = match self.mark.try_get_value().flatten() {
            None if self.tried.try_get_value() == Some(false) => self.kept_mark().await,
            mark => mark,
        };
        let mark = mark.as_deref();
        let newer = match self.from.try_get_value() {
            Some(From::Members(notebook)) => notebook.fetch_annuaire(mark).await?,
            Some(From::Public(_)) => server::public_annuaire(mark).await?,
            None => return Ok(()),
        };
        let Some(file) = newer else { return Ok(()) };
        readable(&file.bytes).map_err(refused)?;
        let (mark, kept) = (file.mark.clone(), self.keep(&file).await);
        // What the disk refused is asked for again.
        let shown = self.show(file);
        self.mark.try_set_value((shown && kept.is_ok()).then_some(mark));
        kept
    }

    /// Whether the file is what the pages now show.
    fn show(self, file: Published) -> bool {
        // Locked meanwhile: nothing of it may stay in memory.
        if self.wanted.try_get_value() != Some(true) {
            return false;
        }
        match read(file.bytes) {
            Ok((directory, index)) => {
                self.loaded.try_set(Some(Loaded { directory: Arc::new(directory), index: Arc::new(index) }));
                self.state.try_set(State::Ready);
                return true;
            }
            // Kept by the build before: the same comes again in the shape of this one.
            Err(Refusal::Older) => {}
            Err(refusal) => drop(self.trouble.try_set(Some(refused(refusal)))),
        }
        false
    }

    async fn kept(self) -> Result<Option<Published>, Trouble> {
        match self.from.try_get_value() {
            Some(From::Members(notebook)) => notebook.kept_annuaire().await,
            Some(From::Public(file)) => Ok(file.kept().await?),
            None => Ok(None),
        }
    }

    /// The mark of a file that nobody has asked to see yet.
    async fn kept_mark(self) -> Option<String> {
        match self.from.try_get_value()? {
            From::Members(notebook) => notebook.annuaire_mark().await.ok().flatten(),
            // Its page shows it as it opens.
            From::Public(_) => None,
        }
    }

    async fn keep(self, file: &Published) -> Result<(), Trouble> {
        match self.from.try_get_value() {
            Some(From::Members(notebook)) => notebook.keep_annuaire(file).await,
            Some(From::Public(kept)) => Ok(kept.keep(file).await?),
            None => Ok(()),
        }
    }
}

fn refused(refusal: Refusal) -> Trouble {
    let message = match refusal {
        Refusal::Newer => NEWER,
        Refusal::Older | Refusal::Unreadable => UNREADABLE,
    };
    Trouble { kind: TroubleKind::Refused, message: message.to_owned() }
}
