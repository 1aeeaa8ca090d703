//! Those who sign in, as administrators keep them. What changes is logged by ids alone.

pub mod create;
pub mod disabled;
pub mod link;
pub mod list;
pub mod sheet;

use axum::http::{HeaderMap, header};
use domain::id::AccountId;
use domain::people::Role;
use sync::protocol::access::Link;

use super::problem::{Answer, FORBIDDEN, NO_ACCOUNT};
use crate::store::Caller;
use crate::totp;

/// Accounts are kept by the administration alone.
fn keeps(caller: &Caller) -> Answer<()> {
    caller.roles.contains(&Role::Administrator).then_some(()).ok_or(FORBIDDEN)
}

fn named(id: &str) -> Answer<AccountId> {
    id.parse().map_err(|_| NO_ACCOUNT)
}

/// The link with the QR code of its whole address: on the site that asks, as its browser names it.
fn shown(link: Link, headers: &HeaderMap) -> Link {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| text.len() < 300);
    let site = match (text(header::ORIGIN).filter(|origin| origin.contains("://")), text(header::HOST)) {
        (Some(origin), _) => origin.to_owned(),
        (None, host) => format!("https://{}", host.unwrap_or_default()),
    };
    let qr = totp::qr(&format!("{site}/activer#{}", link.token));
    Link { qr, ..link }
}
