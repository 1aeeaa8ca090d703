//! Opening with the fingerprint, the face or the code of this machine; adding it and taking it away.

use leptos::prelude::*;

use super::wrapping::{by_fingerprint, unwrap};
use super::{Notebook, Trouble, TroubleKind};
use crate::platform::crypto::Key;
use crate::platform::idb::devices::{ByFingerprint, Enrolled};
use crate::platform::random;
use crate::platform::webauthn::{self, Refusal};

impl Notebook {
    /// Whether this machine knows its owner's finger: asked once, at the start.
    #[must_use]
    pub fn fingerprint_offered(self) -> Signal<bool> {
        self.fingerprint.into()
    }

    /// Whether a passphrase, and whether a fingerprint, opens at least one notebook of this browser.
    #[must_use]
    pub fn ways_of_all(self) -> (bool, bool) {
        let inner = self.inner();
        let enrolled = inner.enrolled.borrow();
        (enrolled.iter().any(Enrolled::has_passphrase), enrolled.iter().any(|one| one.by_fingerprint.is_some()))
    }

    /// Makes the data key of a newly enrolled device, wraps it by the fingerprint alone, and opens. The recovery key of the
    /// server still opens it if the machine forgets.
    ///
    /// # Errors
    /// The machine refused, nobody signed in, or the browser keeps nothing: a passphrase remains to be chosen.
    pub async fn choose_fingerprint(self) -> Result<(), Trouble> {
        let (mut device, data_key) = self.new_device().await?;
        device.by_fingerprint = Some(self.wrap_by_fingerprint(&device, &data_key).await?);
        self.begin_device(device, &data_key).await
    }

    /// Opens the notebook of this browser whose key the machine gives back.
    ///
    /// # Errors
    /// The machine refused, or what it gave opens nothing here any more.
    pub async fn unlock_by_fingerprint(self) -> Result<(), Trouble> {
        let devices = self.read_devices().await?;
        let (device, data_key) = finger(&devices).await?;
        self.open_with(device, &data_key).await
    }

    /// From now on the fingerprint opens the open notebook too.
    ///
    /// # Errors
    /// The passphrase is not the present one, the machine refused, or the disk did: nothing changed.
    pub async fn add_fingerprint(self, passphrase: &str) -> Result<(), Trouble> {
        let (device, data_key) = self.present(Some(passphrase)).await?;
        let added = self.wrap_by_fingerprint(&device, &data_key).await?;
        self.change_device(move |device| device.by_fingerprint = Some(added.clone())).await
    }

    /// The fingerprint does not open the open notebook any more. The key the machine keeps for it then opens nothing.
    ///
    /// # Errors
    /// Nothing else would open it, or the disk refused: nothing changed.
    pub async fn remove_fingerprint(self) -> Result<(), Trouble> {
        if !self.mine().await?.has_passphrase() {
            return Err(TroubleKind::OnlyWayIn.into());
        }
        self.change_device(|device| device.by_fingerprint = None).await
    }

    async fn wrap_by_fingerprint(self, device: &Enrolled, data_key: &[u8]) -> Result<ByFingerprint, Trouble> {
        let salt: [u8; 32] = random::bytes();
        let others = self.inner().enrolled.borrow().iter().filter(|one| one.device_id != device.device_id).count();
        let name = format!("Carnet {}", others + 1);
        let answer = webauthn::enrol(device.device_id.0.as_bytes(), &name, &salt).await?;
        by_fingerprint(device.device_id, data_key, &answer, &salt).await
    }
}

/// The device whose key the machine gave back, and its data key.
pub(super) async fn finger(devices: &[Enrolled]) -> Result<(Enrolled, Vec<u8>), Trouble> {
    let ways: Vec<_> = devices.iter().filter_map(|device| Some((device, device.by_fingerprint.as_ref()?))).collect();
    let bytes = |text: &str| random::from_hex(text).unwrap_or_default();
    let keys: Vec<_> = ways.iter().map(|(_, way)| (bytes(&way.credential), bytes(&way.salt))).collect();
    if keys.is_empty() {
        return Err(TroubleKind::FingerprintUnknown.into());
    }
    let answer = webauthn::open(&keys).await?;
    let credential = random::to_hex(&answer.credential);
    let (device, way) =
        ways.into_iter().find(|(_, way)| way.credential == credential).ok_or(TroubleKind::FingerprintUnknown)?;
    let wrapping = Key::from_fingerprint(&answer.secret).await?;
    let data_key = unwrap(&wrapping, device, &way.wrapped).await?.ok_or(TroubleKind::FingerprintUnknown)?;
    Ok((device.clone(), data_key))
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Cancelled => TroubleKind::FingerprintCancelled,
            Refusal::Unsupported => TroubleKind::FingerprintUnsupported,
        }
        .into()
    }
}
