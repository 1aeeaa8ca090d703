//! What time it is on this device.

use domain::Timestamp;
use js_sys::Date;
use wasm_bindgen::JsValue;

/// The device's clock: shown, compared with itself, never trusted to order two devices.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "a JavaScript date is a whole number of milliseconds")]
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

/// Minutes east of UTC of this device's time zone at that instant.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "offsets are small, instants fit 53 bits"
)]
pub fn offset_minutes(at: Timestamp) -> i32 {
    -(Date::new(&JsValue::from_f64(at.0 as f64)).get_timezone_offset() as i32)
}

/// Milliseconds on a clock that never jumps, for stopwatches.
#[must_use]
pub fn monotonic_ms() -> f64 {
    super::js::window().performance().expect("every supported browser has a performance clock").now()
}
