//! The fingerprint, the face or the code of this machine (WebAuthn), for the one thing it gives beside a signature: 32
//! bytes that depend on a salt of ours and on a key that never leaves the machine (the PRF extension). No server takes
//! part, so it works without a network.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::js::{call, error_name, get, object, settled, window};
use super::random;

/// How long the machine waits for a finger.
const PATIENCE_MS: u32 = 120_000;

/// Why the machine gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// She changed her mind, it was not her finger, it took too long, or the machine forgot its key: browsers do not say
    /// which.
    Cancelled,
    /// This browser, this machine or this address cannot.
    Unsupported,
}

/// What the machine answers: which of its keys, and the 32 bytes of its salt.
#[derive(Clone, Debug)]
pub struct Answer {
    pub credential: Vec<u8>,
    pub secret: Vec<u8>,
}

/// Whether this machine knows the finger of its owner and this page may ask it. Whether it has PRF is told by trying.
pub async fn is_offered() -> bool {
    // Browsers tie these keys to a name: an address of numbers has none.
    let host = window().location().hostname().unwrap_or_default();
    if host.ends_with(|last: char| last.is_ascii_digit() || last == ']') {
        return false;
    }
    let class = get(&window(), "PublicKeyCredential");
    let asked = call(&class, "isUserVerifyingPlatformAuthenticatorAvailable", &[]).and_then(JsCast::dyn_into);
    match asked {
        Ok(asked) => settled(asked).await.is_ok_and(|there| there.is_truthy()),
        Err(_) => false,
    }
}

/// Has the machine make a key for one notebook, in place of the one it had for it, and answer to its salt.
///
/// # Errors
/// See [`Refusal`]; a machine without PRF is [`Refusal::Unsupported`].
pub async fn enrol(notebook: &[u8], name: &str, salt: &[u8]) -> Result<Answer, Refusal> {
    let kinds = [-7, -257].map(|algorithm| object(&[("type", KIND.into()), ("alg", algorithm.into())]));
    let created = ask(
        "create",
        &[
            // Without an id, the party is the host of the page.
            ("rp", object(&[("name", "Cardabelle".into())]).into()),
            // Told in clear by the lists of the machine: never somebody's name.
            ("user", object(&[("id", bytes(notebook)), ("name", name.into()), ("displayName", name.into())]).into()),
            ("pubKeyCredParams", kinds.iter().collect::<Array>().into()),
            (
                "authenticatorSelection",
                object(&[
                    ("authenticatorAttachment", "platform".into()),
                    ("residentKey", "preferred".into()),
                    ("userVerification", REQUIRED.into()),
                ])
                .into(),
            ),
            ("extensions", prf(object(&[("eval", first(salt))]).into())),
        ],
    )
    .await?;
    let credential = Uint8Array::new(&get(&created, "rawId")).to_vec();
    let told = results(&created);
    if let Some(secret) = secret(&told) {
        return Ok(Answer { credential, secret });
    }
    if get(&told, "enabled").is_falsy() {
        return Err(Refusal::Unsupported);
    }
    // Most machines answer to a salt at the second touch only.
    open(&[(credential, salt.to_vec())]).await
}

/// Asks for the finger, for whichever of these keys it opens; each has its salt.
///
/// # Errors
/// See [`Refusal`].
pub async fn open(keys: &[(Vec<u8>, Vec<u8>)]) -> Result<Answer, Refusal> {
    let allowed: Array =
        keys.iter().map(|(credential, _)| object(&[("type", KIND.into()), ("id", bytes(credential))])).collect();
    let salts = object(&[]);
    for (credential, salt) in keys {
        // A plain object takes any property.
        let _ = js_sys::Reflect::set(&salts, &base64url(credential).into(), &first(salt));
    }
    let found = ask(
        "get",
        &[
            ("allowCredentials", allowed.into()),
            ("userVerification", REQUIRED.into()),
            ("extensions", prf(object(&[("evalByCredential", salts.into())]).into())),
        ],
    )
    .await?;
    let credential = Uint8Array::new(&get(&found, "rawId")).to_vec();
    secret(&results(&found)).map(|secret| Answer { credential, secret }).ok_or(Refusal::Unsupported)
}

const KIND: &str = "public-key";
const REQUIRED: &str = "required";

async fn ask(verb: &str, options: &[(&str, JsValue)]) -> Result<JsValue, Refusal> {
    let options = object(options);
    // Nobody checks the signature: what proves the finger is that the answer opens the key.
    let asked = [("challenge", bytes(&random::bytes::<32>())), ("timeout", PATIENCE_MS.into())];
    for (name, value) in asked {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value);
    }
    let credentials = get(&window().navigator(), "credentials");
    let asked: Promise = call(&credentials, verb, &[object(&[("publicKey", options.into())]).into()])
        .and_then(JsCast::dyn_into)
        .map_err(|_| Refusal::Unsupported)?;
    match settled(asked).await {
        Ok(credential) if credential.is_object() => Ok(credential),
        Ok(_) => Err(Refusal::Cancelled),
        Err(error) => Err(match error_name(&error).as_str() {
            "NotAllowedError" | "AbortError" => Refusal::Cancelled,
            _ => Refusal::Unsupported,
        }),
    }
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn first(salt: &[u8]) -> JsValue {
    object(&[("first", bytes(salt))]).into()
}

fn prf(inputs: JsValue) -> JsValue {
    object(&[("prf", inputs)]).into()
}

fn results(credential: &JsValue) -> JsValue {
    call(credential, "getClientExtensionResults", &[]).map(|results| get(&results, "prf")).unwrap_or_default()
}

fn secret(prf: &JsValue) -> Option<Vec<u8>> {
    let secret = get(&get(prf, "results"), "first");
    (!secret.is_undefined()).then(|| Uint8Array::new(&secret).to_vec())
}

/// The name of a key in `evalByCredential`: base64url, without padding.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let padded = [three[0], three.get(1).copied().unwrap_or(0), three.get(2).copied().unwrap_or(0)];
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for rank in 0..=three.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * rank)) as usize & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64url;

    /// RFC 4648, section 10, without the padding; the last one has the two letters that differ from plain base 64.
    #[test]
    fn a_key_is_named_as_browsers_name_it() {
        let cases: [(&[u8], &str); 8] = [
            (b"", ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (b"fooba", "Zm9vYmE"),
            (b"foobar", "Zm9vYmFy"),
            (&[0xfb, 0xff, 0xbf], "-_-_"),
        ];
        for (bytes, text) in cases {
            assert_eq!(base64url(bytes), text);
        }
    }
}
