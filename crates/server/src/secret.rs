//! Random secrets, their hashes, and passwords.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// Each verification takes 19 MiB and a core for tens of milliseconds: a crowd at the door waits in line.
static ARGON2_AT_ONCE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// What the password of nobody is compared with, so that an unknown login costs as much time as a wrong password.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash(&random_hex()).expect("Argon2 hashes with its default parameters"));

/// Characters of a password, at least.
pub const SHORTEST_PASSWORD: usize = 12;

/// 256 random bits in hexadecimal.
pub fn random_hex() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    hex(&bytes)
}

/// The form under which a device token is stored. A plain hash is enough: the token has 256 random bits.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Lower case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes behind hexadecimal of either case; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// The form under which a password is stored: Argon2id, 19 MiB, two passes.
pub async fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    let password = password.to_owned();
    in_line(move || hash(&password)).await
}

/// Whether the password is the one of this hash; with no hash, or what is none, takes as long and says no.
pub async fn verify_password(password: &str, stored: Option<String>) -> bool {
    let password = password.to_owned();
    in_line(move || {
        // An account that has no password yet holds no hash either: it must cost as much as the others.
        let parsed = stored.as_deref().and_then(|stored| PasswordHash::new(stored).ok());
        let known = parsed.is_some();
        let parsed = parsed.or_else(|| PasswordHash::new(&NOBODY).ok());
        let same = |hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
        parsed.is_some_and(same) && known
    })
    .await
}

/// Pays the one-off cost of [`NOBODY`] before the first visitor could measure it.
pub fn prepare() {
    LazyLock::force(&NOBODY);
}

fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

async fn in_line<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let turn = ARGON2_AT_ONCE.clone().acquire_owned().await.expect("the semaphore is never closed");
    let work = move || {
        // Held by the work, not by the request: a visitor who hangs up does not stop what she began.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.expect("hashing does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let stored = hash_password("quatre mots tirés au sort").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify_password("quatre mots tirés au sort", Some(stored.clone())).await);
        assert!(!verify_password("quatre mots tires au sort", Some(stored)).await);
        assert!(!verify_password("x", None).await);
        assert!(!verify_password("x", Some("not a hash".into())).await);
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (a, b) = (random_hex(), random_hex());
        assert_eq!(a.len(), 64);
        assert_ne!(a, b);
        assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /// Hanging up drops the request, not the hashing it began: its place in the line stays taken until that ends.
    #[tokio::test]
    async fn who_hangs_up_does_not_jump_the_line() {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(wait));
        let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let visitor = || {
            let (wait, began) = (wait.clone(), began.clone());
            tokio::spawn(in_line(move || {
                began.send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
            }))
        };
        let hanging_up = [visitor(), visitor()];
        for visit in hanging_up {
            begun.recv().await.unwrap();
            visit.abort();
        }
        let third = visitor();
        let early = tokio::time::timeout(std::time::Duration::from_millis(300), begun.recv()).await;
        assert!(early.is_err(), "a third hashing began while two ran");
        for _ in 0..3 {
            go.send(()).unwrap();
        }
        third.await.unwrap();
    }
}
