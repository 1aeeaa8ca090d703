//! The server, over HTTPS: JSON, the device's token in a header, no cookie.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::Cursor;
use sync::protocol::{HEADER, Problem, Pulled, Push, Pushed, SignIn, SignedIn, VERSION};
use web_sys::AbortSignal;

use super::json;

const TIMEOUT_MS: u32 = 15_000;
/// Bytes a millisecond (kB a second) under which the network is taken for dead.
const SLOWEST: u32 = 4;

/// Why there is no answer to use. None of these is a reason to lose anything.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No network, or nobody at the other end.
    Unreachable,
    /// Something answered that is not our server, or it is in trouble: captive portal, 5xx, not our JSON.
    Silent,
    /// Our server says no, and why.
    Problem { status: u16, problem: Problem },
}

pub async fn sign_in(request: &SignIn) -> Result<SignedIn, Failure> {
    post("/api/sign-in", None, request).await
}

pub async fn push(token: &str, push: &Push) -> Result<Pushed, Failure> {
    post("/api/push", Some(token), push).await
}

pub async fn pull(token: &str, cursor: Cursor) -> Result<Pulled, Failure> {
    let query = [("epoch", cursor.epoch.to_string()), ("since", cursor.since.to_string())];
    let query = query.iter().map(|(name, value)| (*name, value.as_str()));
    let request =
        prepare(Request::get("/api/pull").query(query), Some(token), 0).build().map_err(|_| Failure::Unreachable)?;
    answer(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

async fn post<T: DeserializeOwned>(url: &str, token: Option<&str>, body: &impl Serialize) -> Result<T, Failure> {
    let body = json::write(body).ok_or(Failure::Silent)?;
    let request = prepare(Request::post(url), token, body.len())
        .header("Content-Type", "application/json")
        .body(body)
        .map_err(|_| Failure::Unreachable)?;
    answer(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

/// `bytes` of body: a full outbox must have the time to leave by a poor network.
fn prepare(request: RequestBuilder, token: Option<&str>, bytes: usize) -> RequestBuilder {
    let timeout = TIMEOUT_MS + u32::try_from(bytes).unwrap_or(u32::MAX / 2) / SLOWEST;
    let request = request
        .header(HEADER, &VERSION.to_string())
        .credentials(web_sys::RequestCredentials::Omit)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(timeout)));
    match token {
        Some(token) => request.header("Authorization", &format!("Bearer {token}")),
        None => request,
    }
}

async fn answer<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let (ok, status) = (response.ok(), response.status());
    let body = response.binary().await.map_err(|_| Failure::Silent)?;
    if ok {
        return json::read(&body).ok_or(Failure::Silent);
    }
    match json::read::<Problem>(&body) {
        Some(problem) if status < 500 => Err(Failure::Problem { status, problem }),
        _ => Err(Failure::Silent),
    }
}

/// The words to draw a passphrase from, one per line; precached with the application.
pub async fn passphrase_words() -> Result<Vec<String>, Failure> {
    let request = Request::get("/passphrase-words.txt").send().await.map_err(|_| Failure::Unreachable)?;
    if !request.ok() {
        return Err(Failure::Silent);
    }
    let text = request.text().await.map_err(|_| Failure::Silent)?;
    Ok(text.lines().map(str::to_owned).filter(|word| !word.is_empty()).collect())
}
