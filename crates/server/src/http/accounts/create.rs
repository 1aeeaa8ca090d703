//! `POST /api/accounts`: people are invited, each with an account and a link of her own, shown this once.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use domain::french::NBSP;
use sync::protocol::access::{Invited, Invitee, NewMember, NewMembers};

use super::super::State;
use super::super::problem::{Answer, FAULT, TOO_MANY_MEMBERS, UNREADABLE};
use super::{keeps, shown};
use crate::members::{self, MAX_MEMBERS};
use crate::store::{Caller, InUse, Invite, Territory};
use crate::{clock, totp};

pub async fn create(
    Shared(state): Shared<State>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Invited>> {
    keeps(&caller)?;
    let asked: NewMembers = serde_json::from_slice(&body).map_err(|_| UNREADABLE)?;
    if asked.members.len() > MAX_MEMBERS {
        return Err(TOO_MANY_MEMBERS);
    }
    let (mut right, mut refused) = (Vec::new(), Vec::new());
    for (at, member) in asked.members.iter().enumerate() {
        match invite(member, &state.territory) {
            Ok(invite) => right.push((at, invite)),
            Err(reason) => refused.push((at, reason)),
        }
    }
    let invites: Vec<Invite> = right.iter().map(|(_, invite)| invite.clone()).collect();
    // On its own task: a visitor who hangs up midway does not leave half of it undone.
    let made = tokio::spawn(async move { state.store.invite(caller.territory, &invites, clock::now()).await });
    let mut invited = Vec::new();
    for ((at, invite), made) in right.into_iter().zip(made.await.map_err(|_| FAULT)??) {
        let made = match made {
            Ok(made) => made,
            Err(in_use) => {
                refused.push((at, already(in_use, &invite)));
                continue;
            }
        };
        tracing::info!(by = %caller.account, account = %made.id, "an account is made");
        invited.push(Invitee { id: made.id, name: invite.name, login: made.login, link: shown(made.link, &headers) });
    }
    refused.sort_unstable();
    Ok(Json(Invited { invited, refused }))
}

/// Why nobody was invited.
fn already(in_use: InUse, invite: &Invite) -> String {
    match in_use {
        InUse::Login => {
            format!("L’identifiant «{NBSP}{}{NBSP}» est déjà pris. Choisissez-en un autre.", invite.login)
        }
        InUse::Rpps => format!("Le numéro RPPS de {} est déjà celui d’un autre compte. Vérifiez-le.", invite.name),
    }
}

fn invite(member: &NewMember, territory: &Territory) -> Result<Invite, String> {
    let NewMember { name, login, profession, roles, rpps } = members::checked(member)?;
    let made = login.trim().is_empty();
    let login = if made { members::login_of(&name) } else { members::login(&login)? };
    // Whoever is a member signs in with a second factor, but under a demonstration.
    let totp_secret = (!territory.demo).then(totp::new_secret);
    Ok(Invite { login, made, name, profession, roles, rpps, totp_secret })
}
