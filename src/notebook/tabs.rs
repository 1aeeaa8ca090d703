//! The tabs of one device: one exchanges, all hear what changed and rest together. What they say of keys and locks is in
//! `second_tab`.

use std::rc::Rc;

use domain::id::{DeviceId, RecordId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::state::Session;
use super::{Exchange, Notebook};
use crate::platform::channel::Channel;
use crate::platform::{json, locks};

/// What a tab says to the others: ids and states, never a value.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Word {
    Changed(Vec<RecordId>),
    /// Somebody is at work in this tab.
    Hand,
    /// So many wrong codes of the quick lock.
    Missed(u32),
    /// The right code.
    Awake,
    /// This device signed in again: its token is another one.
    Renewed,
    /// To the tab that exchanges: something waits.
    Exchange,
    /// From the tab that exchanges: how it goes.
    Weather(Exchange),
}

/// Name of the lock held by the tab of this device that exchanges: it also tells that the device is open.
pub(super) fn lock_of(device: DeviceId) -> String {
    format!("cardabelle-exchange-{device}")
}

impl Notebook {
    pub(super) fn join_tabs(self, session: &Rc<Session>) {
        let device = session.device;
        let channel = Channel::join(&format!("cardabelle-{device}"), move |text| {
            // Another version of the application may say what this one does not know.
            if let Some(word) = json::read(text.as_bytes()) {
                self.hear(word);
            }
        });
        *session.channel.borrow_mut() = channel;
        let led = Rc::downgrade(session);
        let leadership = locks::lead(&lock_of(device), move || {
            if let Some(session) = led.upgrade() {
                session.leader.set(true);
                self.exchange_now();
            }
        });
        *session.leadership.borrow_mut() = Some(leadership);
        // The leader answers with the weather, if it is another tab.
        self.say(&Word::Exchange);
        spawn_local(self.count_neighbours());
    }

    pub(super) fn say(self, word: &Word) {
        if let Some(session) = self.session()
            && let Some(channel) = session.channel.borrow().as_ref()
            && let Some(text) = json::write(word)
        {
            channel.say(&text);
        }
    }

    pub(super) fn say_weather(self) {
        self.say(&Word::Weather(self.exchange.get_untracked()));
    }

    fn hear(self, word: Word) {
        let Some(session) = self.session() else { return };
        match word {
            Word::Changed(ids) => {
                // Another tab wrote: what was counted before is not believed any more.
                if !ids.is_empty() {
                    self.not_all_sent(&session);
                }
                spawn_local(async move {
                    if self.refresh(&session, &ids).await.is_err() {
                        session.exchange.to_show.borrow_mut().extend(ids);
                    }
                    self.count_soon();
                });
            }
            // A hand in another tab does not bring back what should be away here already.
            Word::Hand if self.rests() => {}
            Word::Hand => self.hand_seen(),
            Word::Missed(tries) => self.inner().hands.missed.set(tries),
            Word::Awake => self.awake(),
            Word::Renewed => spawn_local(self.read_token()),
            Word::Exchange if session.leader.get() => {
                // A tab that has just opened knows nothing yet, and a first pull may take minutes.
                self.say_weather();
                self.exchange_now();
            }
            Word::Weather(told) if !session.leader.get() => {
                // What waits, each tab counts by itself: it may be writing meanwhile.
                self.exchange.update(|exchange| {
                    let all_sent = exchange.all_sent && told.all_sent;
                    *exchange = Exchange { waiting: exchange.waiting, all_sent, ..told };
                });
                self.count_soon();
            }
            Word::Exchange | Word::Weather(..) => {}
        }
    }
}
