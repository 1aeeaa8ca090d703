//! Requests that a page of another site makes a browser send are refused before anything reads them. No cookie would
//! serve them, and no header of ours ever lets such a page read an answer: this is one more door.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::OTHER_ORIGIN;
use crate::totp;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub async fn check(request: Request, next: Next) -> Response {
    if is_ours(request.headers()) { next.run(request).await } else { OTHER_ORIGIN.into_response() }
}

/// A browser says where a request comes from, and a page cannot make it lie: in `Sec-Fetch-Site`, whatever host a proxy
/// gives to this server, else in `Origin`. What is not a browser says nothing of it.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or("?"));
    match (text(SITE), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST)
        }
        (None, None) => true,
    }
}

/// The QR code of the address of a page with what it is opened with: on the site that asks, as its browser names it.
pub fn qr(headers: &HeaderMap, page: &str, token: &str) -> Vec<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| text.len() < 300);
    let site = match (text(header::ORIGIN).filter(|origin| origin.contains("://")), text(header::HOST)) {
        (Some(origin), _) => origin.to_owned(),
        (None, host) => format!("https://{}", host.unwrap_or_default()),
    };
    totp::qr(&format!("{site}/{page}#{token}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_heard() {
        let heard = |lines: &[(&str, &str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "cardabelle.example:8443".parse().unwrap());
            for (name, value) in lines {
                headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
            }
            is_ours(&headers)
        };
        assert!(heard(&[]), "a command line");
        for (ours, site) in
            [(true, "same-origin"), (true, "none"), (false, "same-site"), (false, "cross-site"), (false, "")]
        {
            assert_eq!(heard(&[("sec-fetch-site", site)]), ours, "{site}");
        }
        for (ours, origin) in [
            (true, "https://cardabelle.example:8443"),
            (false, "https://cardabelle.example"),
            (false, "https://other.example:8443"),
            (false, "https://cardabelle.example:8443.other.example"),
            (false, "null"),
            (false, ""),
        ] {
            assert_eq!(heard(&[("origin", origin)]), ours, "{origin}");
        }
        assert!(!heard(&[("sec-fetch-site", "cross-site"), ("origin", "https://cardabelle.example:8443")]));
        assert!(heard(&[("sec-fetch-site", "same-origin"), ("origin", "https://before.the.proxy")]));
    }
}
