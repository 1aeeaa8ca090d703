//! Files handed to the person, and chosen by her.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::js::{call, construct, document, get, object, settled, window};

/// Larger than any outbox: a film chosen by mistake must not fill the memory.
const LARGEST: f64 = 50e6;
/// The browser has begun to write the file by then.
const WRITTEN_MS: u32 = 60_000;

/// Offers a JSON file for download. `false`: this browser cannot; `true` does not say that it was kept.
pub fn hand_over(name: &str, text: &str) -> bool {
    let kind = object(&[("type", "application/json".into())]);
    let urls = get(&window(), "URL");
    let address = construct("Blob", &[Array::of1(&text.into()).into(), kind.into()])
        .and_then(|blob| call(&urls, "createObjectURL", &[blob]).ok())
        .and_then(|address| address.as_string());
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok());
    let (Some(address), Some(link)) = (address, link) else { return false };
    // A new element takes any attribute.
    let _ = link.set_attribute("href", &address);
    let _ = link.set_attribute("download", name);
    link.click();
    wasm_bindgen_futures::spawn_local(async move {
        super::watch::sleep(WRITTEN_MS).await;
        let _ = call(&urls, "revokeObjectURL", &[JsValue::from(address)]);
    });
    true
}

/// Opens the browser's choice of a file for this input; to be called on a gesture.
pub fn choose(input: &str) {
    if let Some(input) = document().get_element_by_id(input).and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
        input.click();
    }
}

/// The file chosen in this input, which is emptied so that the same may be chosen again. `None`: none, or far too large.
pub async fn chosen(input: &str) -> Option<Vec<u8>> {
    let input: JsValue = document().get_element_by_id(input)?.into();
    let file = get(&get(&input, "files"), "0");
    if get(&file, "size").as_f64()? > LARGEST {
        return None;
    }
    let read = call(&file, "arrayBuffer", &[]).ok()?.dyn_into().ok()?;
    let bytes = settled(read).await.ok()?;
    // An input of files takes the empty text, and no other.
    let _ = js_sys::Reflect::set(&input, &"value".into(), &"".into());
    Some(Uint8Array::new(&bytes).to_vec())
}
