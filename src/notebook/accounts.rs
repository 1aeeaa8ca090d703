//! What an administrator does with the accounts of the territory, and the links that wait to be handed over: the server
//! gives each once, so they stay in the memory of the open notebook until she says that they are handed over.

use domain::id::{AccountId, DeviceId};
use leptos::prelude::*;
use sync::protocol::access::{AccountLine, Invitee, NewLink, NewMember, NewMembers, Sheet};

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::server;
use crate::platform::watch::{self, Guard};

/// The links that wait to be handed over, and what was refused beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    pub invited: Vec<Invitee>,
    /// « Paul Roux : ce compte existe déjà. »
    pub refused: Vec<String>,
}

/// The links in memory, and what asks before they are lost with the page.
#[derive(Clone, Copy)]
pub(super) struct HandOver {
    links: RwSignal<Handed>,
    guard: StoredValue<Option<Guard>, LocalStorage>,
}

impl HandOver {
    pub(super) fn new() -> Self {
        Self { links: RwSignal::new(Handed::default()), guard: StoredValue::new_local(None) }
    }

    fn add(self, more: Handed) {
        self.links.update(|links| {
            // A new link spends the former ones of that account.
            links.invited.retain(|one| more.invited.iter().all(|newer| newer.id != one.id));
            links.invited.extend(more.invited);
            links.refused = more.refused;
        });
        if self.guard.with_value(Option::is_none) && self.links.with_untracked(|links| !links.invited.is_empty()) {
            self.guard.set_value(Some(watch::ask_before_leaving()));
        }
    }
}

impl Notebook {
    /// The links that wait to be handed over. They go with [`Notebook::handed_over`], and when the notebook locks.
    #[must_use]
    pub fn links(self) -> Signal<Handed> {
        self.hand_over.links.into()
    }

    /// Forgets the links: they are on paper, or copied.
    pub fn handed_over(self) {
        self.hand_over.guard.set_value(None);
        self.hand_over.links.set(Handed::default());
    }

    /// The accounts of the territory, by name.
    ///
    /// # Errors
    /// The network or the server is silent, or this account does not administer.
    pub async fn accounts(self) -> Result<Vec<AccountLine>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::accounts(&session.token).await?.accounts)
    }

    /// Makes the accounts; their links wait in [`Notebook::links`], with what was refused beside them.
    ///
    /// # Errors
    /// As [`Notebook::accounts`], or all were refused. When the answer was lost on its way the accounts may be there all the
    /// same.
    pub async fn invite(self, members: Vec<NewMember>) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let members = NewMembers { members };
        let answer = server::invite(&session.token, &members).await?;
        if let (true, Some((_, why))) = (answer.invited.is_empty(), answer.refused.first()) {
            return Err(Trouble { kind: TroubleKind::Refused, message: why.clone() });
        }
        let name = |position: usize| members.members.get(position).map_or("", |member| member.name.as_str());
        let refused =
            answer.refused.iter().map(|(position, why)| format!("{}\u{a0}: {why}", name(*position))).collect();
        if self.is_open(&session) {
            self.hand_over.add(Handed { invited: answer.invited, refused });
        }
        Ok(())
    }

    /// What a spreadsheet of members holds; nothing is made.
    ///
    /// # Errors
    /// As [`Notebook::accounts`], or the file is not a spreadsheet the server reads.
    pub async fn read_sheet(self, file: Vec<u8>) -> Result<Sheet, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::read_sheet(&session.token, file).await?)
    }

    /// A new link of an account, which waits in [`Notebook::links`]; `lost`: the second factor is to be set up again too.
    ///
    /// # Errors
    /// As [`Notebook::accounts`]: the former links still open.
    pub async fn new_link(self, account: &AccountLine, lost: bool) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let link = server::new_link(&session.token, account.id, NewLink { forget_second_factor: lost }).await?;
        let (id, name, login) = (account.id, account.name.clone(), account.login.clone());
        if self.is_open(&session) {
            self.hand_over.add(Handed { invited: vec![Invitee { id, name, login, link }], refused: Vec::new() });
        }
        Ok(())
    }

    /// Closes an account, or opens it again.
    ///
    /// # Errors
    /// As [`Notebook::accounts`], or it is the last administrator's: nothing changed.
    pub async fn close_account(self, account: AccountId, closed: bool) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::set_disabled(&session.token, account, closed).await?)
    }

    /// Ends a device's access, or gives it back.
    ///
    /// # Errors
    /// As [`Notebook::accounts`]: nothing changed.
    pub async fn end_access(self, device: DeviceId, ended: bool) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(server::set_revoked(&session.token, device, ended).await?)
    }
}
