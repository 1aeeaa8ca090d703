//! The directory: the file that browsers keep, and what coordinators do with it.

mod bounds;
pub mod differences;
pub mod file;
pub mod imports;
pub mod reports;
pub mod undo;

use domain::people::Role;

use super::problem::{
    Answer, FORBIDDEN, IMPORT_BUSY, IMPORT_FUTURE, IMPORT_LATER, IMPORT_MANY_GONE, IMPORT_OLDER, IMPORT_UNDONE,
    NO_COMMUNE, NO_IMPORT, Refusal,
};
use crate::annuaire::import::ImportError;
use crate::store::Caller;

/// The directory is kept by the coordination and the administration.
fn keeps(caller: &Caller) -> Answer<()> {
    let may = caller.roles.iter().any(|role| matches!(role, Role::Coordinator | Role::Administrator));
    may.then_some(()).ok_or(FORBIDDEN)
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(error) => error.into(),
            ImportError::Older(_) => IMPORT_OLDER,
            ImportError::Future(_) => IMPORT_FUTURE,
            ImportError::ManyGone { .. } => IMPORT_MANY_GONE,
            ImportError::Later { .. } => IMPORT_LATER,
            ImportError::NoCommune => NO_COMMUNE,
            ImportError::Unknown => NO_IMPORT,
            ImportError::Already => IMPORT_UNDONE,
            ImportError::Busy => IMPORT_BUSY,
        }
    }
}
