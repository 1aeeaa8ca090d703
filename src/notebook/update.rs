//! New versions of the application: brought in the background, applied when nobody is in a form.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Gate, Notebook};
use crate::platform::{page, watch, worker};

const CHECK_MS: u32 = 3_600_000;
/// Before this age of the page, nobody has typed anything yet.
const COLD_START_MS: f64 = 2_000.0;

impl Notebook {
    pub(super) fn watch_updates(self) {
        spawn_local(async move {
            worker::register(move || {
                let closed = matches!(self.gate.get_untracked(), Gate::Starting | Gate::Locked | Gate::SignIn);
                if closed && page::monotonic_ms() < COLD_START_MS {
                    spawn_local(worker::apply());
                } else {
                    self.update_ready.set(true);
                }
            })
            .await;
        });
        watch::every(CHECK_MS, || spawn_local(worker::check())).forever();
    }

    /// Writes what is typed, then loads the waiting version.
    pub fn apply_update(self) {
        spawn_local(async move {
            if self.flush().await {
                worker::apply().await;
            }
        });
    }
}
