//! Pro Santé Connect: the State's OpenID provider for health professionals, if this server is configured for it. The only
//! machine that Cardabelle ever calls, and only when somebody asks to sign in through it.

mod fetch;
mod identity;
mod provider;
mod settings;
mod waiting;

use std::net::IpAddr;
use std::time::Duration;

use domain::id::AccountId;
use openidconnect::{Nonce, PkceCodeVerifier};

pub use provider::{Failure, Provider};
pub use settings::{Args, CALLBACK, Settings};
pub use waiting::Waiting;

/// A person looks for her card and types its code.
const GOING: Duration = Duration::from_secs(10 * 60);
/// A browser posts its ticket as soon as it is back.
const BACK: Duration = Duration::from_secs(2 * 60);

/// Who is on the way: in memory only, so a server that starts again asks to begin again.
#[derive(Debug)]
pub struct Psc {
    pub provider: Provider,
    /// By `state`.
    pub going: Waiting<Going>,
    /// By ticket.
    pub back: Waiting<Back>,
}

/// Somebody who left for the provider.
#[derive(Debug)]
pub struct Going {
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
    /// Hash of what her browser alone knows.
    pub binding: String,
    /// From where, for the delays.
    pub from: IpAddr,
}

/// Somebody whom the provider identified, and whose browser has not fetched its token yet.
#[derive(Debug)]
pub struct Back {
    pub account: AccountId,
    pub binding: String,
    pub from: IpAddr,
}

impl Psc {
    /// Calls nobody: the provider may be down when the server starts.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let provider = Provider::new(settings)?;
        Ok(Self { provider, going: Waiting::new(GOING), back: Waiting::new(BACK) })
    }
}
