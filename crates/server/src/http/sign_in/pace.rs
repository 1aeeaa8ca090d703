//! Bounds how many come in by a door that anybody may open, such as the code of a stand: so many in a quarter of an hour, by
//! one code and from one network. In memory only.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::doorman::network;

const SPAN: Duration = Duration::from_secs(15 * 60);
/// A market in full swing.
const BY_CODE: usize = 90;
/// Telephones of one operator share an address, those of a waiting room too.
const FROM_NETWORK: usize = 40;
/// Codes and networks remembered, at most.
const CROWD: usize = 20_000;

/// Remembers who came in.
#[derive(Debug, Default)]
pub struct Pace {
    came: Mutex<Came>,
}

#[derive(Debug, Default)]
struct Came {
    times: HashMap<Key, VecDeque<Instant>>,
    /// When those of long ago were last forgotten.
    swept: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Code(String),
    Network(IpAddr),
}

impl Pace {
    /// Lets somebody in, or answers the seconds to wait. `code`: the hash of what she holds.
    pub fn pass(&self, code: &str, address: IpAddr) -> Result<(), u64> {
        self.pass_at(code, address, Instant::now())
    }

    fn pass_at(&self, code: &str, address: IpAddr, now: Instant) -> Result<(), u64> {
        let keys = [(Key::Code(code.to_owned()), BY_CODE), (Key::Network(network(address)), FROM_NETWORK)];
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.sweep(now);
        for (key, most) in &keys {
            let Some(times) = came.times.get_mut(key) else { continue };
            while times.front().is_some_and(|first| now.duration_since(*first) >= SPAN) {
                times.pop_front();
            }
            if let Some(first) = times.front().filter(|_| times.len() >= *most) {
                return Err(SPAN.saturating_sub(now.duration_since(*first)).as_secs().max(1));
            }
        }
        for (key, _) in keys {
            came.times.entry(key).or_default().push_back(now);
        }
        Ok(())
    }
}

impl Came {
    /// Forgets whoever came longer ago than the span, once a span and whenever there is a crowd. A crowd within the span is a
    /// flood: it is forgotten whole, rather than left to fill the memory.
    fn sweep(&mut self, now: Instant) {
        let full = self.times.len() >= CROWD;
        if !full && self.swept.is_some_and(|swept| now.duration_since(swept) < SPAN) {
            return;
        }
        self.swept = Some(now);
        self.times.retain(|_, times| times.back().is_some_and(|last| now.duration_since(*last) < SPAN));
        if self.times.len() >= CROWD {
            self.times.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_passes_so_many_times_in_a_quarter_of_an_hour() {
        let (pace, start) = (Pace::default(), Instant::now());
        for n in 0..FROM_NETWORK {
            pace.pass_at(&n.to_string(), ip(&format!("2001:db8:1:2::{n:x}")), start).expect("free");
        }
        let later = start + Duration::from_secs(60);
        assert_eq!(pace.pass_at("another", ip("2001:db8:1:2:ffff::1"), later), Err(14 * 60));
        pace.pass_at("another", ip("2001:db8:1:3::1"), later).expect("the network beside");
        pace.pass_at("another", ip("2001:db8:1:2::1"), start + SPAN).expect("forgotten");
    }

    #[test]
    fn a_code_passes_so_many_times_wherever_it_is_used() {
        let (pace, now) = (Pace::default(), Instant::now());
        for n in 0..BY_CODE {
            pace.pass_at("code", ip(&format!("192.0.2.{n}")), now).expect("free");
        }
        assert!(pace.pass_at("code", ip("198.51.100.1"), now).is_err());
        pace.pass_at("other", ip("198.51.100.1"), now).expect("another stand is not punished");
    }

    fn remembered(pace: &Pace) -> usize {
        pace.came.lock().unwrap_or_else(PoisonError::into_inner).times.len()
    }

    /// `n`: from a network of its own, with a code of its own.
    fn stranger(pace: &Pace, n: usize, now: Instant) -> Result<(), u64> {
        pace.pass_at(&n.to_string(), ip(&format!("2001:db8:{:x}:{:x}::1", n >> 16, n & 0xffff)), now)
    }

    #[test]
    fn whoever_came_long_ago_is_forgotten() {
        let (pace, start) = (Pace::default(), Instant::now());
        for n in 0..100 {
            stranger(&pace, n, start).expect("free");
        }
        stranger(&pace, 100, start + SPAN).expect("free");
        assert_eq!(remembered(&pace), 2, "a code and a network");
    }

    #[test]
    fn a_crowd_within_the_span_does_not_fill_the_memory() {
        let (pace, start) = (Pace::default(), Instant::now());
        for n in 0..3 * CROWD {
            let _ = stranger(&pace, n, start);
            assert!(remembered(&pace) <= CROWD + 2, "{n}");
        }
    }

    #[test]
    fn whoever_is_refused_is_not_remembered() {
        let (pace, now) = (Pace::default(), Instant::now());
        for _ in 0..FROM_NETWORK {
            pace.pass_at("code", ip("192.0.2.1"), now).expect("free");
        }
        for n in 0..100 {
            assert!(pace.pass_at(&n.to_string(), ip("192.0.2.1"), now).is_err());
        }
        assert_eq!(remembered(&pace), 2, "her code and her network");
    }
}
