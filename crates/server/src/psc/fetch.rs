//! One question to the provider, and its answer: never long, never large, never somewhere else.

use std::time::Duration;

use openidconnect::reqwest::{Client, Error, redirect};
use openidconnect::{HttpRequest, HttpResponse, http};

/// A person is waiting before her screen.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer, at most.
const LARGEST: usize = 512 * 1024;

/// Why there is no answer to read. What the provider says of it is told nowhere.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    #[error("the provider cannot be reached")]
    Unreachable(#[source] Error),
    #[error("the provider is out of order ({0})")]
    Broken(u16),
    #[error("the provider answers too much")]
    TooLarge,
    #[error("the answer cannot be rebuilt")]
    Unreadable(#[from] http::Error),
}

impl From<Error> for NoAnswer {
    fn from(error: Error) -> Self {
        // The address would carry what it was asked.
        Self::Unreachable(error.without_url())
    }
}

/// Follows no redirection: it would lead wherever the answer says.
pub fn client() -> Result<Client, Error> {
    Client::builder().timeout(PATIENCE).connect_timeout(PATIENCE).redirect(redirect::Policy::none()).build()
}

pub async fn fetch(client: Client, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let mut answer = client.execute(request.try_into()?).await?;
    if answer.status().is_server_error() {
        return Err(NoAnswer::Broken(answer.status().as_u16()));
    }
    let mut built = http::Response::builder().status(answer.status());
    if let Some(headers) = built.headers_mut() {
        std::mem::swap(headers, answer.headers_mut());
    }
    let mut body = Vec::new();
    while let Some(bytes) = answer.chunk().await? {
        body.extend_from_slice(&bytes);
        if body.len() > LARGEST {
            return Err(NoAnswer::TooLarge);
        }
    }
    Ok(built.body(body)?)
}
