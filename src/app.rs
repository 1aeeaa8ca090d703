//! What is on the screen before, and then inside, an open notebook.

use leptos::prelude::*;

use crate::notebook::{self, Gate};
use crate::pages::{gate, passphrase, sign_in, unlock};
use crate::route::Routed;

#[component]
pub fn App() -> impl IntoView {
    let notebook = notebook::provide();
    // A memo, so that a gate set again to the same value does not throw away the page being typed in.
    let gate = Memo::new(move |_| notebook.gate().get());
    move || match gate.get() {
        Gate::Starting => gate::Starting().into_any(),
        Gate::Insecure => gate::Insecure().into_any(),
        Gate::NoStorage(sentence) => view! { <gate::NoStorage sentence/> }.into_any(),
        Gate::SignIn => sign_in::SignInPage().into_any(),
        Gate::ChoosePassphrase => passphrase::ChoosePassphrasePage().into_any(),
        Gate::Locked => unlock::UnlockPage().into_any(),
        Gate::Open => Routed().into_any(),
    }
}
