//! Who comes in, and by which door: one-time links, second factor, devices, accounts, stand sessions.
//!
//! | route | body | answer |
//! |---|---|---|
//! | `GET /api/doors` | | [`Doors`]; without a token |
//! | `POST /api/psc/begin` | [`PscBegin`] | [`PscGo`]; 404 where Pro Santé Connect is not configured |
//! | `POST /api/psc/finish` | [`PscFinish`] | [`super::SignedIn`]; the ticket is spent, whatever the answer |
//! | `POST /api/link` | [`OpenLink`] | [`Invitation`]; 404 whatever is wrong with the link |
//! | `POST /api/link/use` | [`UseLink`] | [`Welcome`]; the link is spent |
//! | `POST /api/link/mine` | [`super::SignIn`] | [`Link`], for a right password that lacks its second factor |
//! | `GET /api/devices` | | [`Devices`]: the caller's own |
//! | `POST /api/devices/{id}/name` | [`Name`] | 204 |
//! | `POST`, `DELETE /api/devices/{id}/revoked` | | 204: access ended, or given back; one's own, or an administrator's; 409 once wiped |
//! | `POST /api/devices/neighbours` | [`Neighbours`] | [`Neighbours`] with the names: notebooks of the same browser |
//! | `POST /api/wiped` | | 204: a revoked device says that it holds nothing any more; 409 when its access was given back |
//! | `GET /api/accounts` | | [`Accounts`]: an administrator's |
//! | `POST /api/accounts` | [`NewMembers`] | [`Invited`] |
//! | `POST /api/accounts/sheet` | a spreadsheet's bytes | [`Sheet`]: what it holds, nothing is made |
//! | `POST /api/accounts/{id}/link` | [`NewLink`] | [`Link`] |
//! | `POST`, `DELETE /api/accounts/{id}/disabled` | | 204 |
//! | `GET /api/colleagues` | | [`Colleagues`]: a professional's, a sentinel's or a coordinator's |
//! | `POST /api/stands` | [`NewStand`] | [`StandOpened`]: a coordinator's or a professional's |
//! | `GET /api/stands` | | [`Stands`]: one's own, or all for the coordination and the administration |
//! | `POST /api/stands/{device}/closed` | | 204: what comes later is set aside |
//! | `POST /api/visit` | [`Visit`] | [`Visited`]; without `Authorization`: who scanned the code of a stand signs herself up; 404 whatever is wrong |
//! | `POST /api/stand/push` | [`StandPush`] | [`StandPushed`]; without `Authorization`: the sealed token says whose |

use domain::id::{AccountId, DeviceId, RecordId};
use domain::identifiers::Rpps;
use domain::people::Role;
use domain::{Fields, Timestamp};
use serde::{Deserialize, Serialize};

use super::Sealed;
use crate::DeviceSeq;

/// [`super::Problem::code`] of a sign-in refused for want of a code.
pub const CODE_WANTED: &str = "code-wanted";
/// [`super::Problem::code`] of a right password whose account has no second factor yet, and must: see `POST /api/link/mine`.
pub const SECOND_FACTOR_WANTED: &str = "second-factor-wanted";
/// [`super::Problem::code`] of every demand of a disabled account's device.
pub const DISABLED: &str = "account-disabled";
/// [`super::Problem::code`] of a return from Pro Santé Connect that serves no more: it is to be begun again.
pub const PSC_SPENT: &str = "psc-spent";
/// [`super::Problem::code`] of a one-time link that serves no more, whatever is wrong with it.
pub const LINK_SPENT: &str = "link-spent";
/// [`super::Problem::code`] of an invitation of a stand that serves no more, whatever is wrong with it.
pub const INVITATION_SPENT: &str = "invitation-spent";
/// [`super::Problem::code`] of a stand that the server does not know.
pub const STAND_UNKNOWN: &str = "stand-unknown";
/// [`super::Problem::code`] that tells a device to hand over what waits, then to wipe itself.
pub const REVOKED: &str = "device-revoked";

/// Bytes of one push of a stand, at most: a seal is twice as long as what it holds.
pub const MAX_STAND_BYTES: usize = 2 * 1024 * 1024;

/// The ways to a full sign-in that are open here, and whose they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doors {
    /// The name of the territory, which the public part of its directory tells too; empty from a former server.
    #[serde(default)]
    pub territory: String,
    /// Pro Santé Connect is configured: an account with an RPPS signs in through it alone.
    pub psc: bool,
}

/// A browser leaves for Pro Santé Connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PscBegin {
    /// SHA-256, in hexadecimal, of the secret that this browser keeps: hexadecimal too, 64 characters. What comes back
    /// serves nobody else.
    pub binding: String,
}

/// Where it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PscGo {
    pub url: String,
}

/// It came back to `/retour-psc#<ticket>`, or to `/retour-psc#!<code>` of a [`PscRefusal`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PscFinish {
    /// Hexadecimal, 64 characters; two minutes, once.
    pub ticket: String,
    /// What [`PscBegin::binding`] is the hash of.
    pub secret: String,
    /// As in [`super::SignIn`], with `account` and `others`.
    pub device_id: Option<DeviceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(DeviceId, AccountId)>,
    pub device_name: String,
}

/// Why somebody comes back from Pro Santé Connect without being signed in: a closed list, so that nothing a provider says
/// reaches a screen or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PscRefusal {
    /// By the person herself.
    Refused,
    /// It took too long, it was already used, or it was never asked from here.
    Expired,
    /// The provider does not answer.
    Down,
    /// No open account has this RPPS.
    Stranger,
    /// The identity has no professional reference.
    NoReference,
    /// What the provider sent is not what it must be.
    Fault,
}

impl PscRefusal {
    pub const ALL: [Self; 6] =
        [Self::Refused, Self::Expired, Self::Down, Self::Stranger, Self::NoReference, Self::Fault];

    /// What follows `#!` in the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refused => "refuse",
            Self::Expired => "expire",
            Self::Down => "indisponible",
            Self::Stranger => "inconnu",
            Self::NoReference => "sans-reference",
            Self::Fault => "technique",
        }
    }

    /// The refusal of a code; `None` for a text of somebody else.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

/// A one-time link, as the person holds it: `https://…/activer#<token>`; what follows `#` reaches no log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Hexadecimal, 64 characters; the server keeps its hash.
    pub token: String,
    pub expires_at: Timestamp,
    /// The QR code of the whole address, as [`SecondFactor::qr`], on the host the demand came to; empty where nobody is to
    /// be shown it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qr: Vec<String>,
}

/// Looks at a link without spending it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLink {
    pub token: String,
}

/// Whom a link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub name: String,
    pub login: String,
    pub territory_name: String,
    /// The account has a password already, and keeps it: only the second factor is to be set.
    pub keeps_password: bool,
    /// To be set up with this link; `None` where the roles need none, or under a demonstration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<SecondFactor>,
}

/// A TOTP secret (RFC 6238: SHA-1, 30 s, 6 digits), the same each time the link is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Base32, to be typed where no camera is.
    pub secret: String,
    /// `otpauth://totp/…`
    pub url: String,
    /// The QR code of the address: one text a row, `1` dark, `0` light, without the quiet zone.
    pub qr: Vec<String>,
}

/// Spends a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseLink {
    pub token: String,
    /// The new password, at least 12 characters; the present one where [`Invitation::keeps_password`].
    pub password: String,
    /// Six digits of the second factor, where one is set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The account is ready to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub login: String,
    /// Each opens the door once in place of a code: `xxxx-xxxx-xxxx-xxxx`. Shown once; the server keeps their hashes.
    pub recovery_codes: Vec<String>,
}

/// The devices of one account, the one in use first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    pub devices: Vec<DeviceLine>,
}

/// One device as its list tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceLine {
    pub id: DeviceId,
    /// « Tablette bleue »
    pub name: String,
    /// The one that asks.
    pub this: bool,
    pub enrolled_at: Timestamp,
    /// The last exchange.
    pub seen_at: Timestamp,
    /// When it exchanges no more without a full sign-in.
    pub expires_at: Timestamp,
    pub state: DeviceState,
}

/// Whether a device has access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceState {
    Open,
    /// Until the next full sign-in.
    Expired,
    /// Revoked, and not heard of since: what it holds is still there, encrypted.
    Revoked,
    /// Revoked, and said that it holds nothing any more.
    Wiped,
}

/// A device's new name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub name: String,
}

/// The notebooks that share a browser: their random ids are known there alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbours {
    /// With the name of whose it is; empty when asked, and for a device the server does not know.
    pub devices: Vec<(DeviceId, String)>,
}

/// With whom a person may be shared, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleagues {
    pub colleagues: Vec<Colleague>,
}

/// One professional of the territory, as her colleagues know her; never her login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub id: AccountId,
    /// « Claire Vidal »
    pub name: String,
    /// « Infirmière »
    pub profession: String,
    pub roles: Vec<Role>,
}

/// The accounts of the territory, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    pub accounts: Vec<AccountLine>,
}

/// One account as its administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub profession: String,
    pub roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpps: Option<Rpps>,
    pub state: AccountState,
    pub second_factor: bool,
    /// Until when the link that waits may be used, were it past; `None`: none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_until: Option<Timestamp>,
    pub devices: Vec<DeviceLine>,
}

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountState {
    /// A link waits to be used, or has expired.
    Invited,
    Active,
    Disabled,
}

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMember {
    /// « Claire Vidal »
    pub name: String,
    /// Made of the name when empty.
    #[serde(default)]
    pub login: String,
    pub profession: String,
    pub roles: Vec<Role>,
    /// By which Pro Santé Connect knows her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpps: Option<Rpps>,
}

/// People to be invited at once: all whose line is right, each with a link of her own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMembers {
    pub members: Vec<NewMember>,
}

/// What became of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub invited: Vec<Invitee>,
    /// Position in the demand, and why: French, what to do.
    pub refused: Vec<(usize, String)>,
}

/// One line of the printable sheet. The link is shown here and never again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    pub id: AccountId,
    pub name: String,
    pub login: String,
    pub link: Link,
}

/// What a spreadsheet holds (CSV with `;` `,` or tab, UTF-8 or Windows-1252; XLSX).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub members: Vec<NewMember>,
    /// Line of the file, from 1, and why: French, what to do.
    pub refused: Vec<(u64, String)>,
}

/// A new link for an account: it is to choose another password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// Her telephone is lost: the second factor is to be set up again too.
    #[serde(default)]
    pub forget_second_factor: bool,
}

/// Opens a stand session: this browser writes for one day and reads nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewStand {
    /// « Marché de Saverdun »
    pub name: String,
    /// First names of those who hold it: they tap theirs, and have no account.
    pub volunteers: Vec<String>,
    /// At most 24 hours away.
    pub until: Timestamp,
    /// The record it is held for, of the kind a programme names its venue. The server must hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<RecordId>,
}

/// A stand session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandOpened {
    pub device_id: DeviceId,
    /// The account under which it writes.
    pub account: super::Account,
    /// The device's token, sealed to the server: this browser cannot read it, and joins it to what it sends.
    pub token: Sealed,
    pub seal_key: super::SealKey,
    pub until: Timestamp,
    /// What it shows to those who would rather sign up on their own telephone; only where it has a venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<StandInvitation>,
}

/// The right to sign oneself up, for whoever scans it: `https://…/inscription#<token>`; what follows `#` reaches no log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandInvitation {
    /// Hexadecimal, 64 characters; the server keeps its hash.
    pub token: String,
    /// The end of the stand, or of its day.
    pub until: Timestamp,
    /// The QR code of the whole address, as [`SecondFactor::qr`].
    pub qr: Vec<String>,
}

/// Somebody scanned the code of a stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// [`StandInvitation::token`]
    pub token: String,
}

/// A stand session of her own, for half an hour: it writes, and reads nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited {
    /// Without an invitation.
    pub stand: StandOpened,
    /// Of the stand: « Marché de Saverdun ».
    pub name: String,
    pub venue: RecordId,
    /// The kind of the venue.
    pub venue_kind: String,
    /// What its `prefill` gives of the venue: identifiers, days and numbers, for [`domain::programme::Begun::venue`].
    pub seeds: Fields,
}

/// The stand sessions of the territory, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stands {
    pub stands: Vec<StandLine>,
}

/// One stand session as its list tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandLine {
    pub device: DeviceId,
    pub name: String,
    /// Who opened it, and follows what it writes.
    pub opened_by: String,
    pub opened_at: Timestamp,
    pub until: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Operations received.
    pub received: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<RecordId>,
    /// Those who scanned its code and sent something.
    #[serde(default)]
    pub visits: u64,
}

/// What a stand session sends: it cannot read it any more. At most [`super::MAX_OPERATIONS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandPush {
    /// [`StandOpened::token`]
    pub token: Sealed,
    pub operations: Vec<SealedOperation>,
    /// It is closed on its own device: nobody scans its code any more. What it wrote before goes on arriving as ever.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
}

/// One [`crate::Operation`] sealed to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedOperation {
    /// Drawn when it was written; what is inside says 0.
    pub device_seq: DeviceSeq,
    pub sealed: Sealed,
}

/// What the server holds of it now, durably: applied, set aside, or put away unread. What a visitor sends beyond what a hand
/// writes is not held, and not named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandPushed {
    pub received: Vec<DeviceSeq>,
    /// Highest number the server holds from this device.
    pub last_device_seq: DeviceSeq,
}
