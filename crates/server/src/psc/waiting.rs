//! What waits for somebody to come back with the secret that names it: once, not for long, and not too many.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::secret::token_hash;

/// At most: a flood of people who leave and never come back does not fill the memory.
const MOST: usize = 1000;

/// Oldest first. The keys are kept as hashes: how long a comparison takes says nothing of them.
#[derive(Debug)]
pub struct Waiting<T> {
    lasts: Duration,
    held: Mutex<VecDeque<(String, Instant, T)>>,
}

impl<T> Waiting<T> {
    pub fn new(lasts: Duration) -> Self {
        Self { lasts, held: Mutex::default() }
    }

    /// Keeps it under this key; the oldest one goes when there are too many.
    pub fn put(&self, key: &str, value: T) {
        self.put_at(key, value, Instant::now());
    }

    /// Gives it back, this once; `None`: unknown, already given, or too late.
    pub fn take(&self, key: &str) -> Option<T> {
        self.take_at(key, Instant::now())
    }

    fn put_at(&self, key: &str, value: T, now: Instant) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while held.front().is_some_and(|(_, since, _)| now.duration_since(*since) >= self.lasts) || held.len() >= MOST {
            held.pop_front();
        }
        held.push_back((token_hash(key), now, value));
    }

    fn take_at(&self, key: &str, now: Instant) -> Option<T> {
        let hash = token_hash(key);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let at = held.iter().position(|(kept, ..)| *kept == hash)?;
        let (_, since, value) = held.remove(at)?;
        (now.duration_since(since) < self.lasts).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_given_back_once_and_in_time() {
        let waiting = Waiting::new(Duration::from_secs(120));
        let now = Instant::now();
        waiting.put_at("a", 1, now);
        waiting.put_at("b", 2, now);
        assert_eq!(waiting.take_at("x", now), None);
        assert_eq!(waiting.take_at("a", now), Some(1));
        assert_eq!(waiting.take_at("a", now), None, "once");
        assert_eq!(waiting.take_at("b", now + Duration::from_secs(120)), None, "too late");
        assert_eq!(waiting.take_at("b", now), None, "and gone");
    }

    #[test]
    fn a_crowd_pushes_the_oldest_out() {
        let waiting = Waiting::new(Duration::from_secs(120));
        let now = Instant::now();
        for n in 0..=MOST {
            waiting.put_at(&n.to_string(), n, now);
        }
        assert_eq!(waiting.take_at("0", now), None);
        assert_eq!(waiting.take_at("1", now), Some(1));
        assert_eq!(waiting.take_at(&MOST.to_string(), now), Some(MOST));
        waiting.put_at("later", 0, now + Duration::from_secs(121));
        assert_eq!(waiting.held.lock().unwrap().len(), 1, "what is over is not kept");
    }
}
