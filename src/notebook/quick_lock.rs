//! Five minutes without a hand, in any tab of the device: the pages are taken away, the key stays in memory, and a code of six
//! digits brings the same page back. Without a code, or after five wrong ones, the notebook locks whole.
//!
//! The code wraps nothing: it would be found in a million tries. It is known by a slow hash, sealed under the data key, and
//! the tries are counted in memory, which a reload empties of the key too.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::tabs::Word;
use super::{Gate, Notebook, Trouble, TroubleKind, WhyLocked};
use crate::platform::crypto::stretched;
use crate::platform::{clock, random, watch};

const REST_MS: i64 = 5 * 60_000;
/// A timed test is never interrupted; a stopwatch that runs for half an hour was left there.
const FORGOTTEN_MS: i64 = 30 * 60_000;
const LOOK_MS: u32 = 2_000;
/// The other tabs are told at most this often that a hand is there.
const TELL_MS: i64 = 5_000;
const TRIES: u32 = 5;
const DIGITS: usize = 6;
const ROUNDS: u32 = 200_000;

/// Name under which the code is kept sealed.
const NAME: &str = "code";

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Code {
    /// Hexadecimal, as the hash.
    salt: String,
    rounds: u32,
    hash: String,
}

impl Code {
    async fn of(code: &str, salt: &[u8], rounds: u32) -> Result<Self, Trouble> {
        let hash = stretched(code, salt, rounds).await?;
        Ok(Self { salt: random::to_hex(salt), rounds, hash: random::to_hex(&hash) })
    }

    async fn is(&self, code: &str) -> Result<bool, Trouble> {
        let salt = random::from_hex(&self.salt).unwrap_or_default();
        Ok(Self::of(code, &salt, self.rounds).await? == *self)
    }
}

/// Keeps the notebook open while a timed test runs; dropped at its end.
#[must_use = "the notebook may rest as soon as it is dropped"]
pub struct TimedTest(Notebook);

impl Drop for TimedTest {
    fn drop(&mut self) {
        let inner = self.0.inner();
        inner.hands.tests.set(inner.hands.tests.get().saturating_sub(1));
        // The words that vanish by themselves were looked at until now.
        inner.hands.last.set(clock::now().0);
    }
}

impl Notebook {
    /// A timed test begins.
    pub fn timed_test(self) -> TimedTest {
        let inner = self.inner();
        inner.hands.tests.set(inner.hands.tests.get() + 1);
        TimedTest(self)
    }

    /// Whether a code is chosen.
    ///
    /// # Errors
    /// The notebook is locked, or the disk does not answer.
    pub async fn has_code(self) -> Result<bool, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(session.store().sealed::<Option<Code>>(NAME).await?.flatten().is_some())
    }

    /// Chooses the code, in place of the former one.
    ///
    /// # Errors
    /// It is not six digits or is the first one anybody tries; or the disk refused: the former one still holds.
    pub async fn choose_code(self, code: &str) -> Result<(), Trouble> {
        if !is_hard(code) {
            return Err(TroubleKind::WeakCode.into());
        }
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let code = Code::of(code, &random::bytes::<16>(), ROUNDS).await?;
        Ok(session.store().keep_sealed(NAME, &Some(code)).await?)
    }

    /// Five minutes without a hand lock whole again.
    ///
    /// # Errors
    /// The disk refused: the code still holds.
    pub async fn forget_code(self) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        Ok(session.store().keep_sealed(NAME, &None::<Code>).await?)
    }

    /// Brings the pages back, in every tab of this device. The fifth wrong code locks whole.
    ///
    /// # Errors
    /// The code is wrong: how many tries are left.
    pub async fn wake(self, code: String) -> Result<(), Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        let missed = &self.inner().hands.missed;
        // Counted before it is known: two tries at once are two tries.
        let tries = missed.get() + 1;
        self.miss(tries);
        let right = match session.store().sealed::<Option<Code>>(NAME).await? {
            Some(Some(kept)) if tries <= TRIES => kept.is(&code).await?,
            _ => false,
        };
        if right {
            missed.set(0);
            self.say(&Word::Awake);
            self.awake();
            return Ok(());
        }
        if tries >= TRIES {
            self.lock_for(WhyLocked::Missed);
        }
        Err(wrong(TRIES.saturating_sub(tries)))
    }

    fn miss(self, tries: u32) {
        self.inner().hands.missed.set(tries);
        self.say(&Word::Missed(tries));
    }

    /// Follows the hand in this tab.
    pub(super) fn watch_hands(self) {
        watch::on_hand(move || self.touched()).forever();
        watch::every(LOOK_MS, move || self.look_for_hands()).forever();
        // A machine that slept: before anything is read over a shoulder.
        watch::on_shown(move || self.look_for_hands()).forever();
    }

    /// A hand is there, in this tab or in another one of the device.
    pub(super) fn hand_seen(self) {
        self.inner().hands.last.set(clock::now().0);
    }

    /// The code was given, in this tab or in another one of the device.
    pub(super) fn awake(self) {
        self.hand_seen();
        self.inner().hands.missed.set(0);
        if self.gate.get_untracked() == Gate::Resting {
            self.gate.set(Gate::Open);
        }
    }

    fn touched(self) {
        if self.gate.get_untracked() != Gate::Open {
            return;
        }
        // The first touch after the night is not hers yet.
        if self.rests() {
            return;
        }
        self.hand_seen();
        self.tell_hand();
    }

    fn tell_hand(self) {
        let inner = self.inner();
        let now = clock::now().0;
        if (now - inner.hands.told.get()).abs() >= TELL_MS {
            inner.hands.told.set(now);
            self.say(&Word::Hand);
        }
    }

    fn look_for_hands(self) {
        if self.gate.get_untracked() != Gate::Open {
            return;
        }
        if !self.rests() && self.inner().hands.tests.get() > 0 {
            // The other tabs of this device do not rest either: they would take the key with them.
            self.tell_hand();
        }
    }

    /// Whether nobody was there for too long: an open notebook then begins to rest. The clock is asked each time, for the
    /// timers of a hidden tab are held back and what other tabs say is not.
    pub(super) fn rests(self) -> bool {
        let idle = self.gate.get_untracked() == Gate::Open && self.idle();
        if idle {
            self.rest();
        }
        idle
    }

    fn idle(self) -> bool {
        let inner = self.inner();
        let limit = if inner.hands.tests.get() > 0 { FORGOTTEN_MS } else { REST_MS };
        // A clock that was set back does not keep it open.
        (clock::now().0 - inner.hands.last.get()).abs() >= limit
    }

    fn rest(self) {
        let Some(session) = self.session() else { return };
        spawn_local(async move {
            // What the disk refuses stays in memory with the session, and is tried again.
            self.flush().await;
            let code = session.store().sealed::<Option<Code>>(NAME).await;
            if !self.is_open(&session) || self.gate.get_untracked() != Gate::Open || !self.idle() {
                return;
            }
            if let Ok(Some(Some(_))) = code {
                self.gate.set(Gate::Resting);
            } else {
                self.lock_for(WhyLocked::Idle);
            }
        });
    }
}

fn wrong(left: u32) -> Trouble {
    let message = match left {
        0 => "Ce code n’est pas le bon. Vos saisies restent protégées ici. Ouvrez le carnet autrement.".to_owned(),
        1 => "Ce code n’est pas le bon. Vos saisies restent protégées ici. Il reste un essai, puis le carnet se verrouille."
            .to_owned(),
        _ => format!("Ce code n’est pas le bon. Vos saisies restent protégées ici. Il reste {left}\u{a0}essais."),
    };
    Trouble { kind: TroubleKind::WrongCode, message }
}

/// Six digits, which neither repeat one nor follow each other.
fn is_hard(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let step = |by: i64| digits.windows(2).all(|pair| i64::from(pair[1]) - i64::from(pair[0]) == by);
    digits.len() == DIGITS && code.chars().count() == DIGITS && !step(0) && !step(1) && !step(-1)
}

#[cfg(test)]
mod tests {
    use super::is_hard;

    #[test]
    fn the_first_codes_anybody_tries_are_refused() {
        for code in ["000000", "777777", "123456", "654321", "012345", "12345", "1234567", "12345a", "", "é14725"] {
            assert!(!is_hard(code), "{code}");
        }
        for code in ["147258", "199207", "112233", "908070"] {
            assert!(is_hard(code), "{code}");
        }
    }
}
