//! Consents of the person: one answer, a record of its own for each purpose, written at once. A « non » to the record itself
//! keeps nothing.

use domain::form::Question;
use domain::people::{GivenBy, Purpose};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notebook::{Consented, Trouble};
use crate::ui::dialog::Dialog;
use crate::ui::form::{Sheet, agreed, control_id, question_id, use_sheet};
use crate::ui::typeset::typeset;

pub fn view(question: &'static Question, purposes: &'static [Purpose]) -> AnyView {
    let sheet = use_sheet();
    let giver = RwSignal::new(GivenBy::Person);
    let confirming = RwSignal::new(false);
    let asking = Asking { sheet, question, purposes, giver };
    let answer = Memo::new(move |_| sheet.consents.with(|consents| agreed(consents, purposes)));
    // While she is asked to confirm a « non », it is the one that looks chosen.
    let drawn = move || if confirming.get() { Some(false) } else { answer.get() };
    let choose = move |yes: bool| {
        if !yes && purposes.contains(&Purpose::Record) && sheet.held() {
            confirming.set(true);
        } else {
            asking.give(yes);
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
            asking.give(yes);
        }
    };
    view! {
        <div class="answers">{radio(true, "Oui")}{radio(false, "Non")}</div>
        // Whoever is alone with her telephone answers for herself.
        {(!sheet.is_alone()).then(|| view! { <details class="giver">
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
        </details> })}
        <Confirm asking open=confirming/>
    }
    .into_any()
}

/// « Ne rien garder de cette personne ? »
#[component]
fn Confirm(asking: Asking, open: RwSignal<bool>) -> impl IntoView {
    let erase = move |_| {
        open.set(false);
        asking.give(false);
    };
    let (title, what) = if asking.sheet.is_alone() {
        ("Ne rien garder de vous\u{202f}?", "Ce que vous avez écrit sera effacé de ce téléphone. Rien n’a été envoyé.")
    } else {
        (
            "Ne rien garder de cette personne\u{202f}?",
            "Ce qui a été écrit pour elle sera effacé de cet appareil. Rien n’a été envoyé.",
        )
    };
    view! {
        <Dialog open=open title=title>
            <p>{what}</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Revenir à la question"</button>
                <button type="button" class="danger-button" on:click=erase>"Ne rien garder"</button>
            </div>
        </Dialog>
    }
}

/// What is asked, and who answers.
#[derive(Clone, Copy)]
struct Asking {
    sheet: Sheet,
    question: &'static Question,
    purposes: &'static [Purpose],
    giver: RwSignal<GivenBy>,
}

impl Asking {
    fn give(self, yes: bool) {
        let sheet = self.sheet;
        // What was just typed must reach the disk before it is freed, or erased.
        sheet.notebook.settle();
        spawn_local(async move {
            match self.write(yes).await {
                // She may have left the form meanwhile: then there is nothing to move.
                Ok(Consented::Kept) if sheet.current.is_disposed() => {}
                Ok(Consented::Kept) => {
                    sheet.failed.set(None);
                    sheet.advance(self.question.id);
                }
                Ok(Consented::Erased) => sheet.erased.set(true),
                Err(trouble) => sheet.failed.set(Some(trouble)),
            }
        });
    }

    /// The record first: without it nothing else is kept.
    async fn write(self, yes: bool) -> Result<Consented, Trouble> {
        let (person, by) = (self.sheet.person, self.giver.get_untracked());
        for purpose in asked(self.purposes, yes, self.sheet.held()) {
            if self.sheet.notebook.consent(person, purpose, yes, by).await? == Consented::Erased {
                return Ok(Consented::Erased);
            }
        }
        Ok(Consented::Kept)
    }
}

/// The purposes an answer is written for, the record first. Whoever is already kept and says « non » to something asked
/// together with it goes on being kept: taking that back is a question of its own.
fn asked(purposes: &[Purpose], yes: bool, held: bool) -> Vec<Purpose> {
    let (mut asked, others): (Vec<_>, Vec<_>) = purposes.iter().partition(|purpose| **purpose == Purpose::Record);
    if !yes && !held && !others.is_empty() {
        asked.clear();
    }
    asked.extend(others);
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_to_a_call_does_not_take_back_the_record() {
        let both = &[Purpose::CallBack, Purpose::Record];
        assert_eq!(asked(both, true, true), [Purpose::Record, Purpose::CallBack]);
        assert_eq!(asked(both, false, true), [Purpose::Record, Purpose::CallBack], "nothing is kept of her");
        assert_eq!(asked(both, false, false), [Purpose::CallBack]);
        assert_eq!(asked(&[Purpose::Record], false, false), [Purpose::Record]);
    }
}
