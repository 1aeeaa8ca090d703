//! Which versions of the protocol are served: this one and the one before.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sync::protocol::{HEADER, VERSION};

use super::problem::{Answer, NEW_PROTOCOL, OLD_PROTOCOL};

pub async fn check(request: Request, next: Next) -> Response {
    match served(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Absent: a person with a command line, who gets the present version.
fn served(headers: &HeaderMap) -> Answer<()> {
    let Some(header) = headers.get(HEADER) else {
        return Ok(());
    };
    let version: Option<u32> = header.to_str().ok().and_then(|text| text.parse().ok());
    match version {
        Some(version) if version > VERSION => Err(NEW_PROTOCOL),
        Some(version) if version + 1 >= VERSION => Ok(()),
        _ => Err(OLD_PROTOCOL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_version_and_the_one_before() {
        let check = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, text.parse().unwrap());
            served(&headers)
        };
        assert_eq!(served(&HeaderMap::new()), Ok(()));
        assert_eq!(check(&VERSION.to_string()), Ok(()));
        assert_eq!(check(&(VERSION - 1).to_string()), Ok(()));
        assert_eq!(check(&(VERSION + 1).to_string()), Err(NEW_PROTOCOL));
        assert_eq!(check("4294967295"), Err(NEW_PROTOCOL));
        assert_eq!(check("one"), Err(OLD_PROTOCOL));
        assert_eq!(check("-1"), Err(OLD_PROTOCOL));
    }
}
