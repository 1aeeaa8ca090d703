//! What the tabs of one device tell each other: texts, never health data, and the key of the notebook, which goes from one
//! tab's memory to another's as a reference that neither can read, and touches no disk.

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

use super::crypto::Key;
use super::js::{get, object};
use super::watch::text_of;

/// One end of the channel; a tab does not hear itself.
pub struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(JsValue)>,
}

impl Channel {
    /// Joins the channel of this name; `None` where the browser has none, and the tab is then alone.
    pub fn join(name: &str, hear: impl Fn(String) + 'static) -> Option<Self> {
        Self::listen(name, move |event| {
            if let Some(text) = text_of(&event) {
                hear(text);
            }
        })
    }

    /// Joins a channel on which a word may come with a key.
    pub fn join_keys(name: &str, hear: impl Fn(String, Option<Key>) + 'static) -> Option<Self> {
        Self::listen(name, move |event| {
            let said = get(&event, "data");
            if let Some(word) = get(&said, WORD).as_string() {
                hear(word, Key::from_shared(get(&said, KEY)));
            }
        })
    }

    fn listen(name: &str, hear: impl Fn(JsValue) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn Fn(JsValue)>::new(hear);
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self { channel, _heard: heard })
    }

    pub fn say(&self, text: &str) {
        // A closed channel has nobody to hear.
        let _ = self.channel.post_message(&text.into());
    }

    /// Says a word on a channel joined by [`Channel::join_keys`].
    pub fn say_with_key(&self, word: &str, key: Option<&Key>) {
        let said = object(&[(WORD, word.into())]);
        if let Some(key) = key {
            // A new plain object takes any property.
            let _ = Reflect::set(&said, &KEY.into(), &key.shared());
        }
        let _ = self.channel.post_message(&said.into());
    }
}

const WORD: &str = "word";
const KEY: &str = "key";

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
