//! Before a new form of a person: her consent comes first.

use domain::people::PERSON;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::notebook::{Trouble, use_notebook};
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::page::{Below, Page};

#[component]
pub fn NewPersonPage() -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    let start = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match notebook.create(&PERSON, None).await {
                // Replaced, so that « back » from the form does not begin a second person.
                Ok(id) => {
                    navigate(&route::entry(id), NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(refused) => {
                    busy.try_set(false);
                    trouble.try_set(Some(refused));
                }
            }
        });
    };
    view! {
        <Page title="Nouvelle personne">
            <Below back=(route::PEOPLE, "Personnes") title="Nouvelle personne"/>
            <TroubleBand id="new-person-trouble" trouble/>
            <p>
                "La première question est son accord\u{a0}: sans lui, aucun nom n’est gardé et rien ne quitte cet appareil. "
                "Posez-la avant de noter quoi que ce soit."
            </p>
            <div class="actions bottom">
                <button type="button" class="main-button" on:click=start aria-busy=move || busy.get().to_string()>
                    "Commencer la fiche"
                </button>
                <a class="quiet" href=route::PEOPLE>"Annuler"</a>
            </div>
        </Page>
    }
}
