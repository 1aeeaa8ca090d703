//! Before any form: opening, and the two reasons why nothing can be opened.

use domain::Glyph;
use leptos::prelude::*;

use super::stand::StandWaits;
use crate::route;
use crate::ui::band::{Band, Tone};
use crate::ui::icon::Icon;
use crate::ui::page::arrive;
use crate::ui::thistle::{Thistle, Weather};

/// The frame of the pages without navigation.
#[component]
pub fn Entry(
    title: &'static str,
    /// What receives the focus on arrival: the heading where there is something to read, else the field.
    #[prop(default = "title")]
    focus: &'static str,
    children: Children,
) -> impl IntoView {
    arrive(title, focus);
    view! {
        <main id="main" class="entry" tabindex="-1">
            <div class="brand">
                // Nothing has been exchanged yet: the flower stays closed.
                <Thistle weather=Weather::Closed large=true/>
                <span class="wordmark">"Cardabelle"</span>
            </div>
            <StandWaits/>
            {children()}
        </main>
    }
}

/// The way to what everybody may read. A page of its own: nothing of this one goes there.
#[component]
pub fn PublicLink() -> impl IntoView {
    view! { <a class="quiet public-link" href=route::PUBLIC><Icon name=Glyph::Directory/>"Consulter l’annuaire public"</a> }
}

#[component]
pub fn Starting() -> impl IntoView {
    view! {
        <Entry title="Ouverture">
            <div class="entry-card" aria-busy="true"><h1 id="title" tabindex="-1">"Ouverture…"</h1></div>
        </Entry>
    }
}

#[component]
pub fn Insecure() -> impl IntoView {
    view! {
        <Entry title="Adresse non protégée">
            <div class="entry-card">
                <h1 id="title" tabindex="-1">"Adresse non protégée"</h1>
                <Band tone=Tone::Error glyph=Glyph::Lock
                    message="Cette adresse n’est pas chiffrée. Rien n’a été saisi ni envoyé. Ouvrez l’adresse qui commence par «\u{a0}https\u{a0}:\u{a0}»."/>
                <p>"Sans chiffrement, les saisies ne peuvent pas être protégées. Si vous ne connaissez pas la bonne adresse, demandez-la à la coordination."</p>
            </div>
        </Entry>
    }
}

#[component]
pub fn NoStorage(sentence: String) -> impl IntoView {
    view! {
        <Entry title="Rien ne peut être gardé">
            <div class="entry-card">
                <h1 id="title" tabindex="-1">"Rien ne peut être gardé ici"</h1>
                <Band tone=Tone::Error glyph=Glyph::Alert message=sentence/>
                <p>"Quittez la navigation privée, libérez de la place, ou prenez un autre navigateur. Puis rechargez la page."</p>
            </div>
        </Entry>
    }
}
