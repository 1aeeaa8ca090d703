//! The summary, what is left, and the next thing to do. Does not move.

use domain::Glyph;
use domain::french::counted;
use domain::programme::Settles;
use leptos::prelude::*;

use super::sheet::{Mode, use_sheet};
use crate::ui::icon::Icon;

/// `finish` opens the end of the form; `correct` asks why it is to be corrected.
#[component]
pub fn Foot(finish: Callback<()>, correct: RwSignal<bool>) -> impl IntoView {
    let sheet = use_sheet();
    let mode = Memo::new(move |_| sheet.mode());
    let remaining = Memo::new(move |_| sheet.remaining());
    let left = move || match (mode.get(), remaining.get()) {
        (Mode::Reading, _) if !sheet.writes => "En lecture seule".to_owned(),
        (Mode::Reading, _) if sheet.kind.kept && matches!(sheet.kind.settles, Settles::Never) => {
            "Se corrige, ne se supprime pas".to_owned()
        }
        (Mode::Reading, _) => "Terminé, en lecture seule".to_owned(),
        (Mode::Correcting, _) => "Chaque réponse corrigée garde son motif".to_owned(),
        (Mode::Filling, 0) => "Toutes les réponses y sont".to_owned(),
        (Mode::Filling, left) => format!("Encore {}", counted(left, "question", "questions")),
    };
    let main = move || match (mode.get(), remaining.get()) {
        (Mode::Reading, _) if !sheet.writes => ().into_any(),
        (Mode::Reading, _) => view! {
            <button type="button" class="main-button" on:click=move |_| correct.set(true)>
                <Icon name=Glyph::Edit/>"Corriger"
            </button>
        }
        .into_any(),
        (Mode::Correcting, _) => view! {
            <button type="button" class="main-button" on:click=move |_| finish.run(())>"Terminer la correction"</button>
        }
        .into_any(),
        (Mode::Filling, 0) => view! {
            <button type="button" class="main-button" on:click=move |_| finish.run(())>
                {sheet.kind.end()}<Icon name=Glyph::Check/>
            </button>
        }
        .into_any(),
        (Mode::Filling, _) => view! {
            <button type="button" class="main-button" on:click=move |_| sheet.go_to_next()>
                "Prochaine sans réponse"<Icon name=Glyph::Down/>
            </button>
        }
        .into_any(),
    };
    view! {
        <footer class="form-foot">
            {sheet.outside.is_none().then(|| view! {
                <a class="second-button" href=sheet.after() on:click=move |_| sheet.notebook.settle()>
                    {match () {
                        () if !sheet.is_of_person() => "Retour",
                        () if sheet.kind.rules.is_some() => "Résumé",
                        () => "Fiche",
                    }}
                </a>
            })}
            <p class="second">{move || left()}</p>
            {move || main()}
        </footer>
    }
}
