//! The directory of a territory as one file: what the server publishes and what a device keeps.
//!
//! A first line of JSON, the head: the [`Directory`] without its cards. Then, packed, where each card is and the index of
//! the search, which the server makes once for everybody. Then the cards, each as JSON, which nobody reads before it is
//! looked at: a phone opens a territory of 20,000 people without reading them.

use serde::Deserialize;

use super::cards::Cards;
use super::directory::{Directory, FILE_VERSION};
use super::packed::{Reader, Writer};
use super::search::Index;

/// Why a file is left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A newer server writes files this build does not know.
    Newer,
    /// A former build kept it: the next exchange brings the same in today's shape.
    Older,
    /// Not a directory.
    Unreadable,
}

/// What every version of the file says of itself.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// The bytes of the file of a directory.
#[must_use]
pub fn write(directory: &Directory) -> Vec<u8> {
    let head = Directory { version: FILE_VERSION, cards: Cards::default(), ..directory.clone() };
    let mut file = Writer(serde_json::to_vec(&head).unwrap_or_default());
    file.0.push(b'\n');
    file.number(directory.cards.len() as u32);
    directory.cards.pack_places(&mut file);
    Index::new(directory).pack(&mut file);
    directory.cards.pack_texts(&mut file);
    file.0
}

/// Whether this build reads such a file. The version is looked at first: the rest may be of another shape.
///
/// # Errors
/// See [`Refusal`].
pub fn readable(bytes: &[u8]) -> Result<(), Refusal> {
    match serde_json::from_slice::<Head>(head(bytes)) {
        Ok(head) if head.version > FILE_VERSION => Err(Refusal::Newer),
        Ok(head) if head.version < FILE_VERSION => Err(Refusal::Older),
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal::Unreadable),
    }
}

/// The directory of a file, and what finds in it.
///
/// # Errors
/// See [`Refusal`].
pub fn read(bytes: Vec<u8>) -> Result<(Directory, Index), Refusal> {
    readable(&bytes)?;
    unpack(bytes).ok_or(Refusal::Unreadable)
}

fn unpack(bytes: Vec<u8>) -> Option<(Directory, Index)> {
    let head = head(&bytes);
    let directory: Directory = serde_json::from_slice(head).ok()?;
    let mut packed = Reader(bytes.get(head.len() + 1..)?);
    let count = packed.number()? as usize;
    let cards = Cards::unpack_places(&mut packed, count)?;
    let index = Index::unpack(&mut packed, count)?;
    let start = bytes.len() - packed.0.len();
    let cards = cards.with_texts(bytes, start)?;
    Some((Directory { cards, ..directory }, index))
}

/// The first line.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()
}
