//! The bytes of a file as a directory that can be searched, or why not.

use std::sync::Arc;

use domain::annuaire::directory::{Directory, FILE_VERSION};
use domain::annuaire::search::Building;
use serde::Deserialize;

use super::Loaded;
use crate::platform::{json, watch};

/// Why a file is left aside; the one that was there stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A newer server writes files this build does not know.
    Newer,
    /// Not a directory.
    Unreadable,
}

/// Cards indexed between two breaths of the page.
const CARDS_AT_ONCE: usize = 500;

/// What every version of the file says of itself.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// Whether this build reads such a file. The version is looked at first: the rest may be of another shape.
pub fn readable(bytes: &[u8]) -> Result<(), Refusal> {
    match json::read::<Head>(bytes) {
        Some(head) if head.version > FILE_VERSION => Err(Refusal::Newer),
        Some(_) => Ok(()),
        None => Err(Refusal::Unreadable),
    }
}

/// A directory ready to be searched. Made in small steps: the page goes on answering meanwhile.
///
/// # Errors
/// See [`Refusal`].
pub async fn read(bytes: &[u8]) -> Result<Loaded, Refusal> {
    readable(bytes)?;
    let directory: Directory = json::read(bytes).ok_or(Refusal::Unreadable)?;
    let mut building = Building::new(&directory);
    while !building.step(CARDS_AT_ONCE) {
        watch::sleep(0).await;
    }
    let index = building.finish();
    Ok(Loaded { directory: Arc::new(directory), index: Arc::new(index) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_newer_shape_is_told_from_one_that_is_none() {
        assert!(readable(br#"{"version":1,"territory":"Demo","cards":[]}"#).is_ok());
        assert_eq!(readable(br#"{"version":2,"cards":{"as":"never seen"}}"#), Err(Refusal::Newer));
        assert_eq!(readable(b"<!doctype html>"), Err(Refusal::Unreadable));
        assert_eq!(readable(br#"{"cards":[]}"#), Err(Refusal::Unreadable));
    }
}
