//! « Remplir l’annuaire »: a small official extract, what it would change, what was imported, what people signalled.

mod differences;
mod listed;
mod picked;
mod preview;
mod reports;

use domain::annuaire::import::Submission;
use domain::people::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::annuaire::use_annuaire;
use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::pages::absent::AbsentPage;
use crate::platform::page;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::page::{Below, Page};

use crate::ui::live::live;
use picked::{Picked, Read};

/// Whether this account fills the directory of its territory.
pub fn fills(notebook: Notebook) -> bool {
    let may = |role: &Role| matches!(role, Role::Coordinator | Role::Administrator);
    notebook.account().with(|account| account.as_ref().is_some_and(|account| account.roles.iter().any(may)))
}

#[component]
pub fn ImportsPage() -> impl IntoView {
    let notebook = use_notebook();
    live(move || if fills(notebook) { view! { <Imports/> }.into_any() } else { AbsentPage().into_any() })
}

#[component]
fn Imports() -> impl IntoView {
    let notebook = use_notebook();
    let annuaire = use_annuaire();
    let state = preview::State::new();
    let lists = listed::Lists::load(notebook);
    let differences = differences::Open::load(notebook);
    let read = move |read: Read| {
        state.begin(&read);
        ask(notebook, state, read.submission, move |_| request_animation_frame(|| page::focus("preview")));
    };
    let apply = move |()| {
        let Some(mut submission) = state.submission() else { return };
        submission.apply = true;
        ask(notebook, state, submission, move |written| {
            if written {
                state.forget();
                lists.reload();
                differences.reload();
                spawn_local(annuaire.refresh());
                request_animation_frame(|| page::focus("imports-title"));
            }
        });
    };
    view! {
        <Page title="Remplir l’annuaire">
            <Below back=(route::MORE, "Plus") title="Remplir l’annuaire">
                <p class="second">"Un extrait du fichier officiel se dépose ici. Vous voyez ce qui changerait, puis vous décidez."</p>
            </Below>
            <Picked done=read/>
            <TroubleBand id="import-trouble" trouble=state.trouble()/>
            {preview::preview(state, apply)}
            {differences::differences(differences)}
            {listed::listed(notebook, lists, move || differences.reload())}
            <reports::Reports/>
        </Page>
    }
}

/// Asks the server what the cards change, or has it change them. Tells whether something was written.
fn ask(notebook: Notebook, state: preview::State, submission: Submission, then: impl FnOnce(bool) + 'static) {
    if !state.start() {
        return;
    }
    spawn_local(async move {
        let answer: Result<_, Trouble> = notebook.import(&submission).await;
        let written = matches!(&answer, Ok(imported) if imported.import.is_some());
        state.answered(submission, answer);
        then(written);
    });
}
