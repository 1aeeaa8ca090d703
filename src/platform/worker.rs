//! The service worker: it serves the application without a network, and brings the next version in the background.

use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::js::{get, settled, window};
use super::page;
use super::watch::{listen, message};

/// Not there over plain HTTP or in some private windows: the application then needs the network to start, no more.
fn container() -> Option<ServiceWorkerContainer> {
    let container = get(&window().navigator(), "serviceWorker");
    (!container.is_undefined()).then(|| container.unchecked_into())
}

/// Registers the worker; calls back each time a newer version waits.
pub async fn register(waits: impl Fn() + 'static) {
    let Some(container) = container() else { return };
    let Ok(registration) = settled(container.register("/sw.js").unchecked_into()).await else { return };
    let registration: ServiceWorkerRegistration = registration.unchecked_into();
    let waits = Rc::new(waits);
    // On the very first visit nobody controls the page yet: the new worker is not an update.
    if registration.waiting().is_some() && container.controller().is_some() {
        waits();
    }
    let watched = registration.clone();
    listen(&registration, "updatefound", move || {
        if let Some(installing) = watched.installing() {
            let (worker, waits) = (installing.clone(), Rc::clone(&waits));
            listen(&installing, "statechange", move || {
                let updating = super::worker::container().is_some_and(|container| container.controller().is_some());
                if worker.state() == ServiceWorkerState::Installed && updating {
                    waits();
                }
            })
            .forever();
        }
    })
    .forever();
}

/// Asks the server whether there is a newer version.
pub async fn check() {
    if let Some(registration) = registration().await
        && let Ok(promise) = registration.update()
    {
        // Offline: it will be asked again.
        let _ = settled(promise.unchecked_into()).await;
    }
}

/// Lets the waiting version take over, then loads it. Nothing waits: plain reload.
pub async fn apply() {
    match registration().await.and_then(|registration| registration.waiting()) {
        Some(waiting) => {
            if let Some(container) = container() {
                let reload = Closure::once_into_js(page::reload);
                container.set_oncontrollerchange(Some(reload.unchecked_ref()));
            }
            tell(&waiting);
        }
        None => page::reload(),
    }
}

fn tell(worker: &ServiceWorker) {
    // A worker that died meanwhile is replaced at the next visit.
    let _ = worker.post_message(&message("apply-update"));
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let found: JsValue = settled(container()?.get_registration().unchecked_into()).await.ok()?;
    found.dyn_into().ok()
}
