//! Somebody scanned the code of a stand and signs herself up on her own telephone: a stand of her own for half an hour. Once
//! what she wrote has left, nothing of it stays there.

use domain::id::RecordId;
use domain::people::PERSON;
use domain::programme::RecordKind;
use leptos::prelude::*;
use sync::protocol::access::{Visit, Visited};

use super::super::{Notebook, Trouble, TroubleKind};
use super::{HeldState, begun_at_a_stand, new_store, row_of};
use crate::platform::idb::stand::{Stand, Venue};
use crate::platform::watch::sleep;
use crate::platform::{clock, server};

/// How often the disk is looked at, while the stand opens and while what is noted leaves.
const LOOK_MS: u32 = 100;
const LEAVE_MS: u32 = 500;

/// What she fills, and who receives it.
#[derive(Clone, Debug)]
pub struct Visiting {
    pub record: RecordId,
    pub kind: &'static RecordKind,
    /// The name of the territory.
    pub host: String,
}

/// The name of the territory, before anything is told to it; empty when the server does not answer.
pub async fn territory_here() -> String {
    server::doors().await.map(|doors| doors.territory).unwrap_or_default()
}

impl Notebook {
    /// Opens her stand with the network and begins the form.
    ///
    /// # Errors
    /// The code serves no more ([`TroubleKind::InvitationSpent`]), this browser holds a stand, there is no network, or the
    /// disk refused: nothing is noted.
    pub async fn visit(self, token: String) -> Result<Visiting, Trouble> {
        let devices = &self.inner().devices;
        if devices.stands().await?.iter().any(|stand| !stand.by_herself && stand.is_open(clock::now())) {
            return Err(TroubleKind::StandHere.into());
        }
        let Visited { stand, name, venue, venue_kind, seeds } = server::visit(&Visit { token }).await?;
        let form = begun_at_a_stand(Some(&venue_kind)).into_iter().find(|kind| kind.parent == Some(PERSON.id));
        let form = form.ok_or(TroubleKind::InvitationSpent)?;
        let host = stand.account.territory_name.clone();
        let venue = Some(Venue { record: venue, kind: venue_kind, seeds });
        let row = Stand { venue, by_herself: true, told: true, ..row_of(stand) };
        new_store(&row).await?.begin().await?;
        devices.keep_stand(&row).await?;
        // Firefox would ask her whether this site may keep something: nothing will be.
        self.inner().persist_asked.set(true);
        self.hold_stand(row, name, Vec::new());
        loop {
            let state = self.stands().held.with_untracked(|held| held.as_ref().map(|held| held.state.clone()));
            match state {
                Some(HeldState::Open) => break,
                Some(HeldState::Stuck(trouble)) => return Err(trouble),
                None => return Err(TroubleKind::StorageClosed.into()),
                Some(HeldState::Opening | HeldState::Elsewhere) => sleep(LOOK_MS).await,
            }
        }
        Ok(Visiting { record: self.begin_entry(form).await?, kind: form, host })
    }

    /// Ends it, if its half hour has not: what was noted leaves; answers once the server has it all and this browser nothing.
    ///
    /// # Errors
    /// The disk refused: it stays open.
    pub async fn end_visit(self) -> Result<(), Trouble> {
        let inner = self.inner();
        if self.is_stand() {
            self.close_stand().await?;
        }
        // It is sent by what sends for every stand that is over, which takes it off the list.
        let leaves = |row: &Stand| row.by_herself && !row.is_open(clock::now());
        while inner.devices.stands().await.is_ok_and(|rows| rows.iter().any(leaves)) {
            sleep(LEAVE_MS).await;
        }
        inner.standing.over.set(true);
        // Only an empty list stays if the browser refuses.
        let _ = inner.devices.remove_if_empty().await;
        Ok(())
    }
}
