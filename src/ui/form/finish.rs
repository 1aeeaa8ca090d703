//! The end of a form. Missing answers do not forbid it: a partial screening is worth keeping.

use domain::Value;
use domain::form::Kind;
use domain::french::counted;
use domain::record::FINISHED_AT;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::sheet::{Mode, Sheet, use_sheet};
use crate::ui::dialog::Dialog;
use crate::ui::typeset::typeset;

/// What « Terminer » does: says what is missing first, if anything is.
pub fn use_finish(asking: RwSignal<bool>) -> Callback<()> {
    let sheet = use_sheet();
    let end = use_end(sheet);
    Callback::new(move |()| {
        let missing = untrack(|| sheet.mode() == Mode::Filling && sheet.remaining() > 0);
        if missing {
            asking.set(true);
        } else {
            end.run(());
        }
    })
}

/// « Terminer avec 3 questions sans réponse ? »
#[component]
pub fn FinishDialog(asking: RwSignal<bool>) -> impl IntoView {
    let sheet = use_sheet();
    let end = use_end(sheet);
    let title = Signal::derive(move || {
        format!("Terminer avec {} sans réponse\u{202f}?", counted(sheet.remaining(), "question", "questions"))
    });
    let what = if sheet.is_alone() {
        "Vous pourrez tout relire avant d’envoyer."
    } else if sheet.outside.is_some() {
        "Ce qui est écrit est gardé et partira. La fiche ne pourra plus être ouverte ici."
    } else if sheet.kind.rules.is_some() {
        "Ce qui manque sera noté «\u{a0}non évalué\u{a0}». Vous pourrez le compléter plus tard."
    } else {
        "Ce qui est écrit est gardé. Vous pourrez compléter plus tard."
    };
    let missing = move || {
        let today = sheet.notebook.today();
        sheet
            .missing()
            .into_iter()
            .map(|question| {
                view! {
                    <li>
                        <button
                            type="button"
                            class="quiet"
                            on:click=move |_| {
                                asking.set(false);
                                sheet.go_to(question.id);
                            }
                        >
                            {typeset(&question.words(sheet.is_alone()).on(today))}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Dialog open=asking title=title>
            <p>{what}</p>
            // Drawn only while it is open: it follows every answer otherwise.
            {move || asking.get().then(|| view! { <ul>{move || missing()}</ul> })}
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Continuer"</button>
                <button
                    type="button"
                    class="second-button"
                    on:click=move |_| {
                        asking.set(false);
                        end.run(());
                    }
                >
                    "Terminer ainsi"
                </button>
            </div>
        </Dialog>
    }
}

/// The record it hangs on was filled by this form and by no other: it ends with it.
fn begun_here(sheet: Sheet) -> bool {
    let asks = sheet.form.questions().any(|(_, question)| matches!(question.kind, Kind::OfParent(_)));
    asks && sheet.above.with_untracked(|above| !above.is_empty() && !above.contains_key(FINISHED_AT))
}

/// Writes the end once, then shows the result.
fn use_end(sheet: Sheet) -> Callback<()> {
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |()| {
        if let Some(outside) = sheet.outside.filter(|_| sheet.held()) {
            // Without the person's consent there is nothing to finish.
            outside.leave.run(());
            return;
        }
        let finished = sheet.answers.with_untracked(|answers| answers.get(FINISHED_AT).is_some_and(Value::is_i64));
        sheet.notebook.settle();
        spawn_local(async move {
            if finished && sheet.notebook.flushed().await.is_err() {
                return;
            }
            if !finished {
                let at = Value::from(sheet.notebook.now().0);
                let also = begun_here(sheet).then_some(sheet.person);
                for record in also.into_iter().chain([sheet.record]) {
                    if let Err(trouble) = sheet.notebook.write(record, vec![(FINISHED_AT, at.clone())], None).await {
                        sheet.failed.set(Some(trouble));
                        return;
                    }
                }
            }
            match sheet.outside {
                Some(outside) => outside.done.run(true),
                None => navigate.with_value(|navigate| navigate(&sheet.after(), Default::default())),
            }
        });
    })
}
