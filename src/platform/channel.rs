//! What the tabs of one device tell each other. Texts only, and never health data.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

use super::watch::text_of;

/// One end of the channel; a tab does not hear itself.
pub struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(JsValue)>,
}

impl Channel {
    /// Joins the channel of this name; `None` where the browser has none, and the tab is then alone.
    pub fn join(name: &str, hear: impl Fn(String) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            if let Some(text) = text_of(&event) {
                hear(text);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self { channel, _heard: heard })
    }

    pub fn say(&self, text: &str) {
        // A closed channel has nobody to hear.
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
