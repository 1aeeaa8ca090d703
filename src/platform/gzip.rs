//! Smaller requests, by the browser's own compressor.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;

use super::js::{call, construct, settled};

/// The same bytes, compressed; `None` in a browser that cannot.
pub(super) async fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let compressor = construct("CompressionStream", &["gzip".into()])?;
    let blob = construct("Blob", &[Array::of1(&Uint8Array::from(bytes)).into()])?;
    let packed = call(&call(&blob, "stream", &[]).ok()?, "pipeThrough", &[compressor]).ok()?;
    let whole = call(&construct("Response", &[packed])?, "arrayBuffer", &[]).ok()?.dyn_into().ok()?;
    Some(Uint8Array::new(&settled(whole).await.ok()?).to_vec())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn what_is_packed_is_smaller_and_unpacks_to_the_same() {
        let text = "Repérage à domicile. ".repeat(200);
        let packed = gzip(text.as_bytes()).await.unwrap();
        assert!(packed.len() < text.len() / 10, "{} bytes", packed.len());
        let opener = construct("DecompressionStream", &["gzip".into()]).unwrap();
        let blob = construct("Blob", &[Array::of1(&Uint8Array::from(packed.as_slice())).into()]).unwrap();
        let open = call(&call(&blob, "stream", &[]).unwrap(), "pipeThrough", &[opener]).unwrap();
        let response = construct("Response", &[open]).unwrap();
        let read = call(&response, "text", &[]).unwrap().dyn_into().unwrap();
        assert_eq!(settled(read).await.unwrap().as_string().unwrap(), text);
    }
}
