//! What was erased for good, listed in a file beside the database and beside its backups, never in them: a backup made
//! before an erasure still holds the values, and its restoration must not bring them back. Identifiers only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId, TerritoryId};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use sync::{Operation, OperationKind, Record, Sequenced};

use super::record::Owned;
use super::{Store, StoreError, operation, record, retention_people, scope, sequence, sight, suppression};

/// Name of the list: one JSON line per erasure.
pub const FILE: &str = "erased.txt";

/// One erasure: what is needed to do it again, even in a backup that does not know the record yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    pub record: RecordId,
    kind: String,
    form_version: String,
    owner: AccountId,
    op_id: OpId,
    device: DeviceId,
    at: Timestamp,
}

impl Erased {
    /// The erasure an operation asks for, on a record that belongs to `owner`.
    pub fn by(operation: &Operation, owner: AccountId, at: Timestamp) -> Self {
        Self {
            record: operation.record_id,
            kind: operation.record_kind.clone(),
            form_version: operation.form_version.clone(),
            owner,
            op_id: operation.op_id,
            device: operation.device_id,
            at,
        }
    }

    /// As it was, without its rank on its device, which only its device may say.
    fn operation(&self) -> Operation {
        Operation {
            op_id: self.op_id,
            device_id: self.device,
            device_seq: 0,
            record_id: self.record,
            record_kind: self.kind.clone(),
            form_version: self.form_version.clone(),
            kind: OperationKind::Erase,
            fields: Default::default(),
            reason: None,
            device_time: self.at,
        }
    }
}

impl Store {
    /// Lists erasures, on the disk when this returns. Called before their commit: listed and not committed, an erasure is
    /// asked again by its device; committed and not listed, a restoration would undo it.
    pub(super) async fn list_erased(&self, erased: Vec<Erased>) -> Result<(), StoreError> {
        let data = self.data.clone();
        if !erased.is_empty() {
            tokio::task::spawn_blocking(move || append(&data, &erased)).await.expect("appending does not panic")?;
        }
        Ok(())
    }
}

/// Adds erasures to the list of a folder.
pub fn append(folder: &Path, erased: &[Erased]) -> io::Result<()> {
    if erased.is_empty() {
        return Ok(());
    }
    let path = folder.join(FILE);
    let new = !path.exists();
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
    let mut text = lines(erased)?;
    if !ends_a_line(&mut file)? {
        // A line that a power cut left unfinished must not swallow this one.
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if new { sync_folder(folder) } else { Ok(()) }
}

/// The erasures listed in a folder, and how many lines cannot be read: those that a power cut left unfinished.
pub fn list(folder: &Path) -> io::Result<(Vec<Erased>, usize)> {
    let bytes = match fs::read(folder.join(FILE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        bytes => bytes?,
    };
    let text = String::from_utf8_lossy(&bytes);
    let read: Vec<_> = text.lines().filter(|line| !line.is_empty()).map(serde_json::from_str).collect();
    let count = read.len();
    let erased: Vec<Erased> = read.into_iter().flatten().collect();
    let unread = count - erased.len();
    Ok((erased, unread))
}

/// Adds to the list of `to` what only the list of `from` has.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let here = list(to)?.0;
    let missing: Vec<_> = list(from)?.0.into_iter().filter(|erased| !here.contains(erased)).collect();
    append(to, &missing)
}

/// Does listed erasures again in a restored database; answers how many records they blanked anew. The operations
/// themselves are not added to the log: their devices kept them, and send them again.
pub async fn replay(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    erased: &[Erased],
) -> Result<u64, StoreError> {
    let before = sequence::head(transaction, territory).await?.seq;
    let mut seq = before;
    for one in erased {
        operation::blank(transaction, territory, one.record).await?;
        suppression::forget(transaction, territory, one.record).await?;
        retention_people::forget(transaction, territory, one.record).await?;
        let known = record::find(transaction, territory, one.record).await?;
        if known.as_ref().is_some_and(|owned| owned.record.is_erased()) {
            continue;
        }
        let operation = one.operation();
        let mut owned = match known {
            Some(owned) => owned,
            // A device that was away may still hold the creation: the place is taken, erased, before it comes.
            None => {
                let owner = owner(transaction, territory, one.owner).await?;
                sight::begin_alone(transaction, territory, one.record, owner).await?;
                Owned { owner, record: Record::of(&operation) }
            }
        };
        seq += 1;
        owned.record.apply(&Sequenced::new(seq, one.owner, one.at, operation));
        record::write(transaction, territory, &owned).await?;
        // Whoever else once wrote on it purges what her devices hold, though she may see it no more.
        let mut others = operation::authors(transaction, territory, one.record).await?;
        others.extend(scope::accounts(transaction, territory, one.record).await?);
        others.extend(sight::leave_to(transaction, territory, one.record, owned.owner).await?);
        others.remove(&owned.owner);
        for account in others {
            scope::note(transaction, territory, account, seq, one.record).await?;
        }
    }
    sequence::draw(transaction, territory, before, seq).await?;
    Ok(seq - before)
}

/// The account to which an erased record belongs. An account that the backup does not know yet cannot own it: the
/// oldest one does, for the sake of the schema, and nothing is left to be seen.
async fn owner(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    owner: AccountId,
) -> Result<AccountId, StoreError> {
    let account: String = sqlx::query_scalar(
        "SELECT account FROM account WHERE territory = ? ORDER BY account = ? DESC, account LIMIT 1",
    )
    .bind(territory.to_string())
    .bind(owner.to_string())
    .fetch_one(transaction)
    .await?;
    super::parsed(&account)
}

fn lines(erased: &[Erased]) -> io::Result<String> {
    let mut text = String::new();
    for one in erased {
        text.push_str(&serde_json::to_string(one)?);
        text.push('\n');
    }
    Ok(text)
}

/// Whether what is written next begins a line.
fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Makes the names of a folder durable, where the system can.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(id: u128) -> Erased {
        let id = uuid::Uuid::from_u128(id);
        Erased {
            record: RecordId(id),
            kind: "person".into(),
            form_version: "1".into(),
            owner: AccountId(id),
            op_id: OpId(id),
            device: DeviceId(id),
            at: Timestamp(1),
        }
    }

    #[test]
    fn a_line_cut_short_swallows_no_other() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(list(folder.path()).unwrap(), (vec![], 0), "no list yet");
        append(folder.path(), &[erased(1), erased(2)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(folder.path().join(FILE)).unwrap();
        file.write_all(br#"{"record":"0000"#).unwrap();
        append(folder.path(), &[erased(3)]).unwrap();
        assert_eq!(list(folder.path()).unwrap(), (vec![erased(1), erased(2), erased(3)], 1));
    }

    #[test]
    fn lists_are_joined_and_repeat_nothing() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        append(here.path(), &[erased(1), erased(2)]).unwrap();
        append(there.path(), &[erased(2), erased(3)]).unwrap();
        copy(here.path(), there.path()).unwrap();
        copy(here.path(), there.path()).unwrap();
        assert_eq!(list(there.path()).unwrap().0, [erased(2), erased(3), erased(1)]);
    }
}
