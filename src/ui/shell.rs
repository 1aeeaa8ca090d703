//! What surrounds every page of the open notebook: navigation, state, banners.

use domain::Glyph;
use domain::programmes::PROGRAMMES;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::emergency::{EmergencyDialog, EmergencyRailButton, provide_emergency};
use super::icon::Icon;
use super::indicator::{LiveState, RailAccount, RailState};
use super::live::live;
use super::sign_in_again::{ExpiredBanner, SignInAgainDialog, provide_sign_in_again};
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::route::{self, is_entry};

#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let notebook = use_notebook();
    let path = use_location().pathname;
    let in_form = Memo::new(move |_| path.with(|path| is_entry(path)));
    provide_emergency();
    provide_sign_in_again();
    Effect::new(move |_| {
        let path = path.get();
        // Leaving a page is a moment to have everything on disk.
        notebook.settle();
        // A form remembers its own place, question included; `/` is where the place is read from.
        if path != "/" && !is_entry(&path) {
            notebook.remember_place(path);
        }
    });
    Effect::new(move |_| path.with(|path| notebook.opened(path)));
    view! {
        <div class="shell" class:in-form=in_form on:click=|event| page::reveal_opened(&event)>
            <a class="skip" href="#main" on:click=move |event| {
                // The router would take this for a navigation and leave the focus behind.
                event.prevent_default();
                page::focus("main");
            }>"Aller au contenu"</a>
            <div class="banners">
                <DemoBanner/>
                <ExpiredBanner/>
                <UpdateBanner in_form/>
                <Departures path/>
            </div>
            <nav class="rail" aria-label="Navigation principale">
                <RailState/>
                <Tabs path/>
                <EmergencyRailButton/>
                <RailAccount/>
            </nav>
            {children()}
            <LiveState/>
            <SignInAgainDialog/>
            <EmergencyDialog/>
        </div>
    }
}

/// The day, one tab for each programme (its hub, or its first list), the people, the rest: what exists, no dead tab.
#[component]
fn Tabs(path: Memo<String>) -> impl IntoView {
    // The pages a tab leads to, first the one it opens.
    let tab = move |pages: Vec<String>, glyph: Glyph, label: &'static str| {
        let href = pages[0].clone();
        let holds = |path: &str, page: &String| {
            path.strip_prefix(page.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let current = move || path.with(|path| pages.iter().any(|page| holds(path, page)).then_some("page"));
        view! { <li><a class="tab" href=href aria-current=current><Icon name=glyph/><span>{label}</span></a></li> }
    };
    let one = |page: &str| vec![page.to_owned()];
    let lists = PROGRAMMES
        .iter()
        .filter_map(|programme| {
            let hub = (!programme.views.is_empty()).then(|| route::programme(programme.id));
            let pages: Vec<String> =
                hub.into_iter().chain(programme.lists.iter().map(|list| route::list(list.id))).collect();
            (!pages.is_empty()).then(|| tab(pages, programme.glyph, programme.name))
        })
        .collect_view();
    view! {
        <ul class="tabs">
            {tab(one(route::TODAY), Glyph::Today, "Aujourd’hui")}
            {lists}
            {tab(one(route::PEOPLE), Glyph::People, "Personnes")}
            {tab(one(route::ANNUAIRE), Glyph::Directory, "Annuaire")}
            {tab(one(route::MORE), Glyph::More, "Plus")}
        </ul>
    }
}

#[component]
pub fn DemoBanner() -> impl IntoView {
    let demo = use_notebook().demo();
    live(move || {
        demo.get().then(|| {
            view! {
                <div class="banner demo">
                    <p><b>"Territoire de démonstration."</b>" Personnes inventées."</p>
                </div>
            }
        })
    })
}

/// Who left this notebook: told until it is read. Whoever was looking at something of hers is led to where it is said.
#[component]
fn Departures(path: Memo<String>) -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let departures = notebook.departures();
    Effect::new(move |_| {
        let gone = departures
            .with(|all| path.with(|path| all.iter().find(|gone| gone.concerns(path)).map(|gone| gone.person)));
        let Some(to) = gone.map(route::person).filter(|to| path.with(|path| path != to)) else { return };
        navigate(&to, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    // Her own page says it larger.
    let elsewhere = Memo::new(move |_| {
        let mut all = departures.get();
        path.with(|path| all.retain(|gone| *path != route::person(gone.person)));
        all
    });
    live(move || {
        let told = elsewhere.get();
        let people: Vec<_> = told.iter().map(|gone| gone.person).collect();
        let handed = told.iter().all(|gone| gone.to.is_some());
        (!told.is_empty()).then(|| {
            view! {
                <div class="banner" class:update=handed role="status">
                    <div>{told.iter().map(|gone| gone.words()).map(|(what, then)| view! { <p><b>{what}</b>" "{then}</p> }).collect_view()}</div>
                    <button type="button" class="quiet" on:click=move |_| notebook.read_departures(people.clone())>"J’ai lu"</button>
                </div>
            }
        })
    })
}

/// A new version never interrupts a form: there, it is only announced.
#[component]
pub fn UpdateBanner(in_form: Memo<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let ready = notebook.update_ready();
    live(move || {
        ready.get().then(|| {
            if in_form.get() {
                view! {
                    <div class="banner update" role="status">
                        <p>"Une nouvelle version est prête. Votre saisie n’est pas interrompue. Elle s’installera quand vous aurez fini."</p>
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="banner update" role="status">
                        <p>"Une nouvelle version est prête. Vos saisies restent sur cet appareil."</p>
                        <button type="button" class="quiet" on:click=move |_| notebook.apply_update()>
                            "Installer maintenant"
                        </button>
                    </div>
                }
                .into_any()
            }
        })
    })
}
