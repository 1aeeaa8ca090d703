//! Before a new form of a person: her consent comes first.

use domain::people::PERSON;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::notebook::use_notebook;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::page::{Below, Page};

#[component]
pub fn NewPersonPage() -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let attempt = Attempt::new();
    let start = move |_| {
        let navigate = navigate.clone();
        attempt.leave(async move {
            let id = notebook.create(&PERSON, None).await?;
            // Replaced, so that « back » from the form does not begin a second person.
            navigate(&route::entry(id), NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    view! {
        <Page title="Nouvelle personne">
            <Below back=(route::PEOPLE, "Personnes") title="Nouvelle personne"/>
            <TroubleBand id="new-person-trouble" trouble=attempt.trouble/>
            <p>
                "La première question est son accord\u{a0}: sans lui, aucun nom n’est gardé et rien ne quitte cet appareil. "
                "Posez-la avant de noter quoi que ce soit."
            </p>
            <div class="actions bottom">
                <button type="button" class="main-button" on:click=start aria-busy=attempt.aria_busy()>
                    "Commencer la fiche"
                </button>
                <a class="quiet" href=route::PEOPLE>"Annuler"</a>
            </div>
        </Page>
    }
}
