//! The ways in of the open notebook, seen and changed from inside. The data key stays the same: nothing is encrypted again,
//! the other tabs go on, and one commit makes the change whole or leaves the former way.

use super::fingerprint::finger;
use super::passphrase::{normalise, strong};
use super::wrapping::{ByPassphrase, with_passphrase};
use super::{Notebook, Trouble, TroubleKind};
use crate::platform::idb::devices::Enrolled;

/// What opens the open notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaysIn {
    pub passphrase: bool,
    pub fingerprint: bool,
    /// Another account has its notebook in this browser: whoever opens the machine would open both.
    pub shared: bool,
    /// The short code of the quick lock.
    pub code: bool,
}

impl Notebook {
    /// What opens the open notebook now.
    ///
    /// # Errors
    /// It was locked meanwhile, or the disk does not answer.
    pub async fn ways_in(self) -> Result<WaysIn, Trouble> {
        let mine = self.mine().await?;
        let code = self.has_code().await?;
        Ok(WaysIn {
            passphrase: mine.has_passphrase(),
            fingerprint: mine.by_fingerprint.is_some(),
            shared: self.inner().enrolled.borrow().len() > 1,
            code,
        })
    }

    /// Another passphrase for the open notebook, or a first one. `None` as the present one: the fingerprint.
    ///
    /// # Errors
    /// The present one is wrong, the new one too short, or the disk refused: the former one still opens.
    pub async fn change_passphrase(self, present: Option<&str>, new: &str) -> Result<(), Trouble> {
        let new = strong(new)?;
        let (device, data_key) = self.present(present).await?;
        let wrapped = ByPassphrase::wrap(device.device_id, &data_key, &new).await?;
        self.change_device(move |device| wrapped.put(device)).await
    }

    /// The device of the open notebook as it is on the disk.
    pub(super) async fn mine(self) -> Result<Enrolled, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let devices = self.read_devices().await?;
        Ok(devices.into_iter().find(|device| device.device_id == session.device).ok_or(TroubleKind::Locked)?)
    }

    /// The data key of the open notebook, which its session cannot read: by a passphrase, or by the fingerprint.
    pub(super) async fn present(self, passphrase: Option<&str>) -> Result<(Enrolled, Vec<u8>), Trouble> {
        let device = self.mine().await?;
        let Some(passphrase) = passphrase else { return finger(&[device]).await };
        let data_key = with_passphrase(&device, &normalise(passphrase)).await?.ok_or(TroubleKind::NotThePassphrase)?;
        Ok((device, data_key))
    }

    /// Changes the row of the open notebook, durably.
    pub(super) async fn change_device(self, change: impl Fn(&mut Enrolled)) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        self.inner().devices.change(session.device, change).await?.ok_or(TroubleKind::StorageUnreadable)?;
        self.read_devices().await?;
        Ok(())
    }

    /// The devices of this browser: another tab may have changed them.
    pub(super) async fn read_devices(self) -> Result<Vec<Enrolled>, Trouble> {
        let inner = self.inner();
        let devices = inner.devices.list().await?;
        (*inner.enrolled.borrow_mut()).clone_from(&devices);
        Ok(devices)
    }
}
