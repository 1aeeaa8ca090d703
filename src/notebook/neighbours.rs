//! The other notebooks of this browser: how many entries wait in them, counted without their keys; whose they are, as the
//! server tells it, kept under this notebook's own key.

use std::rc::Rc;

use domain::id::DeviceId;
use leptos::prelude::*;
use sync::protocol::access;

use super::Notebook;
use super::state::Session;
use crate::platform::{idb, server};

/// Name under which the names lie sealed.
const NEIGHBOURS: &str = "neighbours";

/// Devices the server names at once.
const MOST: usize = 20;

/// A notebook of this browser in which entries wait for it to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Whose, when the server told it once; « un autre carnet » else.
    pub name: Option<String>,
    pub waiting: usize,
}

impl Notebook {
    /// The other notebooks of this browser that have something to send; none while locked.
    #[must_use]
    pub fn neighbours(self) -> Signal<Vec<Neighbour>> {
        self.neighbours.into()
    }

    /// How many notebooks this browser holds, and how many entries wait in them: without opening any.
    pub async fn waiting_here(self) -> (usize, usize) {
        let devices: Vec<DeviceId> = self.inner().enrolled.borrow().iter().map(|device| device.device_id).collect();
        let mut waiting = 0;
        for device in &devices {
            // What cannot be counted is not told: opening it says more.
            waiting += idb::waiting(*device).await.unwrap_or_default();
        }
        (devices.len(), waiting)
    }

    /// Counts again what waits beside this notebook.
    pub(super) async fn count_neighbours(self) {
        let Some(session) = self.session().filter(|session| session.stand.is_none()) else { return };
        let names: Vec<(DeviceId, String)> =
            session.store().sealed(NEIGHBOURS).await.ok().flatten().unwrap_or_default();
        let mut neighbours = Vec::new();
        for device in self.beside(&session) {
            let waiting = idb::waiting(device).await.unwrap_or_default();
            if waiting > 0 {
                let name = names.iter().find(|(id, _)| *id == device).map(|(_, name)| name.clone());
                neighbours.push(Neighbour { name, waiting });
            }
        }
        if self.is_open(&session) && self.neighbours.with_untracked(|shown| *shown != neighbours) {
            self.neighbours.set(neighbours);
        }
    }

    /// Asks the server whose the other notebooks are, once for each opening.
    pub(super) async fn ask_neighbours(self, session: &Rc<Session>) {
        let mut beside = self.beside(session);
        beside.truncate(MOST);
        if beside.is_empty() || session.exchange.neighbours_asked.get() {
            return;
        }
        let asked = access::Neighbours { devices: beside.into_iter().map(|device| (device, String::new())).collect() };
        if let Ok(told) = server::neighbours(&session.token, &asked).await {
            let named: Vec<_> = told.devices.into_iter().filter(|(_, name)| !name.is_empty()).collect();
            if session.store().keep_sealed(NEIGHBOURS, &named).await.is_ok() {
                session.exchange.neighbours_asked.set(true);
                self.count_neighbours().await;
            }
        }
    }

    fn beside(self, session: &Session) -> Vec<DeviceId> {
        let inner = self.inner();
        let enrolled = inner.enrolled.borrow();
        enrolled.iter().map(|device| device.device_id).filter(|device| *device != session.device).collect()
    }
}
