//! The history of a record as a person reads it: who, when, from what to what, why. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Timestamp;
use domain::form::{Form, field_label};
use domain::id::OpId;
use domain::record::{AFTER, Fields, MERGED_INTO, PARENT, STARTED_AT, Value};
use sync::protocol::{HistoryEntry, Quarantine};
use sync::{Conflict, DELETED, OperationKind, Phase, Queued, Shown, Signature};

use super::reading::Clock;
use super::told::{self, Names};
use crate::ui::typeset::typeset;

/// What one person wrote without stopping is told together: so long between two entries, at most.
const TOGETHER_MS: i64 = 15 * 60_000;

/// One entry, from the server or from this device.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub op_id: OpId,
    pub kind: OperationKind,
    /// `None`: this device's, and the server does not have it yet.
    pub by: Option<Signature>,
    pub at: Timestamp,
    pub fields: Fields,
    pub settles: Vec<String>,
    pub reason: Option<String>,
    pub set_aside: Option<Quarantine>,
    /// Neither sent again nor known of the server.
    pub stuck: bool,
}

impl From<HistoryEntry> for Entry {
    fn from(entry: HistoryEntry) -> Self {
        let HistoryEntry { op_id, kind, by, fields, settles, reason, set_aside, .. } = entry;
        Self { op_id, kind, at: by.at, by: Some(by), fields, settles, reason, set_aside, stuck: false }
    }
}

impl From<Queued> for Entry {
    fn from(Queued { operation, phase }: Queued) -> Self {
        let mut fields = Fields::new();
        let mut settles = Vec::new();
        for (name, edit) in operation.fields {
            if !edit.over.is_empty() {
                settles.push(name.clone());
            }
            fields.insert(name, edit.value);
        }
        Self {
            op_id: operation.op_id,
            kind: operation.kind,
            by: None,
            at: operation.device_time,
            fields,
            settles,
            reason: operation.reason,
            set_aside: None,
            stuck: matches!(phase, Phase::SetAside(_)),
        }
    }
}

/// The whole: what the server told, then what this device has not sent. Without the server, the values in dispute that
/// this device holds are all it knows of others.
pub fn entries(server: Option<Vec<HistoryEntry>>, unsent: Vec<Queued>, shown: Option<&Shown>) -> Vec<Entry> {
    let mut all: Vec<Entry> = match server {
        Some(entries) => entries.into_iter().map(Entry::from).collect(),
        None => shown.into_iter().flat_map(|shown| &shown.conflicts).flat_map(of_conflict).collect(),
    };
    for entry in unsent.into_iter().map(Entry::from) {
        // The reply that acknowledges it may still be on its way.
        if !all.iter().any(|known| known.op_id == entry.op_id) {
            all.push(entry);
        }
    }
    all
}

fn of_conflict((field, conflict): (&String, &Conflict)) -> Vec<Entry> {
    let one = |rival: &sync::Rival| Entry {
        op_id: rival.op_id,
        kind: OperationKind::Set,
        by: Some(rival.by.clone()),
        at: rival.by.at,
        fields: Fields::from([(field.clone(), rival.value.clone())]),
        settles: Vec::new(),
        reason: None,
        set_aside: None,
        stuck: false,
    };
    if field == DELETED { Vec::new() } else { conflict.values.iter().map(one).collect() }
}

/// What one person wrote in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitting {
    pub by: Option<Signature>,
    pub at: Timestamp,
    pub reason: Option<String>,
    pub set_aside: Option<Quarantine>,
    pub stuck: bool,
    pub lines: Vec<Line>,
}

/// One thing done: a field and its values, or a verb alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub label: String,
    pub now: Option<String>,
    pub before: Option<String>,
    pub settles: bool,
    /// The field and its value, to take it up again.
    pub value: Option<(String, Value)>,
}

/// Newest first; inside a sitting, in the order of writing.
pub fn sittings(entries: &[Entry], form: Option<&Form>, names: Names<'_>, clock: Clock<'_>) -> Vec<Sitting> {
    let mut standing: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut sittings: Vec<Sitting> = Vec::new();
    for entry in entries {
        let mut lines: Vec<Line> = verb(entry.kind).into_iter().map(Line::verb).collect();
        for (field, value) in entry.fields.iter().filter(|(field, _)| *field != DELETED) {
            if entry.kind == OperationKind::Create && [STARTED_AT, PARENT, AFTER].contains(&field.as_str()) {
                standing.insert(field, value);
                continue;
            }
            let before = standing.get(field.as_str()).filter(|before| !before.is_null());
            let tell = |value: &Value| told::value(form, field, value, names, clock);
            if field == MERGED_INTO && value.is_null() {
                lines.push(Line::verb("Fusion défaite"));
            } else {
                lines.push(Line {
                    label: typeset(field_label(form, field)),
                    now: Some(tell(value)),
                    before: before.map(|before| tell(before)),
                    settles: entry.settles.contains(field),
                    value: Some((field.clone(), value.clone())),
                });
            }
            // What is set aside does not stand.
            if entry.set_aside.is_none() && !entry.stuck {
                standing.insert(field, value);
            }
        }
        match sittings.last_mut().filter(|last| last.goes_on(entry)) {
            Some(last) => {
                last.lines.extend(lines);
                last.at = entry.at;
            }
            None => sittings.push(Sitting {
                by: entry.by.clone(),
                at: entry.at,
                reason: entry.reason.clone(),
                set_aside: entry.set_aside,
                stuck: entry.stuck,
                lines,
            }),
        }
    }
    sittings.reverse();
    sittings
}

impl Sitting {
    fn goes_on(&self, entry: &Entry) -> bool {
        let who = |by: &Option<Signature>| by.as_ref().map(|by| (by.author, by.device.clone()));
        who(&self.by) == who(&entry.by)
            && self.reason == entry.reason
            && self.set_aside == entry.set_aside
            && self.stuck == entry.stuck
            && (0..TOGETHER_MS).contains(&(entry.at.0 - self.at.0))
    }
}

impl Line {
    fn verb(words: &str) -> Self {
        Self { label: words.into(), now: None, before: None, settles: false, value: None }
    }
}

fn verb(kind: OperationKind) -> Option<&'static str> {
    match kind {
        OperationKind::Create => Some("Fiche commencée"),
        OperationKind::Set => None,
        OperationKind::Delete => Some("Fiche supprimée"),
        OperationKind::Restore => Some("Fiche remise"),
        OperationKind::Erase => Some("Fiche effacée à la demande de la personne"),
    }
}

/// « lundi 23 nov. à 9 h 50, Tablette bleue »
pub fn where_and_when(sitting: &Sitting, today: NaiveDate, clock: Clock<'_>) -> String {
    let when = told::moment(clock(sitting.at), today);
    match &sitting.by {
        Some(by) => format!("{when}, {}", by.device),
        None => format!("{when}, cet appareil"),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::AccountId;
    use domain::people::PERSON;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn entry(number: u128, author: Option<u128>, at: i64, kind: OperationKind, fields: &[(&str, Value)]) -> Entry {
        let by = author.map(|author| Signature {
            author: AccountId(Uuid::from_u128(author)),
            name: "Claire Vidal".into(),
            profession: "Infirmière".into(),
            device: "Tablette bleue".into(),
            at: Timestamp(at),
            received_at: Timestamp(at),
        });
        Entry {
            op_id: OpId(Uuid::from_u128(number)),
            kind,
            by,
            at: Timestamp(at),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            settles: Vec::new(),
            reason: None,
            set_aside: None,
            stuck: false,
        }
    }

    /// Label, value, value before.
    type Told = (String, Option<String>, Option<String>);

    fn read(entries: &[Entry]) -> Vec<Vec<Told>> {
        let clock = |at: Timestamp| at.local(0);
        let line = |line: Line| (line.label, line.now, line.before);
        let sittings = sittings(entries, Some(PERSON.form()), &|_| None, &clock);
        sittings.into_iter().map(|sitting| sitting.lines.into_iter().map(line).collect()).collect()
    }

    #[test]
    fn each_change_says_from_what_to_what() {
        let all = [
            entry(1, Some(1), 0, OperationKind::Create, &[(STARTED_AT, json!(0)), ("commune", json!("Auterive"))]),
            entry(2, Some(1), 60_000, OperationKind::Set, &[("commune", json!("Miremont"))]),
            entry(3, Some(2), 90_000, OperationKind::Set, &[("commune", json!("Grazac"))]),
        ];
        let some = |text: &str| Some(text.to_owned());
        let commune = || "Commune".to_owned();
        assert_eq!(
            read(&all),
            [
                vec![(commune(), some("Grazac"), some("Miremont"))],
                vec![
                    ("Fiche commencée".to_owned(), None, None),
                    (commune(), some("Auterive"), None),
                    (commune(), some("Miremont"), some("Auterive")),
                ],
            ]
        );
    }

    #[test]
    fn what_is_set_aside_is_told_and_does_not_stand() {
        let mut aside = entry(2, Some(2), 10, OperationKind::Set, &[("commune", json!("Nailloux"))]);
        aside.set_aside = Some(Quarantine::NoRight);
        let all = [
            entry(1, Some(1), 0, OperationKind::Set, &[("commune", json!("Auterive"))]),
            aside,
            entry(3, Some(1), 20, OperationKind::Set, &[("commune", json!("Miremont"))]),
        ];
        let told = read(&all);
        assert_eq!(told.len(), 3);
        assert_eq!(told[0][0].2.as_deref(), Some("Auterive"));
        assert_eq!(told[1][0].1.as_deref(), Some("Nailloux"));
    }

    #[test]
    fn another_hour_another_reason_or_another_hand_is_another_sitting() {
        let set = |number, author, at| {
            entry(number, author, at, OperationKind::Set, &[("commune", json!(number.to_string()))])
        };
        let mut corrected = set(3, Some(1), 2_000);
        corrected.reason = Some("erreur de lecture".into());
        let all = [
            set(1, Some(1), 0),
            set(2, Some(1), 1_000),
            corrected,
            set(4, Some(1), 3_600_000),
            set(5, None, 3_601_000),
        ];
        assert_eq!(read(&all).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 2]);
    }

    #[test]
    fn what_the_server_has_is_not_told_twice() {
        let server = |number: u128| HistoryEntry {
            seq: 1,
            op_id: OpId(Uuid::from_u128(number)),
            kind: OperationKind::Set,
            by: entry(1, Some(1), 0, OperationKind::Set, &[]).by.expect("a signature"),
            fields: Fields::new(),
            settles: Vec::new(),
            reason: None,
            set_aside: None,
        };
        let queued = |number: u128| Queued {
            operation: sync::Operation {
                op_id: OpId(Uuid::from_u128(number)),
                device_id: domain::id::DeviceId(Uuid::from_u128(1)),
                device_seq: 1,
                record_id: domain::id::RecordId(Uuid::from_u128(1)),
                record_kind: "person".into(),
                form_version: "1".into(),
                kind: OperationKind::Set,
                fields: BTreeMap::new(),
                reason: None,
                device_time: Timestamp(0),
            },
            phase: Phase::Offered,
        };
        assert_eq!(entries(Some(vec![server(1)]), vec![queued(1), queued(2)], None).len(), 2);
    }
}
