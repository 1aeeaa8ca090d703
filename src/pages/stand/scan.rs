//! « Faire scanner »: the code by which somebody signs up on her own telephone. Known from the opening, hence shown offline.

use domain::Glyph;
use domain::french::time;
use leptos::prelude::*;

use super::{Desk, Frame, Screen};
use crate::notebook::use_notebook;
use crate::ui::icon::Icon;
use crate::ui::qr::Qr;

#[component]
pub fn Scan(desk: Desk) -> impl IntoView {
    let notebook = use_notebook();
    let invitation = notebook.stand().with_untracked(|held| held.as_ref().and_then(|held| held.invitation.clone()));
    let code = invitation.map(|invitation| {
        view! {
            <Qr rows=invitation.qr title="Dessin à viser avec l’appareil photo d’un téléphone"/>
            <p class="second">{format!("Ce code sert jusqu’à {}.", time(notebook.local(invitation.until)))}</p>
        }
    });
    view! {
        <Frame title="Faire scanner">
            <header class="title"><h1 id="title" tabindex="-1">"S’inscrire sur son téléphone"</h1></header>
            <section class="scan">
                <p>"La personne vise ce dessin avec l’appareil photo de son téléphone. Il lui faut du réseau, et rien ne reste ensuite sur son téléphone."</p>
                {code}
                <button type="button" class="main-button" on:click=move |_| desk.screen.set(Screen::Home)>
                    <Icon name=Glyph::Back/>"Revenir au stand"
                </button>
            </section>
        </Frame>
    }
}
