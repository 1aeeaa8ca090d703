//! « Fiches supprimées »: what was put away, and the way back.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;

use super::removal::restore;
use super::told;
use crate::notebook::{Trouble, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

#[component]
pub fn DeletedPage() -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let removed = notebook.removed();
    let trouble = RwSignal::new(None::<Trouble>);
    let lines = move || {
        removed
            .get()
            .into_iter()
            .map(|shown| {
                let id = shown.id;
                let name = told::owner(notebook, &shown);
                let what = told::what(&shown, today, &|at| notebook.local(at));
                let label = format!("Remettre la fiche de {name}");
                view! {
                    <li class="line">
                        <span class="line-text"><b class="name">{name}</b><span>{what}</span></span>
                        <a class="quiet" href=route::history(id)>"Historique"</a>
                        <button type="button" class="second-button" aria-label=label on:click=move |_| {
                            restore(notebook, id, trouble);
                            page::focus("title");
                        }>
                            <Icon name=Glyph::Undo/>"Remettre"
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Page title="Fiches supprimées">
            <Below back=(route::MORE, "Plus") title="Fiches supprimées">
                <p class="second" role="status">
                    {move || counted(removed.with(Vec::len), "fiche supprimée", "fiches supprimées")}
                </p>
            </Below>
            <TroubleBand id="deleted-trouble" trouble/>
            {move || removed.with(Vec::is_empty).then(|| view! {
                <p>"Rien n’est supprimé. Une fiche supprimée par erreur se remettra d’ici, avec tout ce qu’elle contenait."</p>
            })}
            <ul class="lines wrapped" role="list">{move || lines()}</ul>
        </Page>
    }
}
