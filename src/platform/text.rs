//! Unicode normalisation, which every browser already holds.

use js_sys::JsString;

/// Compatibility decomposition: « é » becomes « e » and its mark.
#[must_use]
pub fn decompose(text: &str) -> String {
    JsString::from(text).normalize("NFKD").into()
}
