//! What a record is made of, whatever its kind.

use std::collections::BTreeMap;

/// The value of one field, as it travels: a code, a text, an integer, a list of codes.
/// Kept as JSON so that a value written by a newer version survives an older one.
pub type Value = serde_json::Value;

/// The fields of one record by name: question ids, and the names below.
pub type Fields = BTreeMap<String, Value>;

/// The record this one belongs to (its id as text), written once at creation.
pub const PARENT: &str = "parent";
/// When the form was finished ([`crate::Timestamp`] as integer). Absent: a draft.
pub const FINISHED_AT: &str = "finished_at";
/// When the form was begun ([`crate::Timestamp`] as integer).
pub const STARTED_AT: &str = "started_at";
/// The record this one was merged into (its id as text).
pub const MERGED_INTO: &str = "merged_into";
/// First name of who held the tablet of a stand when it was begun: an account speaks for several people there.
pub const NOTED_BY: &str = "noted_by";
/// The records this one takes the place of, as far as its author knew: their ids as text, separated by a space.
pub const AFTER: &str = "after";

/// The names above: fields no form asks, that every kind of record may carry.
pub const SYSTEM_FIELDS: &[&str] = &[PARENT, FINISHED_AT, STARTED_AT, MERGED_INTO, NOTED_BY, AFTER];
