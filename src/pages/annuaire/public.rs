//! The directory for everybody: its own address, its own file, its own light frame. No account, nothing of a notebook.

use domain::Glyph;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browse::Browse;
use super::{CARD_TITLE, LIST_TITLE, detail, pane};
use crate::annuaire;
use crate::pages::notice::NoticeLinks;
use crate::platform::{page, worker};
use crate::route;
use crate::ui::emergency::{EmergencyButton, EmergencyDialog, provide_emergency};
use crate::ui::icon::Icon;
use crate::ui::page::arrive;

#[component]
pub fn PublicShell(children: Children) -> impl IntoView {
    page::set_theme(&page::theme());
    // The next visit may be without a network; a newer version waits for it.
    spawn_local(worker::register(|| {}));
    annuaire::provide_public();
    provide_emergency();
    view! {
        <div class="shell public">
            <a class="skip" href="#main" on:click=move |event| {
                event.prevent_default();
                page::focus("main");
            }>"Aller au contenu"</a>
            <header class="public-bar">
                <a class="wordmark" href=route::PUBLIC>"Cardabelle"</a>
                <span class="top-actions">
                    <a class="quiet" href="/" rel="external"><Icon name=Glyph::Lock/>"Se connecter"</a>
                    <EmergencyButton/>
                </span>
            </header>
            {children()}
            <EmergencyDialog/>
        </div>
    }
}

#[component]
pub fn PublicPage() -> impl IntoView {
    let browse = Browse::begin(route::PUBLIC);
    let open = browse.is_open();
    arrive("Annuaire public", if open.get_untracked() { CARD_TITLE } else { LIST_TITLE });
    view! {
        <div class="page with-list" class:detail-open=open>
            <section class="list-pane">{pane::pane(browse)}<div class="annuaire"><NoticeLinks/></div></section>
            <main id="main" class="main" tabindex="-1">{detail(browse)}</main>
        </div>
    }
}

#[component]
pub fn PublicAbsent() -> impl IntoView {
    arrive("Page absente", "title");
    view! {
        <div class="page">
            <main id="main" class="main" tabindex="-1">
                <header class="title"><h1 id="title" tabindex="-1">"Cette page n’existe pas"</h1></header>
                <p>"L’adresse est incomplète ou ancienne."</p>
                <div class="actions"><a class="main-button" href=route::PUBLIC>"Voir l’annuaire"</a></div>
            </main>
        </div>
    }
}
