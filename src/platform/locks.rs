//! Web Locks: among the tabs of one device, one exchanges with the server.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::js::{call, get, window};
use super::watch::Guard;

/// Waits in line for the lock and calls back once held, until the guard is dropped or the page dies.
/// A browser without Web Locks is taken to have one tab.
pub fn lead(name: &str, elected: impl FnOnce() + 'static) -> Guard {
    let mut release = None;
    let until = Promise::new(&mut |resolve: Function, _reject: Function| release = Some(resolve));
    let release = release.expect("a promise runs its executor at once");
    let mut elected = Some(elected);
    let locks = get(&window().navigator(), "locks");
    if locks.is_undefined() {
        if let Some(elected) = elected.take() {
            elected();
        }
    } else {
        let held = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            if let Some(elected) = elected.take() {
                elected();
            }
            until.into()
        });
        // The request is answered by the callback; its own promise only settles at release.
        let _ = call(&locks, "request", &[name.into(), held]);
    }
    Guard::new(move || {
        let _ = release.call0(&JsValue::UNDEFINED);
    })
}
