//! What is on the screen before, and then inside, an open notebook.

use leptos::prelude::*;

use crate::annuaire;
use crate::notebook::{self, Gate};
use crate::pages::{activation, gate, passphrase, psc, resting, sign_in, stand, unlock, visit};
use crate::platform::page;
use crate::route::{self, Routed};
use crate::ui::live::live;

/// The public page, and those of a one-time link and of the code of a stand, are told by their address alone, before anything
/// of a notebook is opened.
#[component]
pub fn App() -> impl IntoView {
    if route::is_public(&page::path()) {
        return route::PublicRouted().into_any();
    }
    if page::path() == route::ACTIVATION {
        return activation::ActivationPage().into_any();
    }
    if page::path() == route::VISIT {
        return visit::VisitPage().into_any();
    }
    let notebook = notebook::provide();
    annuaire::provide_members(notebook);
    // A memo, so that a gate set again to the same value does not throw away the page being typed in.
    let returning = RwSignal::new(psc::is_return());
    let gate = Memo::new(move |_| {
        let gate = notebook.gate().get();
        let first = matches!(gate, Gate::Starting | Gate::Insecure | Gate::NoStorage(_));
        (first || !returning.get()).then_some(gate)
    });
    live(move || match gate.get() {
        // Who comes back from Pro Santé Connect is heard before any door, and after what this browser holds is known.
        None => view! { <psc::PscReturnPage returning/> }.into_any(),
        Some(gate) => behind(gate),
    })
}

fn behind(gate: Gate) -> AnyView {
    match gate {
        Gate::Starting => gate::Starting().into_any(),
        Gate::Insecure => gate::Insecure().into_any(),
        Gate::NoStorage(sentence) => view! { <gate::NoStorage sentence/> }.into_any(),
        Gate::SignIn => sign_in::SignInPage().into_any(),
        Gate::ChoosePassphrase => passphrase::ChoosePassphrasePage().into_any(),
        Gate::Locked => unlock::UnlockPage().into_any(),
        Gate::Resting => resting::RestingPage().into_any(),
        Gate::Open => Routed().into_any(),
        Gate::Stand => stand::StandRouted().into_any(),
    }
}
