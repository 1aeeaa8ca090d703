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
    hand_over_as(name, "application/json", text)
}

/// Offers a file of this kind for download; as [`hand_over`].
pub fn hand_over_as(name: &str, kind: &str, text: &str) -> bool {
    hand_over_part(name, kind, &text.into())
}

/// Offers these bytes for download; as [`hand_over`].
pub fn hand_over_bytes(name: &str, kind: &str, bytes: &[u8]) -> bool {
    hand_over_part(name, kind, &Uint8Array::from(bytes))
}

fn hand_over_part(name: &str, kind: &str, part: &JsValue) -> bool {
    let kind = object(&[("type", kind.into())]);
    let urls = get(&window(), "URL");
    let address = construct("Blob", &[Array::of1(part).into(), kind.into()])
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

/// A file of hers, read piece by piece: it may be larger than the memory.
pub struct Source {
    file: JsValue,
    pub name: String,
    /// Bytes.
    pub size: f64,
}

impl Source {
    /// The bytes of `[from, to)`; `None` when the disk no longer gives them.
    pub async fn piece(&self, from: f64, to: f64) -> Option<Vec<u8>> {
        let piece = call(&self.file, "slice", &[from.into(), to.into()]).ok()?;
        let bytes = settled(call(&piece, "arrayBuffer", &[]).ok()?.dyn_into().ok()?).await.ok()?;
        Some(Uint8Array::new(&bytes).to_vec())
    }
}

fn sources(files: &JsValue) -> Vec<Source> {
    let source = |file: JsValue| {
        let (name, size) = (get(&file, "name").as_string()?, get(&file, "size").as_f64()?);
        Some(Source { file, name, size })
    };
    Array::from(files).iter().filter_map(source).collect()
}

/// The files chosen in this input, which is emptied so that the same may be chosen again.
#[must_use]
pub fn all_chosen(input: &str) -> Vec<Source> {
    let Some(input) = document().get_element_by_id(input).map(JsValue::from) else { return Vec::new() };
    let chosen = sources(&get(&input, "files"));
    // An input of files takes the empty text, and no other.
    let _ = js_sys::Reflect::set(&input, &"value".into(), &"".into());
    chosen
}

/// The files let go over an element.
#[must_use]
pub fn dropped(event: &impl AsRef<JsValue>) -> Vec<Source> {
    sources(&get(&get(event.as_ref(), "dataTransfer"), "files"))
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
