//! Encryption at rest, by the browser's own WebCrypto.

use std::future::Future;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

use super::js::{get, object, settled, window};
use super::random;

/// PBKDF2-SHA-256 rounds of a new passphrase; each wrapped key remembers its own.
pub const ROUNDS: u32 = 600_000;
const IV: usize = 12;

/// An AES-GCM-256 key that JavaScript cannot read back.
#[derive(Clone, Debug)]
pub struct Key(CryptoKey);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// A wrong key, another place, or altered bytes: AES-GCM does not say which.
    #[error("the sealed bytes do not open")]
    Refused,
    #[error("the browser's cryptography failed")]
    Unavailable,
}

impl Key {
    /// From 32 random bytes.
    pub async fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
        let promise = subtle()
            .import_key_with_str("raw", &Uint8Array::from(bytes), "AES-GCM", false, &usages)
            .map_err(|_| CryptoError::Unavailable)?;
        settled(promise).await.map(|key| Self(key.unchecked_into())).map_err(|_| CryptoError::Unavailable)
    }

    /// From a passphrase that was normalised already.
    pub async fn from_passphrase(passphrase: &str, salt: &[u8], rounds: u32) -> Result<Self, CryptoError> {
        Self::from_bytes(&stretched(passphrase, salt, rounds).await?).await
    }

    /// From what an authenticator answers to a salt of ours (WebAuthn PRF): 32 bytes it gives to nobody else.
    pub async fn from_fingerprint(answer: &[u8]) -> Result<Self, CryptoError> {
        Self::from_bytes(&hkdf(&Uint8Array::from(answer), "cardabelle fingerprint 1").await?.to_vec()).await
    }

    /// As the browser hands it to another tab: a reference to a key, never its bytes.
    pub(super) fn shared(&self) -> JsValue {
        self.0.clone().into()
    }

    /// A key that came from another tab, if it is one.
    pub(super) fn from_shared(value: JsValue) -> Option<Self> {
        value.dyn_into().ok().map(Self)
    }

    /// Encrypts under a fresh random 96-bit IV, put in front. `place` is authenticated, not stored. Begins at the call, so
    /// that many may be under way together: the browser does them beside the page.
    pub fn seal(&self, place: &str, clear: &[u8]) -> impl Future<Output = Result<Vec<u8>, CryptoError>> + use<> {
        let iv: [u8; IV] = random::bytes();
        let begun =
            subtle().encrypt_with_object_and_js_u8_array(&parameters(&iv, place), &self.0, &Uint8Array::from(clear));
        async move {
            let body = settled(begun.map_err(|_| CryptoError::Unavailable)?).await;
            let body = Uint8Array::new(&body.map_err(|_| CryptoError::Unavailable)?);
            let mut sealed = iv.to_vec();
            sealed.extend(body.to_vec());
            Ok(sealed)
        }
    }

    /// Opens what [`Key::seal`] made for the same place. Begins at the call too.
    pub fn open(&self, place: &str, sealed: &[u8]) -> impl Future<Output = Result<Vec<u8>, CryptoError>> + use<> {
        let begun = sealed.split_at_checked(IV).ok_or(CryptoError::Refused).and_then(|(iv, body)| {
            subtle()
                .decrypt_with_object_and_js_u8_array(&parameters(iv, place), &self.0, &Uint8Array::from(body))
                .map_err(|_| CryptoError::Unavailable)
        });
        async move { settled(begun?).await.map(|clear| Uint8Array::new(&clear).to_vec()).map_err(|_| CryptoError::Refused) }
    }
}

/// What only the holder of the private half of a key can open.
pub struct SealedTo {
    /// The public half of a key made for this seal alone, uncompressed.
    pub key: Vec<u8>,
    pub iv: Vec<u8>,
    pub content: Vec<u8>,
}

/// Seals to an ECDH P-256 public key (uncompressed point): AES-256-GCM under HKDF-SHA-256 of the shared secret.
pub async fn seal_to(public: &[u8], info: &str, clear: &[u8]) -> Result<SealedTo, CryptoError> {
    let unavailable = |_| CryptoError::Unavailable;
    let curve = object(&[("name", "ECDH".into()), ("namedCurve", "P-256".into())]);
    let derive = Array::of1(&"deriveBits".into());
    let theirs = subtle()
        .import_key_with_object("raw", &Uint8Array::from(public), &curve, true, &Array::new())
        .map_err(unavailable)?;
    let theirs = settled(theirs).await.map_err(unavailable)?;
    let pair = subtle().generate_key_with_object(&curve, false, &derive).map_err(unavailable)?;
    let pair = settled(pair).await.map_err(unavailable)?;
    let (ours, published): (CryptoKey, CryptoKey) =
        (get(&pair, "privateKey").unchecked_into(), get(&pair, "publicKey").unchecked_into());
    let published = settled(subtle().export_key("raw", &published).map_err(unavailable)?).await.map_err(unavailable)?;
    let shared = bits(&[("name", "ECDH".into()), ("public", theirs)], &ours).await?;
    let key = hkdf(&shared, info).await?;
    // An empty place adds nothing to what is authenticated.
    let mut iv = Key::from_bytes(&key.to_vec()).await?.seal("", clear).await?;
    let content = iv.split_off(IV);
    Ok(SealedTo { key: Uint8Array::new(&published).to_vec(), iv, content })
}

/// SHA-256: fit for what is random already.
pub async fn hash(bytes: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let promise = subtle().digest_with_str_and_js_u8_array("SHA-256", &Uint8Array::from(bytes));
    let hashed = settled(promise.map_err(|_| CryptoError::Unavailable)?).await.map_err(|_| CryptoError::Unavailable)?;
    Ok(Uint8Array::new(&hashed).to_vec())
}

/// 32 bytes that cost `rounds` of PBKDF2-SHA-256 to find again: for a passphrase, or to know a code without keeping it.
pub async fn stretched(secret: &str, salt: &[u8], rounds: u32) -> Result<Vec<u8>, CryptoError> {
    let secret = derivable(&Uint8Array::from(secret.as_bytes()), "PBKDF2").await?;
    let algorithm = [
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("iterations", rounds.into()),
        ("salt", Uint8Array::from(salt).into()),
    ];
    Ok(bits(&algorithm, &secret).await?.to_vec())
}

/// HKDF-SHA-256 without salt: `info` keeps one use apart from another.
async fn hkdf(secret: &Uint8Array, info: &str) -> Result<Uint8Array, CryptoError> {
    let algorithm = [
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::new_with_length(0).into()),
        ("info", Uint8Array::from(info.as_bytes()).into()),
    ];
    bits(&algorithm, &derivable(secret, "HKDF").await?).await
}

/// Bytes from which others are derived.
async fn derivable(secret: &Uint8Array, algorithm: &str) -> Result<CryptoKey, CryptoError> {
    let unavailable = |_| CryptoError::Unavailable;
    let usages = Array::of1(&"deriveBits".into());
    let promise = subtle().import_key_with_str("raw", secret, algorithm, false, &usages).map_err(unavailable)?;
    Ok(settled(promise).await.map_err(unavailable)?.unchecked_into())
}

/// 256 bits derived from a key.
async fn bits(algorithm: &[(&str, JsValue)], key: &CryptoKey) -> Result<Uint8Array, CryptoError> {
    let promise =
        subtle().derive_bits_with_object(&object(algorithm), key, 256).map_err(|_| CryptoError::Unavailable)?;
    settled(promise).await.map(|bits| Uint8Array::new(&bits)).map_err(|_| CryptoError::Unavailable)
}

fn subtle() -> SubtleCrypto {
    window().crypto().expect("every page has a generator").subtle()
}

fn parameters(iv: &[u8], place: &str) -> js_sys::Object {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(iv).into()),
        ("additionalData", JsValue::from(Uint8Array::from(place.as_bytes()))),
    ])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn what_is_sealed_opens_again_and_differs_each_time() {
        let key = Key::from_bytes(&random::bytes::<32>()).await.unwrap();
        let first = key.seal("records|1|100", b"Odette").await.unwrap();
        let second = key.seal("records|1|100", b"Odette").await.unwrap();
        assert_eq!(key.open("records|1|100", &first).await.unwrap(), b"Odette");
        assert_ne!(first, second);
        assert!(!first.windows(6).any(|window| window == b"Odette"));
    }

    #[wasm_bindgen_test]
    async fn another_place_or_an_altered_byte_is_refused() {
        let key = Key::from_bytes(&random::bytes::<32>()).await.unwrap();
        let mut sealed = key.seal("records|1|100", b"Odette").await.unwrap();
        assert_eq!(key.open("records|2|100", &sealed).await, Err(CryptoError::Refused));
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(key.open("records|1|100", &sealed).await, Err(CryptoError::Refused));
        assert_eq!(key.open("records|1|100", b"short").await, Err(CryptoError::Refused));
    }

    #[wasm_bindgen_test]
    async fn only_the_right_passphrase_opens() {
        let right = Key::from_passphrase("quatre mots bien choisis", b"0123456789abcdef", 1_000).await.unwrap();
        let wrong = Key::from_passphrase("quatre mots mal choisis", b"0123456789abcdef", 1_000).await.unwrap();
        let salted = Key::from_passphrase("quatre mots bien choisis", b"fedcba9876543210", 1_000).await.unwrap();
        let sealed = right.seal("key", b"data key").await.unwrap();
        assert_eq!(right.open("key", &sealed).await.unwrap(), b"data key");
        assert_eq!(wrong.open("key", &sealed).await, Err(CryptoError::Refused));
        assert_eq!(salted.open("key", &sealed).await, Err(CryptoError::Refused));
    }

    #[wasm_bindgen_test]
    async fn an_authenticator_s_answer_makes_one_key_and_another_answer_another() {
        let key = async |byte: u8| Key::from_fingerprint(&[byte; 32]).await.unwrap();
        let sealed = key(7).await.seal("key", b"data key").await.unwrap();
        assert_eq!(key(7).await.open("key", &sealed).await.unwrap(), b"data key");
        assert_eq!(key(8).await.open("key", &sealed).await, Err(CryptoError::Refused));
        let raw = Key::from_bytes(&[7; 32]).await.unwrap();
        assert_eq!(raw.open("key", &sealed).await, Err(CryptoError::Refused), "the answer itself is no key");
    }

    /// RFC 7914, section 11, first 32 bytes of the second vector of PBKDF2-HMAC-SHA-256.
    #[wasm_bindgen_test]
    async fn stretching_is_the_published_one() {
        let bytes = stretched("Password", b"NaCl", 80_000).await.unwrap();
        assert_eq!(random::to_hex(&bytes), "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
    }

    #[wasm_bindgen_test]
    async fn a_key_given_to_another_tab_opens_the_same_and_says_nothing_of_itself() {
        let key = Key::from_bytes(&random::bytes::<32>()).await.unwrap();
        let sealed = key.seal("key", b"Odette").await.unwrap();
        let other = Key::from_shared(key.shared()).unwrap();
        assert_eq!(other.open("key", &sealed).await.unwrap(), b"Odette");
        assert!(subtle().export_key("raw", &other.0).is_ok(), "the refusal comes with the promise");
        assert!(settled(subtle().export_key("raw", &other.0).unwrap()).await.is_err());
        assert!(Key::from_shared("a text".into()).is_none());
    }

    /// As the server opens it, step by step: the private half and the public half that came with the seal.
    #[wasm_bindgen_test]
    async fn what_is_sealed_to_a_key_opens_with_its_private_half_only() {
        let curve = object(&[("name", "ECDH".into()), ("namedCurve", "P-256".into())]);
        let derive = Array::of1(&"deriveBits".into());
        let mut pairs = Vec::new();
        for _ in 0..2 {
            pairs.push(settled(subtle().generate_key_with_object(&curve, true, &derive).unwrap()).await.unwrap());
        }
        let public: CryptoKey = get(&pairs[0], "publicKey").unchecked_into();
        let public = settled(subtle().export_key("raw", &public).unwrap()).await.unwrap();
        let sealed = seal_to(&Uint8Array::new(&public).to_vec(), "test", b"Odette").await.unwrap();
        assert_eq!((sealed.key.len(), sealed.iv.len(), sealed.content.len()), (65, 12, 6 + 16));
        let body = [sealed.iv, sealed.content].concat();
        for (pair, opened) in pairs.iter().zip([Ok(b"Odette".to_vec()), Err(CryptoError::Refused)]) {
            let theirs = Uint8Array::from(sealed.key.as_slice());
            let theirs = subtle().import_key_with_object("raw", &theirs, &curve, true, &Array::new()).unwrap();
            let theirs = settled(theirs).await.unwrap();
            let private: CryptoKey = get(pair, "privateKey").unchecked_into();
            let shared = bits(&[("name", "ECDH".into()), ("public", theirs)], &private).await.unwrap();
            let shared = subtle().import_key_with_str("raw", &shared, "HKDF", false, &derive).unwrap();
            let shared: CryptoKey = settled(shared).await.unwrap().unchecked_into();
            let none = Uint8Array::new_with_length(0);
            let info = Uint8Array::from("test".as_bytes());
            let hkdf =
                [("name", "HKDF".into()), ("hash", "SHA-256".into()), ("salt", none.into()), ("info", info.into())];
            let key = Key::from_bytes(&bits(&hkdf, &shared).await.unwrap().to_vec()).await.unwrap();
            assert_eq!(key.open("", &body).await, opened);
        }
    }
}
