//! The data key of a device, wrapped by what opens it: a passphrase, a fingerprint, the recovery key of the server.

use domain::id::DeviceId;
use sync::protocol::SignedIn;

use super::{Trouble, TroubleKind};
use crate::platform::crypto::{CryptoError, Key, ROUNDS};
use crate::platform::idb::SEAL;
use crate::platform::idb::devices::{ByFingerprint, Enrolled};
use crate::platform::random;
use crate::platform::webauthn::Answer;

/// Authenticated with a wrapped key, so that it does not open another device's.
fn place(device: DeviceId) -> String {
    format!("devices|{device}|{SEAL}")
}

/// A data key that only the recovery key opens yet.
pub(super) async fn recoverable(data_key: &[u8], signed: &SignedIn) -> Result<Enrolled, Trouble> {
    Ok(Enrolled {
        device_id: signed.device_id,
        account_id: signed.account.id,
        salt: String::new(),
        rounds: 0,
        by_passphrase: String::new(),
        by_fingerprint: None,
        by_recovery: by_recovery(data_key, signed).await?,
        used: 0,
    })
}

pub(super) async fn by_recovery(data_key: &[u8], signed: &SignedIn) -> Result<String, Trouble> {
    let recovery = random::from_hex(&signed.recovery_key).ok_or(TroubleKind::ServerSilent)?;
    let wrapped = Key::from_bytes(&recovery).await?.seal(&place(signed.device_id), data_key).await?;
    Ok(random::to_hex(&wrapped))
}

/// A data key under a passphrase.
#[derive(Clone)]
pub(super) struct ByPassphrase {
    salt: String,
    wrapped: String,
}

impl ByPassphrase {
    /// `passphrase` is normalised already.
    pub(super) async fn wrap(device: DeviceId, data_key: &[u8], passphrase: &str) -> Result<Self, Trouble> {
        let salt: [u8; 16] = random::bytes();
        let wrapped = Key::from_passphrase(passphrase, &salt, ROUNDS).await?.seal(&place(device), data_key).await?;
        Ok(Self { salt: random::to_hex(&salt), wrapped: random::to_hex(&wrapped) })
    }

    /// In place of the passphrase this device had, if it had one.
    pub(super) fn put(&self, device: &mut Enrolled) {
        device.salt.clone_from(&self.salt);
        device.rounds = ROUNDS;
        device.by_passphrase.clone_from(&self.wrapped);
    }
}

/// A data key under what the authenticator answered to this salt.
pub(super) async fn by_fingerprint(
    device: DeviceId,
    data_key: &[u8],
    answer: &Answer,
    salt: &[u8],
) -> Result<ByFingerprint, Trouble> {
    let wrapped = Key::from_fingerprint(&answer.secret).await?.seal(&place(device), data_key).await?;
    Ok(ByFingerprint {
        credential: random::to_hex(&answer.credential),
        salt: random::to_hex(salt),
        wrapped: random::to_hex(&wrapped),
    })
}

/// The data key, `None` if this is not the passphrase that wraps it, or if no passphrase does.
pub(super) async fn with_passphrase(device: &Enrolled, passphrase: &str) -> Result<Option<Vec<u8>>, Trouble> {
    if !device.has_passphrase() {
        return Ok(None);
    }
    let salt = random::from_hex(&device.salt).unwrap_or_default();
    let wrapping = Key::from_passphrase(passphrase, &salt, device.rounds).await?;
    unwrap(&wrapping, device, &device.by_passphrase).await
}

/// The data key, `None` if this is not the key that wraps it.
pub(super) async fn unwrap(wrapping: &Key, device: &Enrolled, wrapped: &str) -> Result<Option<Vec<u8>>, Trouble> {
    let wrapped = random::from_hex(wrapped).ok_or(TroubleKind::StorageUnreadable)?;
    match wrapping.open(&place(device.device_id), &wrapped).await {
        Ok(data_key) => Ok(Some(data_key)),
        Err(CryptoError::Refused) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first fault")]
mod tests {
    use domain::id::AccountId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn device() -> Enrolled {
        Enrolled {
            device_id: DeviceId(random::random_id()),
            account_id: AccountId(random::random_id()),
            salt: String::new(),
            rounds: 0,
            by_passphrase: String::new(),
            by_fingerprint: None,
            by_recovery: String::new(),
            used: 0,
        }
    }

    #[wasm_bindgen_test]
    async fn a_new_passphrase_opens_the_same_data_key_and_the_former_one_nothing() {
        let mut mine = device();
        let data_key: [u8; 32] = random::bytes();
        assert_eq!(with_passphrase(&mine, "quatre mots bien choisis").await.unwrap(), None, "there is none yet");
        ByPassphrase::wrap(mine.device_id, &data_key, "quatre mots bien choisis").await.unwrap().put(&mut mine);
        ByPassphrase::wrap(mine.device_id, &data_key, "galet torrent hetre clarine").await.unwrap().put(&mut mine);
        assert_eq!(with_passphrase(&mine, "galet torrent hetre clarine").await.unwrap(), Some(data_key.to_vec()));
        assert_eq!(with_passphrase(&mine, "quatre mots bien choisis").await.unwrap(), None);
        // Its row, under another device's name: the key is not hers.
        let other = Enrolled { device_id: device().device_id, ..mine };
        assert_eq!(with_passphrase(&other, "galet torrent hetre clarine").await.unwrap(), None);
    }

    #[wasm_bindgen_test]
    async fn only_the_answer_it_was_wrapped_by_opens() {
        let mine = device();
        let data_key: [u8; 32] = random::bytes();
        let answer = Answer { credential: vec![1, 2], secret: vec![7; 32] };
        let way = by_fingerprint(mine.device_id, &data_key, &answer, &[9; 32]).await.unwrap();
        assert_eq!((way.credential.as_str(), way.salt.len()), ("0102", 64));
        for (secret, opened) in [([7; 32], Some(data_key.to_vec())), ([8; 32], None)] {
            let key = Key::from_fingerprint(&secret).await.unwrap();
            assert_eq!(unwrap(&key, &mine, &way.wrapped).await.unwrap(), opened);
        }
    }
}
