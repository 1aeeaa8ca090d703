//! What a touch asks for: one thing at a time, whether it is under way, and why it could not be done.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notebook::Trouble;

/// What is to be done. Boxed: the code that waits for it is then written once, whatever it is.
pub type Work = Pin<Box<dyn Future<Output = Result<(), Trouble>>>>;

/// How it goes with one button, or with the buttons that must not be used together.
#[derive(Clone, Copy)]
pub struct Attempt {
    pub busy: RwSignal<bool>,
    /// Why the last one failed.
    pub trouble: RwSignal<Option<Trouble>>,
}

impl Attempt {
    #[must_use]
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), trouble: RwSignal::new(None) }
    }

    /// Does it, and frees the buttons whatever came of it. While something is under way, nothing.
    pub fn run(self, work: impl Future<Output = Result<(), Trouble>> + 'static) {
        self.start(Box::pin(work), Way::Run);
    }

    /// As [`Self::run`], for what the page reads: why it could not be read stays said while it is tried again, and the
    /// button that tries stays under the finger.
    pub fn read(self, work: impl Future<Output = Result<(), Trouble>> + 'static) {
        self.start(Box::pin(work), Way::Read);
    }

    /// As [`Self::run`], when it leads to another page: once it is done, the buttons stay held until this page goes.
    pub fn leave(self, work: impl Future<Output = Result<(), Trouble>> + 'static) {
        self.start(Box::pin(work), Way::Leave);
    }

    fn start(self, work: Work, way: Way) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        if way != Way::Read {
            self.trouble.set(None);
        }
        spawn_local(async move {
            let refused = work.await.err();
            // The page may be left meanwhile.
            if way != Way::Leave || refused.is_some() {
                self.busy.try_set(false);
                self.trouble.try_set(refused);
            }
        });
    }

    /// For `aria-busy`.
    pub fn aria_busy(self) -> Signal<&'static str> {
        aria_busy(self.busy)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Run,
    Read,
    Leave,
}

/// For `aria-busy`, which wants the word.
pub fn aria_busy(busy: RwSignal<bool>) -> Signal<&'static str> {
    Signal::derive(move || if busy.get() { "true" } else { "false" })
}

/// The button that sends a form: meanwhile, it says that it is under way.
#[component]
pub fn Submit(
    busy: RwSignal<bool>,
    words: &'static str,
    #[prop(default = "Un instant…")] waiting: &'static str,
    #[prop(default = "main-button wide")] class: &'static str,
) -> impl IntoView {
    view! { <button class=class type="submit">{move || if busy.get() { waiting } else { words }}</button> }
}
