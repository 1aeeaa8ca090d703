//! What a person may ask: a copy of all that is kept of her, or its end.

use domain::id::RecordId;
use sync::OperationKind;

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{file, server};

/// For whom a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// A page to be read or printed.
    ToRead,
    /// JSON.
    ForPrograms,
}

impl Notebook {
    /// Hands over a file with all that the server holds of a person; its name says nothing of her.
    ///
    /// # Errors
    /// What is typed here has not all reached the server, the network or the server is silent, or this account may not.
    pub async fn copy_of(self, person: RecordId, shape: Copied) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        self.flushed().await?;
        let offset = crate::platform::clock::offset_minutes(self.now());
        let (asked, kind, end) = match shape {
            Copied::ToRead => ("html", "text/html;charset=utf-8", "html"),
            Copied::ForPrograms => ("json", "application/json", "json"),
        };
        let text = server::dossier(&session.token, person, asked, offset).await?;
        let name = format!("dossier-{}.{end}", self.today());
        if file::hand_over_as(&name, kind, &text) { Ok(()) } else { Err(TroubleKind::Download.into()) }
    }

    /// Erases a person at her request, and all that hangs on her: here at once, elsewhere at the next exchange.
    ///
    /// # Errors
    /// The disk refused; nothing is erased.
    pub async fn erase(self, person: RecordId) -> Result<(), Trouble> {
        self.turn(person, OperationKind::Erase).await
    }
}
