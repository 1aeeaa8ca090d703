//! The browser, and nothing else: the only place that names `web_sys` and `js_sys`. No rule lives here.

pub mod channel;
pub mod clock;
pub mod crypto;
pub mod device;
pub mod file;
mod gzip;
mod http;
pub mod idb;
mod js;
pub mod json;
pub mod locks;
pub mod page;
pub mod random;
pub mod rows;
pub mod server;
pub mod storage;
pub mod text;
pub mod watch;
pub mod webauthn;
pub mod worker;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
