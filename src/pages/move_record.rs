//! « Rattacher à une autre personne »: a record that was written for the wrong one, moved with a reason.

use domain::Glyph;
use domain::id::RecordId;
use domain::identifiers::holds_nir;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::absent::AbsentRecord;
use super::chooser::PersonChooser;
use super::reading::person_of;
use super::told;
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::page::{Page, focus_at_turn};

/// Longest reason kept.
const LONGEST: usize = 200;

#[component]
pub fn MoveRecordPage() -> impl IntoView {
    let record = route::record_param("record");
    let notebook = use_notebook();
    let known = Memo::new(move |_| {
        let shown = notebook.record(record.get()?).get()?;
        (!shown.held && !shown.deleted).then_some(())?;
        Some((shown.id, shown.parent()?))
    });
    view! {
        <Page title="Rattacher une fiche">
            {move || match known.get() {
                Some((record, from)) => view! { <Moving record from/> }.into_any(),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Moving(record: RecordId, from: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let chosen = RwSignal::new(None::<RecordId>);
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<&'static str>);
    let attempt = Attempt::new();
    let shown = notebook.record(record).get_untracked();
    let what = shown.map_or_else(String::new, |shown| told::what(&shown, notebook.today(), &|at| notebook.local(at)));
    let name = move |id: RecordId| notebook.record(id).get().map_or_else(String::new, |shown| person_of(&shown).name());
    focus_at_turn(Memo::new(move |_| chosen.get().is_some()), ["move-reason", "title"]);
    let submit = Callback::new(move |to: RecordId| {
        let typed = reason.get_untracked().trim().to_owned();
        if typed.is_empty() {
            error.set(Some("Le motif est vide. Rien n’est changé. Écrivez pourquoi cette fiche change de personne."));
            page::focus("move-reason");
            return;
        }
        if holds_nir(&typed) {
            error.set(Some("Ce nombre ressemble à un numéro de sécurité sociale. Il n’est pas enregistré. Effacez-le et continuez."));
            page::focus("move-reason");
            return;
        }
        error.set(None);
        let navigate = navigate.clone();
        attempt.leave(async move {
            notebook.hang_on(record, to, typed).await?;
            navigate(&route::sheet(record), NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    });
    view! {
        <header class="title">
            <a class="back" href=route::sheet(record)><Icon name=Glyph::Back/>"Revenir à la fiche"</a>
            <h1 id="title" tabindex="-1">"Rattacher à une autre personne"</h1>
            <p class="second">{what}", pour "{move || name(from)}</p>
        </header>
        <TroubleBand id="move-trouble" trouble=attempt.trouble/>
        {move || match chosen.get() {
            None => view! {
                <p>"Choisissez la personne à qui cette fiche appartient. Les réponses ne changent pas."</p>
                <PersonChooser except=from chosen/>
            }.into_any(),
            Some(to) => view! {
                <form autocomplete="off" on:submit=move |event| {
                    event.prevent_default();
                    submit.run(to);
                }>
                    <p>"La fiche quittera le suivi de "<b class="name">{name(from)}</b>" et rejoindra celui de "<b class="name">{name(to)}</b>"."</p>
                    <div class="field">
                        <label for="move-reason">"Motif"</label>
                        <p class="hint" id="move-hint">"Il reste dans l’historique."</p>
                        <input id="move-reason" type="text" autocomplete="off" maxlength=LONGEST.to_string()
                            aria-describedby="move-hint move-error"
                            aria-invalid=move || error.get().map(|_| "true")
                            prop:value=move || reason.get()
                            on:input:target=move |event| reason.set(event.target().value())/>
                        <p class="field-error" id="move-error">{move || error.get()}</p>
                    </div>
                    <div class="actions">
                        <button type="submit" class="main-button">"Rattacher la fiche"</button>
                        <button type="button" class="second-button" on:click=move |_| chosen.set(None)>"Choisir une autre personne"</button>
                        <a class="quiet" href=route::sheet(record)>"Laisser tel quel"</a>
                    </div>
                </form>
            }.into_any(),
        }}
    }
}
