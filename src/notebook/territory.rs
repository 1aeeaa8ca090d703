//! Pages whose words the server writes: the settings of the territory, and whom this account will see no more.

use sync::protocol::territory::{Asked, Panel};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::server;

/// Where a page is read.
pub const SETTINGS: &str = "/api/territory";
pub const LEAVING: &str = "/api/retention";

impl Notebook {
    /// The page the server keeps at this address.
    ///
    /// # Errors
    /// The network or the server is silent, or this account may not read it.
    pub async fn panel(self, url: &'static str) -> Result<Panel, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::panel(&session.token, url).await?)
    }

    /// Changes a setting of the territory; answers them all.
    ///
    /// # Errors
    /// As [`Notebook::panel`], or the server refuses the value: nothing changed.
    pub async fn set_territory(self, asked: Asked) -> Result<Panel, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::set_territory(&session.token, &asked).await?)
    }
}
