//! The client, carried within the binary: one file to install, and never a client of another version than its server.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::problem;

/// What `trunk build` leaves, each large file with its `.br` and `.gz`. In development the folder is read at each request.
#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Dist;

struct File {
    data: Cow<'static, [u8]>,
    /// Of the content as it is sent, compressed or not.
    hash: [u8; 32],
}

const UNBUILT: &str = "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Cardabelle</title>\
    <p>Le client de Cardabelle n’est pas construit. Le serveur fonctionne. Lancez <code>cargo xtask run</code>.</p>";

/// Any address outside the API: a file of the client, or its page, which reads the address by itself.
pub async fn client(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return problem::NOT_ALLOWED.into_response();
    }
    let lookup = |path: &str| Dist::get(path).map(|file| File { data: file.data, hash: file.metadata.sha256_hash() });
    answer(lookup, uri.path(), &headers)
}

fn answer(lookup: impl Fn(&str) -> Option<File>, path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let path = match last.rsplit_once('.') {
        None => "index.html",
        // The compressed forms are reached by negotiation only.
        Some((_, "br" | "gz")) => return problem::NOT_FOUND.into_response(),
        Some(_) => path,
    };
    let encodings = accepted(headers);
    let compressed = encodings
        .iter()
        .find_map(|(encoding, suffix)| lookup(&format!("{path}{suffix}")).map(|file| (Some(*encoding), file)));
    let Some((encoding, file)) = compressed.or_else(|| lookup(path).map(|file| (None, file))) else {
        return if path == "index.html" {
            (StatusCode::SERVICE_UNAVAILABLE, axum::response::Html(UNBUILT)).into_response()
        } else {
            problem::NOT_FOUND.into_response()
        };
    };

    let tag = etag(&file.hash);
    let mut answer = HeaderMap::new();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache(path)));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(path)));
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let known = known.flat_map(|list| list.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag);
    answer.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hexadecimal between quotes"));
    if known {
        (StatusCode::NOT_MODIFIED, answer).into_response()
    } else {
        (answer, file.data.into_owned()).into_response()
    }
}

/// The compressed forms the browser takes, best first.
fn accepted(headers: &HeaderMap) -> Vec<(&'static str, &'static str)> {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let taken: Vec<&str> = values
        .flat_map(|list| list.split(','))
        .filter_map(|one| {
            let (name, quality) = one.split_once(';').unwrap_or((one, "q=1"));
            let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
            (!refused).then_some(name.trim())
        })
        .collect();
    [("br", ".br"), ("gzip", ".gz")].into_iter().filter(|(name, _)| taken.contains(name)).collect()
}

/// A name that holds the hash of its content never changes meaning; the others are asked again each time.
fn cache(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let hashed =
        name.split(['-', '_', '.']).any(|part| part.len() >= 12 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn etag(hash: &[u8; 32]) -> String {
    let half: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{half}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let lookup = |path: &str| {
            let data: &'static [u8] = match path {
                "index.html" => b"page",
                "client-0123456789abcdef_bg.wasm" => b"wasm",
                "client-0123456789abcdef_bg.wasm.br" => b"wasm br",
                "client-0123456789abcdef_bg.wasm.gz" => b"wasm gz",
                "sw.js" => b"worker",
                _ => return None,
            };
            Some(File { data: data.into(), hash: [u8::try_from(data.len()).unwrap(); 32] })
        };
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        answer(lookup, path, &headers)
    }

    fn shown(response: &Response) -> String {
        let text = |name| response.headers().get(name).map_or("-", |value| value.to_str().unwrap());
        let (kind, cache, encoding) = (header::CONTENT_TYPE, header::CACHE_CONTROL, header::CONTENT_ENCODING);
        format!("{} {} {} {}", response.status().as_u16(), text(kind), text(cache), text(encoding))
    }

    #[test]
    fn files_addresses_and_caches() {
        const WASM: &str = "/client-0123456789abcdef_bg.wasm";
        let page = "200 text/html; charset=utf-8 no-cache -";
        assert_eq!(shown(&get("/", &[])), page);
        assert_eq!(shown(&get("/saisie/0123", &[])), page);
        assert_eq!(shown(&get("/sw.js", &[])), "200 text/javascript; charset=utf-8 no-cache -");
        assert_eq!(shown(&get(WASM, &[])), "200 application/wasm public, max-age=31536000, immutable -");
        let asks = |value| [(header::ACCEPT_ENCODING, value)];
        assert!(shown(&get(WASM, &asks("gzip, deflate, br, zstd"))).ends_with(" br"));
        assert!(shown(&get(WASM, &asks("gzip, br;q=0"))).ends_with(" gzip"));
        assert!(shown(&get(WASM, &asks("zstd"))).ends_with(" -"));
        for absent in ["/absent.js", "/client-0123456789abcdef_bg.wasm.br", "/../Cargo.toml"] {
            assert_eq!(get(absent, &[]).status(), 404, "{absent}");
        }
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let tag = get("/", &[]).headers()[header::ETAG].to_str().unwrap().to_owned();
        let again = get("/", &[(header::IF_NONE_MATCH, &format!("\"other\", W/{tag}"))]);
        assert_eq!(again.status(), 304);
        assert_eq!(get("/", &[(header::IF_NONE_MATCH, "\"other\"")]).status(), 200);
    }

    #[test]
    fn an_unbuilt_client_says_so() {
        assert_eq!(answer(|_| None, "/", &HeaderMap::new()).status(), 503);
    }
}
