//! What is counted over everybody, by the server: read when it is asked for, and not kept.

use domain::figures::Document;
use domain::id::RecordId;
use domain::programme::Programme;
use leptos::prelude::*;

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

    /// Hands a document over as a file, counted again.
    ///
    /// # Errors
    /// As [`Notebook::figures`], or the browser downloads nothing.
    pub async fn figures_file(
        self,
        programme: &'static Programme,
        id: &str,
        document: &Document,
        (extension, kind): (&str, &str),
    ) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let of = document.choices.iter().find(|choice| choice.chosen).map(|choice| choice.record);
        let bytes = server::figures_file(&session.token, programme.id, &format!("{id}.{extension}"), of).await?;
        let territory = self.account().with_untracked(|me| me.as_ref().map(|me| me.territory_name.clone()));
        let stem = document.file_name(id, programme.name, &territory.unwrap_or_default());
        let name = format!("{stem}.{extension}");
        if file::hand_over_bytes(&name, kind, &bytes) { Ok(()) } else { Err(TroubleKind::Download.into()) }
    }
}
