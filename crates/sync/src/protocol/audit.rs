//! Who did what: the audit, as those who may read it receive it.
//!
//! | route | answer |
//! |---|---|
//! | `GET /api/audit?entry=&seq=` | [`Audit`] of the whole territory, newest first: an administrator's |
//! | `GET /api/audit?record=&entry=&seq=` | [`Audit`] of one record, for those who see the whole of it; 404 for anybody else |

use domain::Timestamp;
use domain::id::RecordId;
use serde::{Deserialize, Serialize};

use crate::Seq;

/// What was done. Entries name records by their ids, and never people who are cared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A full sign-in.
    SignedIn,
    /// Somebody asked for what is not hers, or did not show what a door asks.
    Refused,
    /// A record was on the screen of a device; with the detail `history`, what was ever written of it was read on the server.
    Opened,
    /// A device printed it.
    Printed,
    /// An operation was received.
    Changed,
    /// Sharing with a professional began or ended.
    Shared,
    /// All of one person was given in a file; with the detail `figures`, what is counted over everybody.
    Exported,
    /// Erased for good: at somebody’s request, or because its time was over.
    Erased,
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When the server learnt it: the order of the audit.
    pub at: Timestamp,
    /// When it was done, by the clock of the device that tells it, not after `at`; `None`: the server saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    pub event: Event,
    /// « Claire Vidal »; `None`: nobody the server knows.
    pub name: Option<String>,
    /// « Infirmière »
    pub profession: Option<String>,
    /// « Tablette bleue »
    pub device: Option<String>,
    pub record: Option<RecordId>,
    /// A closed code: the kind of a record, a route, a reason. Never a name, never a value.
    pub detail: Option<String>,
}

/// A page of the audit, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins, if there is one.
    pub next: Option<Before>,
}

/// Entries before these are wanted: the audit is read from what the server noted and from the log of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub entry: u64,
    pub seq: Seq,
}

impl Before {
    /// Before nothing: the newest page.
    pub const NEWEST: Self = Self { entry: MOST, seq: MOST };
}

/// Above any number that is drawn; a JavaScript number holds it.
const MOST: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn travels_as_it_is_documented() {
        let entry = AuditEntry {
            at: Timestamp(7),
            told_at: None,
            event: Event::SignedIn,
            name: Some("Claire Vidal".into()),
            profession: Some("Infirmière".into()),
            device: None,
            record: None,
            detail: None,
        };
        let audit = Audit { entries: vec![entry], next: Some(Before { entry: 3, seq: 9 }) };
        let text = r#"{"entries":[{"at":7,"event":"signed-in","name":"Claire Vidal","profession":"Infirmière","device":null,"record":null,"detail":null}],"next":{"entry":3,"seq":9}}"#;
        assert_eq!(serde_json::to_string(&audit).expect("plain data"), text);
        assert_eq!(serde_json::from_str::<Audit>(text).expect("the same"), audit);
    }
}
