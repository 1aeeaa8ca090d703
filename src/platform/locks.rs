//! Web Locks: among the tabs of one device, one exchanges with the server; and which devices are open in another tab.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::js::{call, get, settled, window};
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

/// Names of the locks held now by the tabs of this browser; none where it does not say.
pub async fn held() -> Vec<String> {
    let locks = get(&window().navigator(), "locks");
    let Ok(asked) = call(&locks, "query", &[]).and_then(JsCast::dyn_into) else { return Vec::new() };
    let Ok(state) = settled(asked).await else { return Vec::new() };
    let held = get(&state, "held").dyn_into::<Array>().unwrap_or_default();
    held.iter().filter_map(|lock| get(&lock, "name").as_string()).collect()
}
