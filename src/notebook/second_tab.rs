//! A second tab of a device that is open in another one opens by itself: the key comes from that tab's memory, never from a
//! disk. And a lock goes to every tab of its device.

use domain::id::DeviceId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::tabs::lock_of;
use super::{Gate, Notebook, WhyLocked};
use crate::platform::channel::Channel;
use crate::platform::crypto::Key;
use crate::platform::{json, locks, page};

const CHANNEL: &str = "cardabelle-keys";
/// A tab that is there answers at once; one that rests does not.
const PATIENCE_MS: u32 = 1_000;
const LOOK_MS: u32 = 20;

/// What tabs say of keys.
#[derive(Debug, Serialize, Deserialize)]
enum Word {
    /// From a tab that starts.
    Asked(DeviceId),
    /// The key comes with it.
    Given(DeviceId),
    /// Every tab of this device forgets it; without one, every notebook of this browser is locked.
    Locked(Option<DeviceId>, Option<WhyLocked>),
}

impl Notebook {
    pub(super) fn join_keys(self) {
        let channel = Channel::join_keys(CHANNEL, move |word, key| {
            if let Some(word) = json::read(word.as_bytes()) {
                self.hear_of_keys(word, key);
            }
        });
        *self.inner().keys.borrow_mut() = channel;
    }

    /// Opens what one other tab of this browser has open; `false` if none gives its key.
    pub(super) async fn open_from_another_tab(self) -> bool {
        let inner = self.inner();
        let held = locks::held().await;
        let open: Vec<_> =
            inner.enrolled.borrow().iter().filter(|one| held.contains(&lock_of(one.device_id))).cloned().collect();
        // Two people work here at once: only a passphrase tells whose tab this is.
        let [device] = open.as_slice() else { return false };
        inner.asking.of.set(Some(device.device_id));
        self.say_of_keys(&Word::Asked(device.device_id), None);
        let mut opened = false;
        for _ in 0..PATIENCE_MS / LOOK_MS {
            page::sleep(LOOK_MS).await;
            let given = inner.asking.given.borrow_mut().take();
            if let Some(key) = given {
                opened = self.open(device.clone(), key).await.is_ok();
                break;
            }
        }
        let locked_meanwhile = inner.asking.of.take().is_none();
        // Several tabs may answer: the key of the later ones must not outlive a lock.
        inner.asking.given.take();
        if opened && locked_meanwhile {
            self.forget_session();
        }
        opened && !locked_meanwhile
    }

    /// Tells every tab of this device to forget it.
    pub(super) fn say_locked(self, device: DeviceId, why: Option<WhyLocked>) {
        self.say_of_keys(&Word::Locked(Some(device), why), None);
    }

    /// Tells every tab of this browser to lock its notebook, whosever it is.
    pub(super) fn say_all_locked(self) {
        self.say_of_keys(&Word::Locked(None, None), None);
    }

    fn say_of_keys(self, word: &Word, key: Option<&Key>) {
        if let Some(channel) = self.inner().keys.borrow().as_ref()
            && let Some(word) = json::write(word)
        {
            channel.say_with_key(&word, key);
        }
    }

    fn hear_of_keys(self, word: Word, key: Option<Key>) {
        let inner = self.inner();
        match word {
            Word::Asked(device) => {
                let gives = self.gate.get_untracked() == Gate::Open && !self.rests();
                if let Some(session) = self.session().filter(|one| gives && one.device == device && !one.closing.get())
                {
                    self.say_of_keys(&Word::Given(device), Some(&session.key));
                }
            }
            Word::Given(device) => {
                if inner.asking.of.get() == Some(device) {
                    *inner.asking.given.borrow_mut() = key;
                }
            }
            Word::Locked(device, why) => {
                let meant = |one: DeviceId| device.is_none_or(|device| device == one);
                if inner.asking.of.get().is_some_and(meant) {
                    inner.asking.of.take();
                    inner.asking.given.take();
                }
                // A stand held by that tab is no notebook.
                let ours = self.session().filter(|session| meant(session.device) && session.stand.is_none());
                let Some(session) = ours else { return };
                spawn_local(async move {
                    let written = self.put_away(&session).await;
                    self.shut(&session, why, written).await;
                });
            }
        }
    }
}
