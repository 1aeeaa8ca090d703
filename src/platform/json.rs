//! JSON, read from bytes and written to bytes only: a second kind of source would compile every reader twice.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value, `None` when these bytes are not one.
#[must_use]
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// The text of a value, `None` when it has no JSON form.
#[must_use]
pub fn write(value: &impl Serialize) -> Option<String> {
    String::from_utf8(serde_json::to_vec(value).ok()?).ok()
}
