//! Slows down those who guess a password, a code, a code on paper or a link: a delay that doubles, per login (or link) and
//! per address. Known and unknown logins are treated alike.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// Tries without any delay: a person hesitates between her passwords.
const FREE_PER_LOGIN: u32 = 5;
/// A whole house of health may stand behind one address.
const FREE_PER_ADDRESS: u32 = 40;
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A quiet visitor is forgotten after this long.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Visitors remembered, at most: a flood of invented logins does not fill the memory.
const CROWD: usize = 20_000;

/// Remembers failed tries, in memory only.
#[derive(Debug, Default)]
pub struct Doorman {
    tries: Mutex<HashMap<Visitor, Tries>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Visitor {
    /// Hash of the login: what people type there by mistake (a password) is not kept.
    Login([u8; 32]),
    Address(IpAddr),
}

impl Visitor {
    fn at(address: IpAddr) -> Self {
        Self::Address(network(address))
    }
}

/// Who has one IPv6 address has the 2^64 of its network: the network is counted. An IPv4 address written as IPv6 is itself.
pub fn network(address: IpAddr) -> IpAddr {
    const NETWORK: u128 = u128::MAX << 64;
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
        address => address,
    }
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Instant,
}

/// One try, counted as failed until it is welcomed: many at once gain nothing.
#[derive(Debug)]
pub struct Visit<'a> {
    doorman: &'a Doorman,
    visitors: [Visitor; 2],
}

impl Doorman {
    /// Lets a try pass, or answers the seconds to wait. `login`: what is knocked with, were it a link.
    pub fn knock(&self, login: &str, address: IpAddr) -> Result<Visit<'_>, u64> {
        self.knock_at(login, address, Instant::now())
    }

    fn knock_at(&self, login: &str, address: IpAddr, now: Instant) -> Result<Visit<'_>, u64> {
        let login = Visitor::Login(Sha256::digest(login.trim().to_lowercase().as_bytes()).into());
        let visitors = [login, Visitor::at(address)];
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() > CROWD {
            tries.retain(|_, tries| now.duration_since(tries.last) < LONGEST);
            if tries.len() > CROWD {
                tries.clear();
            }
        }
        let wait =
            visitors.iter().filter_map(|visitor| tries.get(visitor).map(|tries| tries.wait(*visitor, now))).max();
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            return Err(wait.as_secs().max(1));
        }
        for visitor in visitors {
            let entry = tries.entry(visitor).or_insert(Tries { count: 0, last: now });
            if now.duration_since(entry.last) > MEMORY {
                entry.count = 0;
            }
            *entry = Tries { count: entry.count.saturating_add(1), last: now };
        }
        Ok(Visit { doorman: self, visitors })
    }
}

impl Doorman {
    /// A try of this address, counted when its visitor left for another door, ended well.
    pub fn give_back(&self, address: IpAddr) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tries) = tries.get_mut(&Visitor::at(address)) {
            tries.count = tries.count.saturating_sub(1);
        }
    }
}

impl Tries {
    fn wait(&self, visitor: Visitor, now: Instant) -> Duration {
        let free = match visitor {
            Visitor::Login(_) => FREE_PER_LOGIN,
            Visitor::Address(_) => FREE_PER_ADDRESS,
        };
        let Some(extra) = self.count.checked_sub(free) else {
            return Duration::ZERO;
        };
        let delay = Duration::from_secs(2_u64.saturating_pow(extra.min(20) + 1)).min(LONGEST);
        delay.saturating_sub(now.duration_since(self.last))
    }
}

impl Visit<'_> {
    /// The password was right, and a code is still to come: this try is given back, and those before it stay counted.
    pub fn half_way(self) {
        let mut tries = self.doorman.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for visitor in self.visitors {
            if let Some(tries) = tries.get_mut(&visitor) {
                tries.count = tries.count.saturating_sub(1);
            }
        }
    }

    /// All was right: the login starts afresh, the address only gets this try back, so that one account of
    /// one's own does not help to guess those of others.
    pub fn welcome(self) {
        let mut tries = self.doorman.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&self.visitors[0]);
        if let Some(address) = tries.get_mut(&self.visitors[1]) {
            address.count = address.count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn the_delay_grows_then_is_forgotten() {
        let doorman = Doorman::default();
        let start = Instant::now();
        for _ in 0..5 {
            doorman.knock_at("claire", HERE, start).expect("five free tries");
        }
        assert_eq!(doorman.knock_at(" Claire ", HERE, start).unwrap_err(), 2);
        let later = start + Duration::from_secs(2);
        doorman.knock_at("claire", HERE, later).expect("waited");
        assert_eq!(doorman.knock_at("claire", HERE, later).unwrap_err(), 4);
        doorman.knock_at("karim", HERE, later).expect("another login is not punished");
        doorman.knock_at("claire", HERE, later + MEMORY * 2).expect("forgotten");
        doorman.knock_at("claire", HERE, later + MEMORY * 2).expect("and free again");
    }

    #[test]
    fn an_address_is_slowed_whatever_the_logins() {
        let doorman = Doorman::default();
        let now = Instant::now();
        for n in 0..FREE_PER_ADDRESS {
            doorman.knock_at(&format!("login{n}"), HERE, now).expect("free");
        }
        assert!(doorman.knock_at("one more", HERE, now).is_err());
        let elsewhere = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
        doorman.knock_at("one more", elsewhere, now).expect("another address");
    }

    #[test]
    fn a_network_is_slowed_whatever_its_addresses() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let (doorman, now) = (Doorman::default(), Instant::now());
        for n in 0..FREE_PER_ADDRESS {
            let here = ip(&format!("2001:db8:1:2:{n:x}::{n:x}"));
            doorman.knock_at(&format!("login{n}"), here, now).expect("free");
        }
        assert!(doorman.knock_at("one more", ip("2001:db8:1:2:ffff:ffff:ffff:ffff"), now).is_err());
        doorman.knock_at("one more", ip("2001:db8:1:3::"), now).expect("the network beside");
        doorman.give_back(ip("2001:db8:1:2::7"));
        doorman.knock_at("one more", ip("2001:db8:1:2::8"), now).expect("a try was given back to the network");

        for n in 0..FREE_PER_ADDRESS {
            let here = ip(if n % 2 == 0 { "::ffff:192.0.2.7" } else { "192.0.2.7" });
            doorman.knock_at(&format!("other{n}"), here, now).expect("free");
        }
        assert!(doorman.knock_at("another", ip("::ffff:192.0.2.7"), now).is_err());
        doorman.knock_at("another", ip("::ffff:192.0.2.8"), now).expect("not all of IPv4 is one network");
    }

    #[test]
    fn a_password_without_its_code_forgets_no_wrong_code() {
        let doorman = Doorman::default();
        let now = Instant::now();
        for _ in 0..4 {
            doorman.knock_at("claire", HERE, now).expect("free");
            doorman.knock_at("claire", HERE, now).expect("free").half_way();
        }
        doorman.knock_at("claire", HERE, now).expect("the fifth");
        assert!(doorman.knock_at("claire", HERE, now).is_err());
    }

    #[test]
    fn a_right_password_starts_afresh() {
        let doorman = Doorman::default();
        let now = Instant::now();
        for _ in 0..50 {
            doorman.knock_at("claire", HERE, now).expect("never slowed").welcome();
        }
    }
}
