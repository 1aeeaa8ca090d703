//! What a device sealed to this server: ECDH P-256, HKDF-SHA-256, AES-256-GCM, as browsers' WebCrypto has them.

use aes_gcm::aead::{Aead, Nonce};
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;
use sync::protocol::{SealKey, Sealed};

use crate::secret::{hex, unhex};

/// Opens what was sealed to its public key.
#[derive(Clone, Debug)]
pub struct Secret(SecretKey);

impl Secret {
    /// A new one.
    pub fn draw() -> Self {
        loop {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).expect("the operating system gives randomness");
            // One draw in four billion is above the order of the curve.
            if let Ok(secret) = SecretKey::from_slice(&bytes) {
                return Self(secret);
            }
        }
    }

    /// As the database keeps it.
    pub fn from_hex(text: &str) -> Option<Self> {
        SecretKey::from_slice(&unhex(text)?).ok().map(Self)
    }

    /// As the database keeps it.
    pub fn to_hex(&self) -> String {
        hex(&self.0.to_bytes())
    }

    /// What devices seal to.
    pub fn public(&self) -> SealKey {
        SealKey { key: hex(self.0.public_key().to_sec1_point(false).as_bytes()) }
    }

    /// Seals to itself. Nobody else can: the secret it shares with its own public key follows from neither without the
    /// other. So what [`Self::open_own`] opens was written here.
    pub fn seal_own(&self, content: &[u8]) -> Sealed {
        let mut iv = [0; 12];
        getrandom::fill(&mut iv).expect("the operating system gives randomness");
        let cipher = self.cipher(&self.0.public_key()).expect("HKDF gives 32 bytes");
        let content = cipher.encrypt(&Nonce::<Aes256Gcm>::from(iv), content).expect("AES-GCM takes a short text");
        let SealKey { key } = self.public();
        Sealed { format: Sealed::FORMAT.into(), key, iv: hex(&iv), content: hex(&content) }
    }

    /// What this very server sealed; `None` for anything else, were it sealed to it.
    pub fn open_own(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        if sealed.key != self.public().key {
            return None;
        }
        self.open(sealed)
    }

    /// What is inside; `None` when it was altered, or sealed to another server.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        let theirs = PublicKey::from_sec1_bytes(&unhex(&sealed.key)?).ok()?;
        let iv: [u8; 12] = unhex(&sealed.iv)?.try_into().ok()?;
        let content = unhex(&sealed.content)?;
        self.cipher(&theirs)?.decrypt(&Nonce::<Aes256Gcm>::from(iv), content.as_slice()).ok()
    }

    fn cipher(&self, theirs: &PublicKey) -> Option<Aes256Gcm> {
        let shared = p256::ecdh::diffie_hellman(self.0.to_nonzero_scalar(), theirs.as_affine());
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(Sealed::INFO.as_bytes(), &mut key).ok()?;
        Some(Aes256Gcm::new(&key.into()))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// Written by the script that sealed it with WebCrypto, once.
    #[derive(Deserialize)]
    struct Vector {
        secret: String,
        public: String,
        sealed: Sealed,
        content: String,
    }

    fn vector() -> Vector {
        serde_json::from_str(include_str!("../tests/sealed.json")).unwrap()
    }

    #[test]
    fn what_webcrypto_seals_opens() {
        let Vector { secret, public, sealed, content } = vector();
        let secret = Secret::from_hex(&secret).unwrap();
        assert_eq!(secret.public(), SealKey { key: public });
        assert_eq!(secret.open(&sealed).unwrap(), content.as_bytes());
        assert_eq!(Secret::from_hex(&secret.to_hex()).unwrap().public(), secret.public());
    }

    #[test]
    fn anything_altered_stays_closed() {
        let Vector { secret, sealed, .. } = vector();
        let secret = Secret::from_hex(&secret).unwrap();
        let flipped = |text: &str| {
            let last = if text.ends_with('0') { "1" } else { "0" };
            format!("{}{last}", &text[..text.len() - 1])
        };
        let altered = [
            Sealed { key: flipped(&sealed.key), ..sealed.clone() },
            Sealed { key: Secret::draw().public().key, ..sealed.clone() },
            Sealed { iv: flipped(&sealed.iv), ..sealed.clone() },
            Sealed { iv: sealed.iv[2..].to_owned(), ..sealed.clone() },
            Sealed { content: flipped(&sealed.content), ..sealed.clone() },
            Sealed { content: sealed.content[2..].to_owned(), ..sealed.clone() },
            Sealed { content: String::new(), ..sealed.clone() },
            Sealed { content: "é0".to_owned(), ..sealed.clone() },
        ];
        for sealed in &altered {
            assert_eq!(secret.open(sealed), None, "{sealed:?}");
        }
        assert_eq!(Secret::draw().open(&sealed), None, "another server");
    }
}
