//! A consent of the person: a record of its own, written at once. A « non » to the record itself keeps nothing.

use domain::form::Question;
use domain::people::{GivenBy, Purpose};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notebook::Consented;
use crate::ui::dialog::Dialog;
use crate::ui::form::{Sheet, control_id, question_id, use_sheet};
use crate::ui::typeset::typeset;

pub fn view(question: &'static Question, purpose: Purpose) -> AnyView {
    let sheet = use_sheet();
    let giver = RwSignal::new(GivenBy::Person);
    let confirming = RwSignal::new(false);
    let answer = Memo::new(move |_| {
        sheet.consents.with(|consents| consents.iter().find(|(asked, _)| *asked == purpose).map(|(_, answer)| *answer))
    });
    // While she is asked to confirm a « non », it is the one that looks chosen.
    let drawn = move || if confirming.get() { Some(false) } else { answer.get() };
    let choose = move |yes: bool| {
        if !yes && purpose == Purpose::Record && sheet.held() {
            confirming.set(true);
        } else {
            give(sheet, question, purpose, yes, giver.get_untracked());
        }
    };
    let radio = move |yes: bool, label: &'static str| {
        let id = if yes { control_id(question.id) } else { format!("{}-1", control_id(question.id)) };
        view! {
            <label class="answer">
                <input
                    type="radio"
                    id=id
                    name=question_id(question.id)
                    autocomplete="off"
                    prop:checked=move || drawn() == Some(yes)
                    on:change=move |_| choose(yes)
                />
                <span>{label}</span>
            </label>
        }
    };
    let change_giver = move |by: GivenBy| {
        giver.set(by);
        if let Some(yes) = answer.get_untracked() {
            give(sheet, question, purpose, yes, by);
        }
    };
    view! {
        <div class="answers">{radio(true, "Oui")}{radio(false, "Non")}</div>
        <details class="giver">
            <summary>"Réponse donnée par\u{a0}: "{move || typeset(&giver.get().label().to_lowercase())}</summary>
            <div class="field">
                <label for=format!("{}-by", control_id(question.id))>"Qui a répondu\u{202f}?"</label>
                <select
                    id=format!("{}-by", control_id(question.id))
                    on:change:target=move |event| {
                        change_giver(GivenBy::of(&event.target().value()).unwrap_or(GivenBy::Person));
                    }
                >
                    {GivenBy::ALL.iter().map(|by| view! { <option value=by.code()>{typeset(by.label())}</option> }).collect_view()}
                </select>
            </div>
        </details>
        <Confirm sheet question open=confirming giver/>
    }
    .into_any()
}

/// « Ne rien garder de cette personne ? »
#[component]
fn Confirm(sheet: Sheet, question: &'static Question, open: RwSignal<bool>, giver: RwSignal<GivenBy>) -> impl IntoView {
    let erase = move |_| {
        open.set(false);
        give(sheet, question, Purpose::Record, false, giver.get_untracked());
    };
    view! {
        <Dialog open=open title="Ne rien garder de cette personne\u{202f}?">
            <p>"Ce qui a été écrit pour elle sera effacé de cet appareil. Rien n’a été envoyé."</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Revenir à la question"</button>
                <button type="button" class="danger-button" on:click=erase>"Ne rien garder"</button>
            </div>
        </Dialog>
    }
}

fn give(sheet: Sheet, question: &'static Question, purpose: Purpose, yes: bool, by: GivenBy) {
    // What was just typed must reach the disk before it is freed, or erased.
    sheet.notebook.settle();
    spawn_local(async move {
        match sheet.notebook.consent(sheet.person, purpose, yes, by).await {
            // She may have left the form meanwhile: then there is nothing to move.
            Ok(Consented::Kept) if sheet.current.is_disposed() => {}
            Ok(Consented::Kept) => {
                sheet.failed.set(None);
                sheet.advance(question.id);
            }
            Ok(Consented::Erased) => sheet.erased.set(true),
            Err(trouble) => sheet.failed.set(Some(trouble)),
        }
    });
}
