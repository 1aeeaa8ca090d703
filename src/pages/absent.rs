//! An address that leads nowhere, and a record this notebook does not hold.

use leptos::prelude::*;

use crate::route;
use crate::ui::page::Page;

#[component]
pub fn AbsentPage() -> impl IntoView {
    view! {
        <Page title="Page absente">
            <header class="title"><h1 id="title" tabindex="-1">"Cette page n’existe pas"</h1></header>
            <p>"L’adresse est incomplète ou ancienne. Vos saisies sont toutes gardées. Revenez à votre journée."</p>
            <div class="actions"><a class="main-button" href=route::TODAY>"Voir ma journée"</a></div>
        </Page>
    }
}

/// Instead of a person or a record that is not here.
#[component]
pub fn AbsentRecord() -> impl IntoView {
    view! {
        <header class="title"><h1 id="title" tabindex="-1">"Cette fiche n’est pas ici"</h1></header>
        <p>
            "Elle a été retirée, ou elle n’est pas encore arrivée sur cet appareil. Vos autres saisies sont gardées. "
            "Cherchez la personne dans la liste."
        </p>
        <div class="actions"><a class="main-button" href=route::PEOPLE>"Chercher une personne"</a></div>
    }
}
