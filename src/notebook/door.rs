//! The doors: a full sign-in with its code, from the lock or from the open notebook; the one-time link that makes an
//! account ready.

use std::cell::OnceCell;
use std::ops::Deref;
use std::rc::Rc;

use domain::id::{AccountId, DeviceId};
use sync::protocol::access::{Invitation, Link, OpenLink, UseLink, Welcome};
use sync::protocol::{SignIn, SignedIn};

use super::open::{keep_credentials, unwrap};
use super::state::{Credentials, Session};
use super::tabs::Word;
use super::{Notebook, Trouble, TroubleKind};
use crate::platform::crypto::Key;
use crate::platform::{random, server};

/// A device and its account, if there is one.
type Likely = (Option<DeviceId>, Option<AccountId>);

/// What a person types to come in.
#[derive(Clone, Debug, Default)]
pub struct Coming {
    pub login: String,
    pub password: String,
    /// Six digits, or a recovery code; once the server asked for it.
    pub code: Option<String>,
    /// Empty: the device keeps the name it has.
    pub device_name: String,
}

/// The token of an open session. A sign-in from the open notebook brings another one; a request under way goes on with the
/// one it left with.
pub(super) struct Token {
    text: String,
    next: OnceCell<Box<Self>>,
}

impl Token {
    pub(super) fn new(text: String) -> Self {
        Self { text, next: OnceCell::new() }
    }

    fn last(&self) -> &Self {
        self.next.get().map_or(self, |next| next.last())
    }

    fn renew(&self, text: String) {
        // The last one has no next one.
        let _ = self.last().next.set(Box::new(Self::new(text)));
    }
}

impl Deref for Token {
    type Target = str;
    fn deref(&self) -> &str {
        &self.last().text
    }
}

impl Notebook {
    pub(super) async fn full_sign_in(self, coming: Coming) -> Result<SignedIn, Trouble> {
        let ((device_id, account), others) = self.here();
        let Coming { login, password, code, device_name } = coming;
        Ok(server::sign_in(&SignIn { login, password, code, device_id, account, others, device_name }).await?)
    }

    /// The notebooks of this browser. Which account comes cannot be known before the answer: the last one used here is the
    /// likely one.
    pub(super) fn here(self) -> (Likely, Vec<(DeviceId, AccountId)>) {
        let inner = self.inner();
        let enrolled = inner.enrolled.borrow();
        let mut here: Vec<_> = enrolled.iter().map(|device| (device.device_id, device.account_id)).collect();
        let others = here.split_off(here.len().min(1));
        (here.pop().unzip(), others)
    }

    /// A full sign-in from the open notebook, whose forms stay as they are: this device exchanges again.
    ///
    /// # Errors
    /// No network, no server, the server refused, or it is another account's: nothing changed here.
    pub async fn sign_in_again(self, coming: Coming) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let Coming { login, password, code, device_name } = coming;
        let (device_id, account) = (Some(session.device), Some(session.account.id));
        let request = SignIn { login, password, code, device_id, account, others: Vec::new(), device_name };
        let signed = server::sign_in(&request).await?;
        if signed.device_id != session.device || signed.account.id != session.account.id {
            // What was just enrolled has no notebook: it exchanges nothing.
            let _ = server::sign_out(&signed.token).await;
            return Err(TroubleKind::OtherNotebook.into());
        }
        self.renew(&session, signed).await
    }

    /// The open notebook goes on with what a full sign-in has just brought.
    pub(super) async fn renew(self, session: &Rc<Session>, signed: SignedIn) -> Result<(), Trouble> {
        keep_credentials(session.store(), &signed).await?;
        if !self.is_open(session) {
            return Ok(());
        }
        session.token.renew(signed.token.clone());
        self.say(&Word::Renewed);
        let device = self.find(|device| device.device_id == session.device).ok_or(TroubleKind::Locked)?;
        let recovery = random::from_hex(&signed.recovery_key).unwrap_or_default();
        if unwrap(&Key::from_bytes(&recovery).await?, &device, &device.by_recovery).await?.is_none() {
            // A server restored from before this device: what opens it when the passphrase is forgotten is another key now,
            // and only the passphrase can wrap anew.
            *self.inner().arriving.borrow_mut() = Some(signed);
            self.lock();
            return Ok(());
        }
        self.exchange_now();
        Ok(())
    }

    /// Another tab signed in again.
    pub(super) async fn read_token(self) {
        let Some(session) = self.session() else { return };
        let kept = session.store().sealed::<Credentials>(Credentials::NAME).await;
        if let Ok(Some(credentials)) = kept
            && credentials.token != *session.token
        {
            session.token.renew(credentials.token);
            if session.leader.get() {
                self.exchange_now();
            }
        }
    }

    /// A link to set the second factor up, for a right password that lacks it.
    ///
    /// # Errors
    /// As [`Notebook::sign_in`].
    pub async fn link_of_mine(self, coming: Coming) -> Result<Link, Trouble> {
        let Coming { login, password, .. } = coming;
        let request = SignIn {
            login,
            password,
            code: None,
            device_id: None,
            account: None,
            others: Vec::new(),
            device_name: String::new(),
        };
        Ok(server::link_of_mine(&request).await?)
    }
}

/// Whom a one-time link is for; looking does not spend it.
///
/// # Errors
/// It serves no more ([`TroubleKind::LinkSpent`]), or the server cannot be reached.
pub async fn open_link(token: &str) -> Result<Invitation, Trouble> {
    Ok(server::open_link(&OpenLink { token: token.to_owned() }).await?)
}

/// Spends a link: the account has this password, and this second factor.
///
/// # Errors
/// The server refused, and the link still serves unless it says [`TroubleKind::LinkSpent`]; or cannot be reached.
pub async fn use_link(token: &str, password: String, code: Option<String>) -> Result<Welcome, Trouble> {
    Ok(server::use_link(&UseLink { token: token.to_owned(), password, code }).await?)
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_request_under_way_keeps_the_token_it_left_with() {
        let token = Token::new("first".into());
        let under_way: &str = &token;
        token.renew("second".into());
        token.renew("third".into());
        assert_eq!((under_way, &*token), ("first", "third"));
    }
}
