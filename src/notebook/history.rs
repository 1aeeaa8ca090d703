//! What was ever written of a record, and what the server holds without applying it: both are asked of the server.

use domain::id::{DeviceId, RecordId};
use sync::protocol::audit::{Audit, Before};
use sync::protocol::{AppliedAgain, ApplyAgain, History, SetAsideItem};
use sync::{Queued, Store};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::server;

impl Notebook {
    /// Everything the server received of a record, in its order.
    ///
    /// # Errors
    /// The network or the server is silent, or this account may not read it.
    pub async fn history(self, record: RecordId) -> Result<History, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::history(&session.token, record).await?)
    }

    /// What this device wrote of a record and the server has not acknowledged, oldest first.
    ///
    /// # Errors
    /// The disk cannot be read.
    pub async fn unsent(self, record: RecordId) -> Result<Vec<Queued>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(session.store().outbox_of(record).await?)
    }

    /// What the server of the territory holds without applying it, for a coordinator.
    ///
    /// # Errors
    /// The network or the server is silent, or this account may not read it.
    pub async fn set_aside(self) -> Result<Vec<SetAsideItem>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::set_aside(&session.token).await?.items)
    }

    /// Who did what before this, newest first: in the territory, or on one record.
    ///
    /// # Errors
    /// The network or the server is silent, or this account may not read it.
    pub async fn audit(self, record: Option<RecordId>, before: Before) -> Result<Audit, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::audit(&session.token, record, before).await?)
    }

    /// Has what a device wrote on a record judged again.
    ///
    /// # Errors
    /// The network or the server is silent, or this account may not do it.
    pub async fn apply_again(self, record: RecordId, device: DeviceId) -> Result<AppliedAgain, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let applied = server::apply_again(&session.token, &ApplyAgain { record, device }).await?;
        self.exchange_now();
        Ok(applied)
    }
}
