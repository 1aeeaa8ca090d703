//! What people signalled on cards, for who keeps the directory right.

use domain::annuaire::import::Report;
use domain::annuaire::report::WHAT_CHOICES;
use domain::id::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::pages::annuaire::words;
use crate::pages::told;
use crate::route;
use crate::ui::band::TroubleBand;

#[component]
pub fn Reports() -> impl IntoView {
    let notebook = use_notebook();
    let reports = RwSignal::new(None::<Vec<Report>>);
    let trouble = RwSignal::new(None::<Trouble>);
    let load = move || {
        spawn_local(async move {
            // Without a network the list of imports says so already, just above.
            if let Ok(found) = notebook.reports().await {
                reports.try_set(Some(found));
            }
        });
    };
    load();
    let settle = move |report: RecordId, settled: bool| {
        spawn_local(async move {
            match notebook.settle_report(report, settled).await {
                Ok(()) => {
                    trouble.try_set(None);
                    load();
                }
                Err(refused) => drop(trouble.try_set(Some(refused))),
            }
        });
    };
    view! {
        <h2 id="reports-title">"Erreurs signalées"</h2>
        <TroubleBand id="reports-trouble" trouble/>
        {move || reports.with(|reports| reports.as_ref().is_some_and(Vec::is_empty)).then(|| view! {
            <p class="second">"Aucune erreur n’est signalée."</p>
        })}
        <ul class="history" role="list">
            {move || reports.get().unwrap_or_default().into_iter().map(|one| line(notebook, &one, settle)).collect_view()}
        </ul>
    }
}

fn line(notebook: Notebook, one: &Report, settle: impl Fn(RecordId, bool) + Copy + Send + 'static) -> AnyView {
    let what = one.what.as_deref().and_then(|code| WHAT_CHOICES.iter().find(|choice| choice.code == code));
    let what = what.map_or("Autre", |choice| choice.label);
    let who = one.who.as_deref().map_or_else(|| "Fiche qui n’est plus là".to_owned(), words::person_name);
    let href = format!("{}/{}", route::ANNUAIRE, one.card);
    let when = told::moment(notebook.local(one.at), notebook.today());
    let (id, is_settled) = (one.id, one.settled_at.is_some());
    let settled = is_settled.then(|| view! { <p><span class="tag">"réglé"</span></p> });
    let text = (!one.text.is_empty()).then(|| view! { <p>{format!("«\u{a0}{}\u{a0}»", one.text)}</p> });
    view! {
        <li>
            <p class="who-when"><a class="name" href=href>{who}</a><span class="second">{format!("{}, {when}", one.author)}</span></p>
            <p><b>{what}</b></p>
            {text}
            {settled}
            <button type="button" class="quiet" on:click=move |_| settle(id, !is_settled)>
                {if is_settled { "Rouvrir" } else { "C’est réglé" }}
            </button>
        </li>
    }
    .into_any()
}
