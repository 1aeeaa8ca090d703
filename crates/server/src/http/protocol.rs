//! Which versions of the protocol are served: from the oldest to this one.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sync::protocol::{HEADER, OLDEST, VERSION};

use super::problem::{Answer, NEW_PROTOCOL, OLD_PROTOCOL};

/// The version a device speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32);

impl<S: Sync> FromRequestParts<S> for Version {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // What cannot be served was refused by `check`.
        Ok(served(&parts.headers).unwrap_or(Self(VERSION)))
    }
}

pub async fn check(request: Request, next: Next) -> Response {
    match served(request.headers()) {
        Ok(_) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Absent: a person with a command line, who gets the present version.
fn served(headers: &HeaderMap) -> Answer<Version> {
    let Some(header) = headers.get(HEADER) else {
        return Ok(Version(VERSION));
    };
    let version: Option<u32> = header.to_str().ok().and_then(|text| text.parse().ok());
    match version {
        Some(version) if version > VERSION => Err(NEW_PROTOCOL),
        Some(version) if version >= OLDEST => Ok(Version(version)),
        _ => Err(OLD_PROTOCOL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_oldest_to_this_one() {
        let check = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, text.parse().unwrap());
            served(&headers)
        };
        assert_eq!(served(&HeaderMap::new()), Ok(Version(VERSION)));
        assert_eq!(check(&VERSION.to_string()), Ok(Version(VERSION)));
        assert_eq!(check(&OLDEST.to_string()), Ok(Version(OLDEST)));
        assert_eq!(check(&(OLDEST - 1).to_string()), Err(OLD_PROTOCOL));
        assert_eq!(check(&(VERSION + 1).to_string()), Err(NEW_PROTOCOL));
        assert_eq!(check("4294967295"), Err(NEW_PROTOCOL));
        assert_eq!(check("one"), Err(OLD_PROTOCOL));
        assert_eq!(check("-1"), Err(OLD_PROTOCOL));
    }
}
