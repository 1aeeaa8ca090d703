//! What crosses the wire. JSON over HTTPS; the version is in a header.
//!
//! | route | body | answer |
//! |---|---|---|
//! | `POST /api/sign-in` | [`SignIn`] | [`SignedIn`], 401 [`Problem`] |
//! | `POST /api/push` | [`Push`] | [`Pushed`], 400 [`Problem`] with `position` |
//! | `GET /api/snapshot?epoch=&at=&after=` | | [`Frame`]s, one JSON text a line, as they are read |
//! | `GET /api/pull?epoch=&since=&check=` | | [`Pulled`]; with [`Pulled::check`] if `check=true` and there is no more |
//! | `GET /api/history?record=` | | [`History`], 404 [`Problem`] |
//! | `GET /api/set-aside` | | [`SetAside`]: a coordinator's, 403 [`Problem`] for others |
//! | `POST /api/set-aside/apply` | [`ApplyAgain`] | [`AppliedAgain`] |
//! | `GET /api/seal-key` | | [`SealKey`]; without a token |
//! | `POST /api/sealed` | [`Sealed`] | [`Brought`]: an exported outbox brought back, by anybody signed in |
//! | `GET /api/figures/{programme}/{id}?of=&offset=` | | [`domain::figures::Document`], a file with `.csv` or `.xlsx` behind; 403 for whoever may not read it |
//! | `POST /api/sign-out` | | 204: the device exchanges no more until its next full sign-in |
//!
//! The doors (links, devices, accounts, stands) are in [`access`]. All carry `Authorization: Bearer <device token>`, but what serves
//! whoever has none: the ways in (sign-in, doors, Pro Santé Connect, links), the seal key, the public part of the directory, and
//! what a stand or a visitor sends. Errors are [`Problem`]s.

pub mod access;
pub mod audit;
pub mod territory;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId, TerritoryId};
use domain::people::Role;
use domain::record::Fields;
use serde::{Deserialize, Serialize};

use crate::{DeviceSeq, Operation, OperationKind, Record, Seq, Sequenced, Signature};

/// Header that carries [`VERSION`].
pub const HEADER: &str = "cardabelle-protocol";
/// The version this build speaks.
pub const VERSION: u32 = 3;
/// The oldest version a server still serves.
pub const OLDEST: u32 = 1;
/// Operations in one push, at most.
pub const MAX_OPERATIONS: usize = 200;
/// Bytes of one push body, at most.
pub const MAX_BYTES: usize = 512 * 1024;

/// A person signs in on a browser, with the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    pub login: String,
    pub password: String,
    /// Six digits of the second factor, or a recovery code; asked for by [`access::CODE_WANTED`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Set when this browser already holds a database of this account.
    pub device_id: Option<DeviceId>,
    /// The account of that database: a server restored from a backup made before the enrolment takes the device back
    /// under its id, for this account alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The other databases of this browser, and whose: which account signs in is known after the password alone, and a
    /// code opens once. The one of that account is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(DeviceId, AccountId)>,
    /// « Tablette bleue »; empty: the device keeps its name.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The fate of each operation, in the order they came. All that have one are stored, durably, whatever it is.
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
    /// Its device was revoked before it arrived: a person looks at it first.
    Revoked,
    /// It changes an answer that nobody changes any more ([`domain::programme::Settles`]).
    Settled,
    /// It deletes a record that is kept ([`domain::programme::RecordKind::kept`]).
    Kept,
    /// A reason of a newer version: only read, so that what else the answer says is read too.
    #[serde(other)]
    Other,
}

impl Quarantine {
    /// The reasons that nothing will ever make go: what comes after waits for nothing, and its author is shown what stands.
    pub const FINAL: [Self; 2] = [Self::Settled, Self::Kept];

    /// Whether the server will never apply what is set aside for it ([`Self::FINAL`]).
    #[must_use]
    pub fn is_final(self) -> bool {
        Self::FINAL.contains(&self)
    }

    /// The reason as a device of this version of the protocol reads it. Before 3 none was final, and one that a device did not
    /// know made it lose the whole answer.
    #[must_use]
    pub fn told_to(self, version: u32) -> Self {
        if version < 3 && self.is_final() { Self::InvalidValue } else { self }
    }
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
    /// Records that came into the caller's sight, whatever their age: whole, or limited to the fields she sees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entered: Vec<Record>,
    /// Records that left it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<RecordId>,
    /// What the caller must hold once this page is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    pub backed_up_seq: Seq,
    pub server_time: Timestamp,
}

/// One frame of a first pull: records by id, whole. A stream that was cut is taken up again after its last id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub epoch: u64,
    /// The sequence noted before the first frame: the log is read from there once the last frame is applied.
    pub at: Seq,
    /// Every visible record whose id is above `from` and not above `to` is here. `None`: from the first, to the last.
    pub from: Option<RecordId>,
    pub to: Option<RecordId>,
    /// Records in all, for a progress bar.
    pub total: u64,
    pub records: Vec<Record>,
    /// With the last frame: records the caller once saw, that went to another and were erased since. A pull would have
    /// told it, between the sequences that this reading passes over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<Record>,
    pub backed_up_seq: Seq,
    pub server_time: Timestamp,
}

/// Count of the visible records, and a sum over their ids and last sequences that does not depend on their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Check {
    pub count: u64,
    /// Below 2^53: a JavaScript number holds it.
    pub sum: u64,
}

impl Check {
    const MASK: u64 = (1 << 53) - 1;

    /// Counts one record.
    pub fn add(&mut self, record: RecordId, seq: Seq) {
        self.count += 1;
        let (high, low) = record.0.as_u64_pair();
        self.sum = self.sum.wrapping_add(mixed(mixed(mixed(high) ^ low) ^ seq)) & Self::MASK;
    }
}

/// The finaliser of MurmurHash3: each bit of the input changes half of the output's.
fn mixed(mut bits: u64) -> u64 {
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    bits ^ (bits >> 33)
}

/// What was ever offered of one record, in the order the server received it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    pub entries: Vec<HistoryEntry>,
}

/// One operation, as a person reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub seq: Seq,
    pub op_id: OpId,
    pub kind: OperationKind,
    pub by: Signature,
    pub fields: Fields,
    /// Fields of which it settled a conflict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settles: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Stored without being applied, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<Quarantine>,
}

/// What the territory's server holds without applying it; never the values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    pub items: Vec<SetAsideItem>,
}

/// The operations of one device on one record that wait behind the first that could not be applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetAsideItem {
    pub record: RecordId,
    pub device: DeviceId,
    pub kind: String,
    /// Of the first.
    pub reason: Quarantine,
    pub by: Signature,
    pub count: u64,
}

/// Judges again what a device wrote on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyAgain {
    pub record: RecordId,
    pub device: DeviceId,
}

/// How many could be applied, in order, and why the next could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedAgain {
    pub applied: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Quarantine>,
}

/// The server's public key, to which an exported outbox is sealed: ECDH P-256, uncompressed point, hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealKey {
    pub key: String,
}

/// An exported outbox. AES-256-GCM under HKDF-SHA-256 of the shared secret (no salt, info [`Sealed::INFO`]), of the
/// JSON of an [`Export`]. Hexadecimal everywhere but the count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// [`Sealed::FORMAT`]
    pub format: String,
    /// Ephemeral public key, uncompressed point.
    pub key: String,
    /// 96 bits.
    pub iv: String,
    pub content: String,
}

impl Sealed {
    pub const FORMAT: &str = "cardabelle-outbox-1";
    pub const INFO: &str = "cardabelle outbox";
}

/// What is inside a seal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// The author's device token: says whose operations these are.
    pub token: String,
    pub operations: Vec<Operation>,
}

/// What became of an outbox that was brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    pub received: u64,
    /// Already there.
    pub known: u64,
    pub set_aside: u64,
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
