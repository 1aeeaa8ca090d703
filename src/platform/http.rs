//! Requests that last as long as bytes come: the device's token in a header, no cookie. A reply is read piece by piece, so
//! that a poor network is given the time it needs and a dead one is told from it.

use gloo_net::http::{RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use sync::protocol::{HEADER, VERSION};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, ReadableStreamDefaultReader};

use super::gzip::gzip;
use super::js::{get, settled};
use super::server::Failure;

/// Without a byte for so long, the network is taken for dead.
const SILENCE_MS: u32 = 20_000;
/// Bytes a millisecond (kB a second) a request is expected to leave at, at least.
const SLOWEST: u32 = 4;
/// Below this, compressing gains nothing.
const WORTH_PACKING: usize = 1_024;

/// A reply under way; what was not read of it is given up when it is dropped.
pub(super) struct Reply {
    response: Response,
    pieces: Option<ReadableStreamDefaultReader>,
    /// Read, and not asked for yet.
    read: Vec<u8>,
    stop: AbortController,
}

/// Sends, and waits for the head of the reply. The body is JSON.
pub(super) async fn send(request: RequestBuilder, token: Option<&str>, body: Option<String>) -> Result<Reply, Failure> {
    let Some(body) = body else { return deliver(request, token, None).await };
    let mut body = body.into_bytes();
    let mut request = request.header("Content-Type", "application/json");
    if body.len() > WORTH_PACKING
        && let Some(packed) = gzip(&body).await
    {
        request = request.header("Content-Encoding", "gzip");
        body = packed;
    }
    deliver(request, token, Some(body)).await
}

/// As [`send`]; the body is a file of hers, as it is: the server looks at what it is.
pub(super) async fn send_file(request: RequestBuilder, token: &str, file: Vec<u8>) -> Result<Reply, Failure> {
    deliver(request.header("Content-Type", "application/octet-stream"), Some(token), Some(file)).await
}

async fn deliver(request: RequestBuilder, token: Option<&str>, body: Option<Vec<u8>>) -> Result<Reply, Failure> {
    let stop = AbortController::new().map_err(|_| Failure::Unreachable)?;
    let mut request = request
        .header(HEADER, &VERSION.to_string())
        .credentials(web_sys::RequestCredentials::Omit)
        .abort_signal(Some(&stop.signal()));
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    let mut bytes = 0;
    let request = match body {
        Some(body) => {
            bytes = body.len();
            request.body(Uint8Array::from(body.as_slice()))
        }
        None => request.build(),
    };
    let request = request.map_err(|_| Failure::Unreachable)?;
    let silence = SILENCE_MS + u32::try_from(bytes).unwrap_or(u32::MAX / 2) / SLOWEST;
    let watched = watch(&stop, silence);
    let response = request.send().await.map_err(|_| Failure::Unreachable)?;
    drop(watched);
    let pieces = response.body().map(|body| body.get_reader().unchecked_into());
    Ok(Reply { response, pieces, read: Vec::new(), stop })
}

/// Gives up after that long, unless dropped before.
fn watch(stop: &AbortController, ms: u32) -> Timeout {
    let stop = stop.clone();
    Timeout::new(ms, move || stop.abort())
}

impl Reply {
    pub(super) fn ok(&self) -> bool {
        self.response.ok()
    }

    pub(super) fn status(&self) -> u16 {
        self.response.status()
    }

    /// A header of the reply.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name)
    }

    /// Waits for more bytes; `false` at the end.
    async fn more(&mut self) -> Result<bool, Failure> {
        let Some(pieces) = &self.pieces else { return Ok(false) };
        let watched = watch(&self.stop, SILENCE_MS);
        let piece = settled(pieces.read()).await.map_err(|_| Failure::Unreachable)?;
        drop(watched);
        if get(&piece, "done").is_truthy() {
            return Ok(false);
        }
        self.read.extend(Uint8Array::new(&get(&piece, "value")).to_vec());
        Ok(true)
    }

    /// The whole body.
    pub(super) async fn whole(mut self) -> Result<Vec<u8>, Failure> {
        while self.more().await? {}
        Ok(std::mem::take(&mut self.read))
    }

    /// The next line, without its end; `None` after the last.
    pub(super) async fn line(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.read[searched..].iter().position(|byte| *byte == b'\n') {
                let rest = self.read.split_off(searched + end + 1);
                let mut line = std::mem::replace(&mut self.read, rest);
                line.pop();
                return Ok(Some(line));
            }
            searched = self.read.len();
            if !self.more().await? {
                let last = std::mem::take(&mut self.read);
                return Ok((!last.is_empty()).then_some(last));
            }
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.stop.abort();
    }
}
