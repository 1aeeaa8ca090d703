//! Encryption at rest, by the browser's own WebCrypto.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

use super::js::{object, settled, window};
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
        let unavailable = |_| CryptoError::Unavailable;
        let usages = Array::of1(&"deriveBits".into());
        let promise = subtle()
            .import_key_with_str("raw", &Uint8Array::from(passphrase.as_bytes()), "PBKDF2", false, &usages)
            .map_err(unavailable)?;
        let password: CryptoKey = settled(promise).await.map_err(unavailable)?.unchecked_into();
        let algorithm = object(&[
            ("name", "PBKDF2".into()),
            ("hash", "SHA-256".into()),
            ("iterations", rounds.into()),
            ("salt", Uint8Array::from(salt).into()),
        ]);
        let promise = subtle().derive_bits_with_object(&algorithm, &password, 256).map_err(unavailable)?;
        let bits = settled(promise).await.map_err(unavailable)?;
        Self::from_bytes(&Uint8Array::new(&bits).to_vec()).await
    }

    /// Encrypts under a fresh random 96-bit IV, put in front. `place` is authenticated, not stored.
    pub async fn seal(&self, place: &str, clear: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let iv: [u8; IV] = random::bytes();
        let promise = subtle()
            .encrypt_with_object_and_js_u8_array(&parameters(&iv, place), &self.0, &Uint8Array::from(clear))
            .map_err(|_| CryptoError::Unavailable)?;
        let body = Uint8Array::new(&settled(promise).await.map_err(|_| CryptoError::Unavailable)?);
        let mut sealed = iv.to_vec();
        sealed.extend(body.to_vec());
        Ok(sealed)
    }

    /// Opens what [`Key::seal`] made for the same place.
    pub async fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (iv, body) = sealed.split_at_checked(IV).ok_or(CryptoError::Refused)?;
        let promise = subtle()
            .decrypt_with_object_and_js_u8_array(&parameters(iv, place), &self.0, &Uint8Array::from(body))
            .map_err(|_| CryptoError::Unavailable)?;
        settled(promise).await.map(|clear| Uint8Array::new(&clear).to_vec()).map_err(|_| CryptoError::Refused)
    }
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
}
