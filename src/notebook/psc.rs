//! Pro Santé Connect: leaving for it, and coming back signed in.

use sync::protocol::access::{PscBegin, PscFinish, PscGo};

use super::{Gate, Notebook, Trouble, TroubleKind};
use crate::platform::{crypto, device, page, random, server, storage};
use leptos::prelude::*;

/// Name, in the storage of the tab, of the secret that proves on the return that this browser left.
const SECRET: &str = "cardabelle-psc";

/// Whether the server signs people in through Pro Santé Connect; false when it cannot be asked.
pub async fn has_psc() -> bool {
    server::doors().await.is_ok_and(|doors| doors.psc)
}

impl Notebook {
    /// Leaves for Pro Santé Connect; what is typed is written first.
    ///
    /// # Errors
    /// No network, no server, no provider, or the browser keeps nothing: the page stays.
    pub async fn leave_for_psc(self) -> Result<(), Trouble> {
        let secret = random::to_hex(&random::bytes::<32>());
        let binding = random::to_hex(&crypto::hash(secret.as_bytes()).await?);
        let PscGo { url } = server::leave_for_psc(&PscBegin { binding }).await?;
        if self.session().is_some() {
            self.flushed().await?;
        }
        if !storage::keep_in_tab(SECRET, &secret) {
            return Err(TroubleKind::StorageRefused.into());
        }
        page::go(&url);
        Ok(())
    }

    /// Shows the ticket with which somebody is back; then as after any full sign-in.
    ///
    /// # Errors
    /// No network, no server: the ticket is as good as before. Or the server refused it.
    pub async fn come_back_from_psc(self, ticket: String) -> Result<(), Trouble> {
        let secret = storage::kept_in_tab(SECRET).unwrap_or_default();
        let ((device_id, account), others) = self.here();
        let device_name = device::proposed_name().to_owned();
        let finish = PscFinish { ticket, secret, device_id, account, others, device_name };
        let signed = server::come_back_from_psc(&finish).await?;
        storage::forget_in_tab(SECRET);
        match self.session() {
            // Another tab opened it here meanwhile.
            Some(session) if session.device == signed.device_id && self.gate.get_untracked() == Gate::Open => {
                self.renew(&session, signed).await
            }
            _ => {
                self.arrive(signed);
                Ok(())
            }
        }
    }
}
