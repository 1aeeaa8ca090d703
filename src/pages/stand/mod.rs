//! A stand: opened from the page of its programme, from its own record or from « Plus », held by people without an account, told
//! by the lock page once it is over.

mod afar;
mod close;
mod filling;
mod home;
mod noted;
mod open;
mod scan;
mod venues;
mod waits;
mod words;

use domain::Glyph;
use domain::id::RecordId;
use leptos::prelude::*;
use leptos_router::components::Router;

use crate::notebook::{HeldState, LeftOpen, Trouble, use_notebook};
use crate::platform::page;
use crate::ui::band::{Band, Tone};
use crate::ui::emergency::{EmergencyButton, EmergencyDialog, provide_emergency};
use crate::ui::indicator::{LiveState, use_words};
use crate::ui::page::arrive;
use crate::ui::shell::{DemoBanner, UpdateBanner};
use crate::ui::thistle::Thistle;
pub use filling::Filling;
use home::Home;
use noted::Noted;
pub use open::{OpenStandPage, opens};
use scan::Scan;
pub use venues::opening;
pub use waits::StandWaits;

/// What the page of a stand shows. It is no address: « back » finds nothing of the people before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Home,
    Filling(RecordId),
    /// The end is on the disk; `None`: and nothing of it can be read here any more.
    Noted(Option<RecordId>),
    /// The code for somebody else's telephone.
    Scan,
}

/// What its screens share.
#[derive(Clone, Copy)]
pub struct Desk {
    pub screen: RwSignal<Screen>,
    /// Put down in the middle, to be taken up again as long as this page lives.
    pub draft: RwSignal<Option<RecordId>>,
}

impl Desk {
    pub fn new() -> Self {
        Self { screen: RwSignal::new(Screen::Home), draft: RwSignal::new(None) }
    }
}

#[component]
pub fn StandRouted() -> impl IntoView {
    view! { <Router><StandPage/></Router> }
}

#[component]
fn StandPage() -> impl IntoView {
    let held = use_notebook().stand();
    let state = Memo::new(move |_| held.with(|held| held.as_ref().map(|held| held.state.clone())));
    let desk = Desk::new();
    let screen = desk.screen;
    let in_form = Memo::new(move |_| matches!(screen.get(), Screen::Filling(_)));
    // The page was loaded again in the middle of a form: it waits to be taken up.
    let left = Memo::new(move |_| held.with(|held| held.as_ref().and_then(|held| held.left)));
    Effect::new(move |_| {
        if let Some(LeftOpen::Draft(draft)) = left.get() {
            desk.draft.set(Some(draft));
        }
    });
    provide_emergency();
    let inside = move || match (state.get(), screen.get()) {
        (Some(HeldState::Open), Screen::Home) => view! { <Home desk/> }.into_any(),
        (Some(HeldState::Open), Screen::Filling(record)) => view! { <Filling record desk/> }.into_any(),
        (Some(HeldState::Open), Screen::Noted(record)) => view! { <Noted desk record/> }.into_any(),
        (Some(HeldState::Open), Screen::Scan) => view! { <Scan desk/> }.into_any(),
        (Some(HeldState::Elsewhere), _) => view! { <Elsewhere/> }.into_any(),
        (Some(HeldState::Stuck(trouble)), _) => view! { <Stuck trouble/> }.into_any(),
        (Some(HeldState::Opening) | None, _) => {
            view! { <main id="main" class="main" tabindex="-1" aria-busy="true"></main> }.into_any()
        }
    };
    view! {
        <div class="shell stand" class:in-form=in_form on:click=|event| page::reveal_opened(&event)>
            <DemoBanner/>
            <UpdateBanner in_form/>
            {move || inside()}
            <LiveState/>
            <EmergencyDialog/>
        </div>
    }
}

/// The frame of the pages of a stand: the state, and no way to anything else.
#[component]
fn Frame(title: &'static str, children: Children) -> impl IntoView {
    let words = use_words();
    arrive(title, "title");
    view! {
        <div class="page">
            <header class="top">
                <span class="state">
                    <Thistle weather=Signal::derive(move || words.get().weather)/>
                    <span><b>{move || words.get().first}</b><small>{move || words.get().second}</small></span>
                </span>
                <span class="top-actions"><EmergencyButton/></span>
            </header>
            <main id="main" class="main" tabindex="-1">{children()}</main>
        </div>
    }
}

#[component]
fn Elsewhere() -> impl IntoView {
    view! {
        <Frame title="Stand">
            <header class="title"><h1 id="title" tabindex="-1">"Stand ouvert dans un autre onglet"</h1></header>
            <p>"Ce qui est noté là-bas est gardé. Continuez dans l’autre onglet, ou fermez-le\u{a0}: celui-ci prendra la suite."</p>
        </Frame>
    }
}

/// The disk refuses: told as loudly as in a notebook.
#[component]
fn Stuck(trouble: Trouble) -> impl IntoView {
    let notebook = use_notebook();
    view! {
        <Frame title="Stand">
            <header class="title"><h1 id="title" tabindex="-1">"Stand"</h1></header>
            <Band tone=Tone::Error glyph=Glyph::Alert message=trouble.message>
                <button type="button" class="second-button" on:click=move |_| notebook.enter_stand()>"Réessayer"</button>
            </Band>
        </Frame>
    }
}
