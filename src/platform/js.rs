//! Small bridges to JavaScript values, for what web-sys has no stable binding for.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The page.
pub(super) fn window() -> web_sys::Window {
    web_sys::window().expect("the client only runs in a page")
}

/// The document of the page.
pub(super) fn document() -> web_sys::Document {
    window().document().expect("a page has a document")
}

/// A plain object.
pub(super) fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &JsValue::from_str(name), value).expect("a new plain object takes any property");
    }
    object
}

/// A property, `undefined` when the target has none.
pub(super) fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method by name; an error when this browser lacks it.
pub(super) fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(target, name).dyn_into()?;
    Reflect::apply(&method, target, &arguments.iter().collect())
}

/// A new object of one of the page's classes; `None` when this browser lacks it.
pub(super) fn construct(class: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let class: Function = get(&window(), class).dyn_into().ok()?;
    Reflect::construct(&class, &arguments.iter().collect()).ok()
}

/// Waits for a promise.
pub(super) async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// The name of a DOM error, such as `QuotaExceededError`; never its text, which could quote data.
pub(super) fn error_name(error: &JsValue) -> String {
    get(error, "name").as_string().unwrap_or_else(|| "unknown".into())
}
