//! Those who sign in, as administrators keep them. What changes is logged by ids alone.

pub mod create;
pub mod disabled;
pub mod link;
pub mod list;
pub mod sheet;

use axum::http::HeaderMap;
use domain::id::AccountId;
use domain::people::Role;
use sync::protocol::access::Link;

use super::origin::qr;
use super::problem::{Answer, FORBIDDEN, NO_ACCOUNT};
use crate::store::Caller;

/// Accounts are kept by the administration alone.
fn keeps(caller: &Caller) -> Answer<()> {
    caller.roles.contains(&Role::Administrator).then_some(()).ok_or(FORBIDDEN)
}

fn named(id: &str) -> Answer<AccountId> {
    id.parse().map_err(|_| NO_ACCOUNT)
}

/// The link with the QR code of its whole address.
fn shown(link: Link, headers: &HeaderMap) -> Link {
    let qr = qr(headers, "activer", &link.token);
    Link { qr, ..link }
}
