//! Rows as they lie in the database: plain objects, a few clear properties and the sealed bytes.

use js_sys::{Object, Reflect, Uint8Array};
use sync::{Aside, Cursor, Phase, StoreError};
use wasm_bindgen::{JsCast, JsValue};

use crate::platform::js::{get, object};
use crate::platform::json;

pub(super) const REV: &str = "rev";
pub(super) const SEALED: &str = "sealed";
pub(super) const DEVICE_SEQ: &str = "deviceSeq";
pub(super) const PHASE: &str = "phase";
pub(super) const ROOT: &str = "root";
pub(super) const RECORD: &str = "record";
pub(super) const OP: &str = "op";
pub(super) const SEQ: &str = "seq";
/// Of an operation that is no entry: it is not told to wait.
pub(super) const QUIET: &str = "quiet";

#[expect(clippy::cast_precision_loss, reason = "counters stay far below 2^53")]
pub(super) fn whole(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only `whole` wrote it")]
pub(super) fn number(row: &JsValue, name: &str) -> Result<u64, StoreError> {
    get(row, name).as_f64().map(|number| number as u64).ok_or_else(|| corrupt(name))
}

pub(super) fn text(row: &JsValue, name: &str) -> Result<String, StoreError> {
    get(row, name).as_string().ok_or_else(|| corrupt(name))
}

/// The sealed bytes, `None` for a row that has none.
pub(super) fn sealed(row: &JsValue) -> Option<Vec<u8>> {
    get(row, SEALED).dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
}

pub(super) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// The same row with some properties changed.
pub(super) fn with(row: &JsValue, changes: &[(&str, JsValue)]) -> JsValue {
    let copy = Object::assign(&Object::new(), row.unchecked_ref());
    for (name, value) in changes {
        Reflect::set(&copy, &JsValue::from_str(name), value).expect("a plain object takes any property");
    }
    copy.into()
}

const SET_ASIDE: &str = "set-aside";

fn aside_name(aside: Aside) -> String {
    json::write(&aside).unwrap_or_default()
}

/// The clear properties of a phase: its name, and the record whose consent it waits for or why it is set aside.
pub(super) fn phase(phase: Phase) -> [(&'static str, JsValue); 2] {
    let (name, root) = match phase {
        Phase::Held(root) => ("held", JsValue::from(root.to_string())),
        Phase::Open => ("open", JsValue::NULL),
        Phase::Offered => ("offered", JsValue::NULL),
        Phase::SetAside(aside) => (SET_ASIDE, JsValue::from(aside_name(aside))),
    };
    [(PHASE, name.into()), (ROOT, root)]
}

pub(super) fn read_phase(row: &JsValue) -> Result<Phase, StoreError> {
    match text(row, PHASE)?.as_str() {
        "held" => Ok(Phase::Held(text(row, ROOT)?.parse().map_err(|_| corrupt(ROOT))?)),
        "open" => Ok(Phase::Open),
        "offered" => Ok(Phase::Offered),
        SET_ASIDE => {
            // Rows of the first builds say no reason: the server could not read them.
            let aside = get(row, ROOT).as_string().and_then(|name| json::read(name.as_bytes()));
            Ok(Phase::SetAside(aside.unwrap_or(Aside::Unreadable)))
        }
        _ => Err(corrupt(PHASE)),
    }
}

/// The row of a cursor.
pub(super) fn cursor(cursor: Cursor) -> JsValue {
    let first = cursor.first.and_then(|first| json::write(&first)).map_or(JsValue::NULL, JsValue::from);
    object(&[("epoch", whole(cursor.epoch)), ("since", whole(cursor.since)), ("first", first)]).into()
}

pub(super) fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}
