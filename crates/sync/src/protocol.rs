//! What crosses the wire. JSON over HTTPS; the version is in a header.
//!
//! | route | body | answer |
//! |---|---|---|
//! | `POST /api/sign-in` | [`SignIn`] | [`SignedIn`], 401 [`Problem`] |
//! | `POST /api/push` | [`Push`] | [`Pushed`], 400 [`Problem`] with `position` |
//! | `GET /api/pull?epoch=&since=` | | [`Pulled`] |
//! | `POST /api/sign-out` | | 204: the device is revoked |
//!
//! All but sign-in carry `Authorization: Bearer <device token>`. Errors are [`Problem`]s.

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, TerritoryId};
use domain::people::Role;
use serde::{Deserialize, Serialize};

use crate::{DeviceSeq, Operation, Seq, Sequenced};

/// Header that carries [`VERSION`].
pub const HEADER: &str = "cardabelle-protocol";
/// The version this build speaks; a server serves N and N−1.
pub const VERSION: u32 = 1;
/// Operations in one push, at most.
pub const MAX_OPERATIONS: usize = 200;
/// Bytes of one push body, at most.
pub const MAX_BYTES: usize = 512 * 1024;

/// A person signs in on a browser, with the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    pub login: String,
    pub password: String,
    /// Set when this browser already holds a database of this account.
    pub device_id: Option<DeviceId>,
    /// « Tablette bleue »
    pub device_name: String,
}

/// The device is enrolled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedIn {
    pub account: Account,
    pub device_id: DeviceId,
    /// Random, shown once; the server keeps its hash. Hexadecimal, 64 characters.
    pub token: String,
    /// Opens the data key when the passphrase is forgotten. Hexadecimal, 64 characters (256 bits).
    pub recovery_key: String,
    pub server_time: Timestamp,
    /// A demonstration territory: a banner says so.
    pub demo: bool,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    /// « Claire Vidal »
    pub name: String,
    /// « Infirmière »
    pub profession: String,
    pub roles: Vec<Role>,
    pub territory: TerritoryId,
    /// « CPTS de la vallée de l’Ariège »
    pub territory_name: String,
}

/// Operations in `device_seq` order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    pub operations: Vec<Operation>,
}

/// The fate of each operation, in the order they came. All are stored, durably, whatever their fate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pushed {
    pub fates: Vec<(OpId, Fate)>,
    /// Highest `device_seq` the server holds from this device.
    pub last_device_seq: DeviceSeq,
    pub epoch: u64,
    pub backed_up_seq: Seq,
    pub server_time: Timestamp,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "fate", try_from = "FateRow")]
pub enum Fate {
    Applied {
        seq: Seq,
    },
    /// Already held under this sequence.
    Duplicate {
        seq: Seq,
    },
    /// Applied, and another person's value of these fields is to be settled.
    Conflict {
        seq: Seq,
        fields: Vec<String>,
    },
    /// Stored under this sequence but not applied.
    Quarantined {
        seq: Seq,
        reason: Quarantine,
    },
}

/// How [`Fate`] is read: serde buffers whatever carries its own tag, through code this spares the client's download.
#[derive(Deserialize)]
struct FateRow {
    fate: FateName,
    seq: Seq,
    #[serde(default)]
    fields: Option<Vec<String>>,
    #[serde(default)]
    reason: Option<Quarantine>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FateName {
    Applied,
    Duplicate,
    Conflict,
    Quarantined,
}

impl TryFrom<FateRow> for Fate {
    type Error = &'static str;

    fn try_from(row: FateRow) -> Result<Self, Self::Error> {
        let FateRow { fate, seq, fields, reason } = row;
        match fate {
            FateName::Applied => Ok(Self::Applied { seq }),
            FateName::Duplicate => Ok(Self::Duplicate { seq }),
            FateName::Conflict => Ok(Self::Conflict { seq, fields: fields.ok_or("fields")? }),
            FateName::Quarantined => Ok(Self::Quarantined { seq, reason: reason.ok_or("reason")? }),
        }
    }
}

/// Why an operation was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quarantine {
    NoRight,
    UnknownRecord,
    UnknownKind,
    UnknownForm,
    InvalidValue,
    /// An earlier operation of the same device on the same record is set aside.
    Behind,
}

/// A page of the server's log, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pulled {
    pub epoch: u64,
    pub operations: Vec<Sequenced>,
    /// Where the next pull begins.
    pub since: Seq,
    /// Whether there is more right now.
    pub more: bool,
    pub backed_up_seq: Seq,
    pub server_time: Timestamp,
}

/// An error a person can read. Never holds health data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code, such as `wrong-password`.
    pub code: String,
    /// French: what happened, that nothing is lost, what to do.
    pub message: String,
    /// Index of the operation that could not be read, for a refused push.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
}
