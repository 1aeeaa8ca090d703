//! The service worker: it serves the application without a network, brings the next version in the background, and holds a
//! key while its tab is loaded again.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::crypto::Key;
use super::js::{call, construct, get, object, settled, window};
use super::page;
use super::watch::{listen, message, sleep};

/// A worker that is there answers at once; one that starts on a slow telephone takes a good second.
const PATIENCE_MS: u32 = 2_000;
const LOOK_MS: u32 = 20;

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

/// Leaves a key in the memory of the worker, for this tab to find when it has been loaded again: no disk sees it. It is left
/// each time the page is hidden, for nothing tells whether it goes away for good, and said at once, for it may.
pub fn carry(name: &str, key: &Key) {
    if let Some(worker) = container().and_then(|container| container.controller()) {
        // A worker that is gone carries nothing: whoever comes back is told so.
        let _ = worker.post_message(&object(&[("type", "carry".into()), ("name", name.into()), ("key", key.shared())]));
    }
}

/// Takes back the key left under this name; `None` when the worker holds it no more.
pub async fn take(name: &str) -> Option<Key> {
    let worker = container()?.controller()?;
    let channel = construct("MessageChannel", &[])?;
    let given = Rc::new(RefCell::new(None));
    let heard = {
        let given = Rc::clone(&given);
        Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| *given.borrow_mut() = Some(get(&event, "data")))
    };
    let port = get(&channel, "port1");
    Reflect::set(&port, &"onmessage".into(), heard.as_ref()).ok()?;
    let asked = object(&[("type", "take".into()), ("name", name.into())]);
    call(&worker, "postMessage", &[asked.into(), Array::of1(&get(&channel, "port2")).into()]).ok()?;
    for _ in 0..PATIENCE_MS / LOOK_MS {
        if given.borrow().is_some() {
            break;
        }
        sleep(LOOK_MS).await;
    }
    // What listens ends here: an answer that comes later finds the port closed, and nobody behind it.
    Reflect::set(&port, &"onmessage".into(), &JsValue::NULL).ok()?;
    call(&port, "close", &[]).ok()?;
    Key::from_shared(given.take()?)
}

fn tell(worker: &ServiceWorker) {
    // A worker that died meanwhile is replaced at the next visit.
    let _ = worker.post_message(&message("apply-update"));
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let found: JsValue = settled(container()?.get_registration().unchecked_into()).await.ok()?;
    found.dyn_into().ok()
}
