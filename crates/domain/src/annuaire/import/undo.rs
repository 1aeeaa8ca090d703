//! An import is one unit, that can be taken back: not what others did since.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Write, WriteKind, matching};
use crate::id::RecordId;
use crate::record::{Fields, Value};

/// What an import did to one card.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    pub card: RecordId,
    /// The import created it; its former fields are then empty.
    pub created: bool,
    /// The fields it changed as they were before, null where there was none.
    pub before: Fields,
    /// The same fields as it wrote them.
    pub wrote: Fields,
}

/// A card as it is now.
#[derive(Clone, Debug)]
pub struct Present {
    pub fields: Fields,
    /// Those the directory itself wrote last, and nobody since.
    pub ours: BTreeSet<String>,
}

/// What taking an import back does, and what it leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undo {
    pub writes: Vec<Write>,
    pub left: Vec<Left>,
}

/// What stays of an import that is taken back, because somebody wrote on it since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub card: RecordId,
    pub who: String,
    /// The facts of the import that stay; empty: the card it created stays whole.
    pub facts: Vec<String>,
}

/// Takes an import back: each fact it changed gets its former value if it is still the import's, or already is as it was
/// before; the cards it created go if nobody touched them since. A fact that a later import changed and that was taken
/// back is the import's again, though another operation wrote it. A card that is absent from `now` was deleted or erased since, and stays so.
#[must_use]
pub fn undo(done: &[Done], now: &BTreeMap<RecordId, Present>) -> Undo {
    let mut undo = Undo::default();
    for one in done {
        let Some(present) = now.get(&one.card) else { continue };
        let is_now = |name: &str| present.fields.get(name).unwrap_or(&Value::Null);
        let is_before = |name: &str| is_now(name) == one.before.get(name).unwrap_or(&Value::Null);
        let is_mine = |name: &String| {
            present.ours.contains(name) && (one.wrote.get(name) == Some(is_now(name)) || is_before(name))
        };
        let mut leave = |facts: Vec<String>| {
            undo.left.push(Left { card: one.card, who: matching::who(&present.fields), facts });
        };
        if one.created {
            if present.fields.keys().all(is_mine) {
                undo.writes.push(Write { card: one.card, what: WriteKind::Delete, fields: Fields::new() });
            } else {
                leave(Vec::new());
            }
            continue;
        }
        let (mine, others): (Vec<_>, Vec<_>) = one.before.iter().partition(|(name, _)| is_mine(name));
        if !others.is_empty() {
            leave(others.into_iter().map(|(name, _)| name.clone()).collect());
        }
        let changed = mine.into_iter().filter(|(name, _)| !is_before(name));
        let fields: Fields = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
        if !fields.is_empty() {
            undo.writes.push(Write { card: one.card, what: WriteKind::Set, fields });
        }
    }
    undo
}
