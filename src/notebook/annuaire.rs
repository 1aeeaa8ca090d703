//! What the directory asks of the notebook: its key, to keep the members' file sealed; its token, to fetch it.

use domain::annuaire::directory::FILE_VERSION;
use domain::annuaire::import::{Imported, Listed, Report, Settlement, Submission, ToSettle, Undone};
use domain::annuaire::report::REPORT;
use domain::id::RecordId;
use domain::record::Value;
use sync::Hold;
use uuid::Uuid;

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::random;
use crate::platform::server::{self, Published};

/// Name under which the file lies sealed: its mark, an end of line, then the file as it came.
const FILE: &str = "annuaire";
/// Name under which its mark lies too, with the shape of the file: to ask for a newer one, the whole is not deciphered.
const MARK: &str = "annuaire-mark";

impl Notebook {
    /// The members' directory as this device last received it.
    ///
    /// # Errors
    /// The notebook is locked, or the browser does not give back what it kept.
    pub async fn kept_annuaire(self) -> Result<Option<Published>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(session.store().sealed_file(FILE).await?.map(parted))
    }

    /// The mark of the file that is kept, if this build reads its shape.
    ///
    /// # Errors
    /// As [`Notebook::kept_annuaire`].
    pub async fn annuaire_mark(self) -> Result<Option<String>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let kept = session.store().sealed::<(u32, String)>(MARK).await?;
        Ok(kept.filter(|(version, _)| *version == FILE_VERSION).map(|(_, mark)| mark))
    }

    /// Keeps the members' directory in place of the former one.
    ///
    /// # Errors
    /// The notebook is locked, or the disk refused: the former one stays.
    pub async fn keep_annuaire(self, file: &Published) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let whole = [file.mark.as_bytes(), b"\n", &file.bytes].concat();
        session.store().keep_sealed_file(FILE, &whole).await?;
        // After the file: stopped between the two, the same file is asked for once more.
        Ok(session.store().keep_sealed(MARK, &(FILE_VERSION, &file.mark)).await?)
    }

    /// The members' directory the server has now; `None` when it is the one of this mark.
    ///
    /// # Errors
    /// The network or the server is silent, or the account may not read it.
    pub async fn fetch_annuaire(self, mark: Option<&str>) -> Result<Option<Published>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::annuaire(&session.token, mark).await?)
    }

    /// Signals an error on a card, in one operation that leaves by itself.
    ///
    /// # Errors
    /// The notebook is locked, or the disk refused: nothing is kept.
    pub async fn signal(self, fields: Vec<(&'static str, Value)>) -> Result<(), Trouble> {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.begin_record(random::record_id(), &REPORT, fields, Hold::No).await
    }

    /// What the cards of a file would change, or changes them.
    ///
    /// # Errors
    /// The network or the server is silent, or this account does not coordinate: nothing is written.
    pub async fn import(self, submission: &Submission) -> Result<Imported, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::import(&session.token, submission).await?)
    }

    /// The imports of the territory, newest first.
    ///
    /// # Errors
    /// The network or the server is silent, or this account does not coordinate.
    pub async fn imports(self) -> Result<Vec<Listed>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::imports(&session.token).await?.imports)
    }

    /// Sets back what an import changed, and tells what it left.
    ///
    /// # Errors
    /// As [`Notebook::import`].
    pub async fn undo_import(self, import: Uuid) -> Result<Undone, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::undo_import(&session.token, import).await?)
    }

    /// Notes that the people an import brought in were told.
    ///
    /// # Errors
    /// As [`Notebook::import`].
    pub async fn informed(self, import: Uuid) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::informed(&session.token, import).await?)
    }

    /// What was declared and the last files say otherwise, by card.
    ///
    /// # Errors
    /// As [`Notebook::imports`].
    pub async fn differences(self) -> Result<Vec<ToSettle>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::differences(&session.token).await?.differences)
    }

    /// Keeps what is declared, or takes what the file says.
    ///
    /// # Errors
    /// As [`Notebook::import`]; or the card changed since, and nothing is written.
    pub async fn settle_difference(self, settlement: &Settlement) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::settle_difference(&session.token, settlement).await?)
    }

    /// Settles an error somebody signalled, or opens it again.
    ///
    /// # Errors
    /// As [`Notebook::import`].
    pub async fn settle_report(self, report: RecordId, settled: bool) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::settle_report(&session.token, report, settled).await?)
    }

    /// The errors people signalled on cards.
    ///
    /// # Errors
    /// As [`Notebook::imports`].
    pub async fn reports(self) -> Result<Vec<Report>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::reports(&session.token).await?.reports)
    }
}

/// The mark and the file.
fn parted(mut whole: Vec<u8>) -> Published {
    let end = whole.iter().position(|byte| *byte == b'\n').unwrap_or(whole.len());
    let bytes = whole.split_off((end + 1).min(whole.len()));
    whole.truncate(end);
    Published { mark: String::from_utf8(whole).unwrap_or_default(), bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_comes_back_as_it_was_kept() {
        for (whole, mark, file) in [("\"7f\"\n{\n}", "\"7f\"", "{\n}"), ("\n{}", "", "{}"), ("", "", "")] {
            let parted = parted(whole.as_bytes().to_vec());
            assert_eq!((parted.mark.as_str(), parted.bytes.as_slice()), (mark, file.as_bytes()));
        }
    }
}
