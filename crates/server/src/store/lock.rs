//! Who uses a data folder: everything that opens its database shares it, a restoration has it alone. The system releases
//! the lock of a process that was killed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// Name of the file that is locked. It stays, empty: removing it would let two processes lock two files of one name.
const NAME: &str = "cardabelle.lock";

/// The right to use a data folder, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// With others. `None` while a restoration has the folder alone.
    pub fn shared(data: &Path) -> io::Result<Option<Self>> {
        Self::taken(data, File::try_lock_shared)
    }

    /// Alone. `None` while anybody else uses the folder.
    pub fn alone(data: &Path) -> io::Result<Option<Self>> {
        Self::taken(data, File::try_lock)
    }

    fn taken(data: &Path, lock: impl FnOnce(&File) -> Result<(), TryLockError>) -> io::Result<Option<Self>> {
        let file = fs::OpenOptions::new().create(true).append(true).open(data.join(NAME))?;
        match lock(&file) {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_shared_or_held_alone() {
        let folder = tempfile::tempdir().unwrap();
        let one = Lock::shared(folder.path()).unwrap().unwrap();
        let two = Lock::shared(folder.path()).unwrap();
        assert!(two.is_some(), "a server and a command");
        drop(one);
        assert!(Lock::alone(folder.path()).unwrap().is_none(), "somebody is still there");
        drop(two);
        let alone = Lock::alone(folder.path()).unwrap();
        assert!(alone.is_some());
        assert!(Lock::shared(folder.path()).unwrap().is_none());
        assert!(Lock::alone(folder.path()).unwrap().is_none());
    }
}
