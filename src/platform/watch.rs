//! Timers and events, each stopped when its [`Guard`] is dropped.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo_timers::callback::Interval;
use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

use super::js::{call, document, get, object, settled, window};

/// Stops what it watches when dropped.
#[must_use = "what is watched stops at once when the guard is dropped"]
pub struct Guard(Option<Box<dyn FnOnce()>>);

impl Guard {
    pub(super) fn new(stop: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(stop)))
    }

    /// Goes on as long as the page lives.
    pub fn forever(mut self) {
        // What stops it also owns the callback: it must outlive this guard.
        std::mem::forget(self.0.take());
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(stop) = self.0.take() {
            stop();
        }
    }
}

/// Waits.
pub async fn sleep(ms: u32) {
    gloo_timers::future::sleep(Duration::from_millis(ms.into())).await;
}

/// Calls back every `ms` milliseconds.
pub fn every(ms: u32, callback: impl FnMut() + 'static) -> Guard {
    let interval = Interval::new(ms, callback);
    Guard::new(move || drop(interval))
}

/// The page goes to the background, or away: the last moment to write.
pub fn on_visibility_hidden(callback: impl Fn() + 'static) -> Guard {
    let callback = Rc::new(callback);
    let also = Rc::clone(&callback);
    let hidden = listen(&document(), "visibilitychange", move || {
        if document().hidden() {
            also();
        }
    });
    let left = listen(&window(), "pagehide", move || callback());
    Guard::new(move || drop((hidden, left)))
}

/// The page comes back to the front.
pub fn on_shown(callback: impl Fn() + 'static) -> Guard {
    let callback = Rc::new(callback);
    let also = Rc::clone(&callback);
    let shown = listen(&document(), "visibilitychange", move || {
        if !document().hidden() {
            also();
        }
    });
    let focused = listen(&window(), "focus", move || callback());
    Guard::new(move || drop((shown, focused)))
}

/// The browser gained or lost its network.
pub fn on_network(callback: impl Fn(bool) + 'static) -> Guard {
    let callback = Rc::new(callback);
    let also = Rc::clone(&callback);
    let online = listen(&window(), "online", move || also(true));
    let offline = listen(&window(), "offline", move || callback(false));
    Guard::new(move || drop((online, offline)))
}

/// Has the browser ask before the page is closed or loaded again, as long as the guard lives. The words are the browser's.
pub fn ask_before_leaving() -> Guard {
    let closure = Closure::<dyn Fn(JsValue)>::new(|event: JsValue| {
        // A browser that cannot ask lets go.
        let _ = call(&event, "preventDefault", &[]);
    });
    let page = window();
    page.add_event_listener_with_callback("beforeunload", closure.as_ref().unchecked_ref())
        .expect("an event target takes listeners");
    Guard::new(move || {
        let _ = page.remove_event_listener_with_callback("beforeunload", closure.as_ref().unchecked_ref());
    })
}

/// A hand is there: a key, a touch, a wheel, a word dictated.
pub fn on_hand(callback: impl Fn() + 'static) -> Guard {
    let callback = Rc::new(callback);
    let listened = ["keydown", "pointerdown", "wheel", "input"].map(|event| {
        let callback = Rc::clone(&callback);
        listen(&window(), event, move || callback())
    });
    Guard::new(move || drop(listened))
}

/// The page is about to be printed, by whatever way.
pub fn on_print(callback: impl Fn() + 'static) -> Guard {
    listen(&window(), "beforeprint", callback)
}

/// What follows `#` in the address changed.
pub fn on_fragment(callback: impl Fn() + 'static) -> Guard {
    listen(&window(), "hashchange", callback)
}

pub(super) fn listen(target: &EventTarget, event: &'static str, callback: impl Fn() + 'static) -> Guard {
    let closure = Closure::<dyn Fn()>::new(callback);
    let function: &Function = closure.as_ref().unchecked_ref();
    target.add_event_listener_with_callback(event, function).expect("an event target takes listeners");
    let target = target.clone();
    Guard::new(move || {
        let _ = target.remove_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    })
}

/// Keeps the screen lit, for timed tests; does nothing where the browser cannot.
pub fn keep_awake() -> Guard {
    let over = Rc::new(Cell::new(false));
    let lock = Rc::new(Cell::new(JsValue::UNDEFINED));
    let (asked_over, asked_lock) = (Rc::clone(&over), Rc::clone(&lock));
    wasm_bindgen_futures::spawn_local(async move {
        let wake = get(&window().navigator(), "wakeLock");
        let Ok(promise) = call(&wake, "request", &["screen".into()]).and_then(JsCast::dyn_into) else { return };
        let Ok(sentinel) = settled(promise).await else { return };
        if asked_over.get() {
            let _ = call(&sentinel, "release", &[]);
        } else {
            asked_lock.set(sentinel);
        }
    });
    Guard::new(move || {
        over.set(true);
        let _ = call(&lock.take(), "release", &[]);
    })
}

/// A message event's data, as text.
pub(super) fn text_of(event: &JsValue) -> Option<String> {
    get(event, "data").as_string()
}

/// An object with one `type`, as service workers are spoken to.
pub(super) fn message(kind: &str) -> JsValue {
    object(&[("type", kind.into())]).into()
}
