//! What is counted over everybody, by the server: read when it is asked for, and not kept.

use domain::figures::Document;
use domain::id::RecordId;

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{file, server};

/// The files figures are handed over as: extension, then what it is.
pub const EXCEL: (&str, &str) = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
pub const CSV: (&str, &str) = ("csv", "text/csv;charset=utf-8");

impl Notebook {
    /// What a programme counts; `of`: the record it is asked about.
    ///
    /// # Errors
    /// The network or the server is silent, or this account may not read it.
    pub async fn figures(self, programme: &str, id: &str, of: Option<RecordId>) -> Result<Document, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::figures(&session.token, programme, id, of).await?)
    }

    /// Hands the same over as a file.
    ///
    /// # Errors
    /// As [`Notebook::figures`], or the browser downloads nothing.
    pub async fn figures_file(
        self,
        programme: &str,
        id: &str,
        of: Option<RecordId>,
        (extension, kind): (&str, &str),
    ) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let bytes = server::figures_file(&session.token, programme, &format!("{id}.{extension}"), of).await?;
        let name = format!("{id}-{}.{extension}", self.today());
        if file::hand_over_bytes(&name, kind, &bytes) { Ok(()) } else { Err(TroubleKind::Download.into()) }
    }
}
