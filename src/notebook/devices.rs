//! The devices of this account, as the server lists them.

use domain::id::DeviceId;
use sync::protocol::access::{DeviceLine, Name};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::server;

impl Notebook {
    /// Every device of this account, the one in use first.
    ///
    /// # Errors
    /// The network or the server is silent.
    pub async fn devices(self) -> Result<Vec<DeviceLine>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::devices(&session.token).await?.devices)
    }

    /// Gives a device another name.
    ///
    /// # Errors
    /// The network or the server is silent, or the server refused: it keeps its name.
    pub async fn rename_device(self, device: DeviceId, name: String) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::rename_device(&session.token, device, &Name { name }).await?)
    }
}
