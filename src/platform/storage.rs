//! `localStorage` and `sessionStorage` (never health data), and the browser's promise to keep what it stores.

use wasm_bindgen::JsCast;

use super::js::{settled, window};

/// Some browsers throw at the mere mention of storage: then there is none.
fn local() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[must_use]
pub fn get(name: &str) -> Option<String> {
    local()?.get_item(name).ok().flatten()
}

/// Writes if the browser lets it; what is kept here is a comfort, never a record.
pub fn set(name: &str, value: &str) {
    if let Some(storage) = local() {
        let _ = storage.set_item(name, value);
    }
}

pub fn forget(name: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(name);
    }
}

/// Of this tab alone, and gone with it.
fn of_tab() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps for this tab; `false` if the browser does not let it.
pub fn keep_in_tab(name: &str, value: &str) -> bool {
    of_tab().is_some_and(|storage| storage.set_item(name, value).is_ok())
}

/// What this tab kept.
#[must_use]
pub fn kept_in_tab(name: &str) -> Option<String> {
    of_tab()?.get_item(name).ok().flatten()
}

pub fn forget_in_tab(name: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.remove_item(name);
    }
}

/// Asks that the browser never erases by itself; best asked on a gesture. `false`: it may.
pub async fn persist() -> bool {
    let Ok(promise) = window().navigator().storage().persist() else { return false };
    settled(promise.unchecked_into()).await.is_ok_and(|answer| answer.is_truthy())
}
