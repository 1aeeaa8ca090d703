//! « Signaler une erreur »: a few words kept in the notebook, hence without a network too, which a coordinator reads.

use domain::annuaire::report::{CARD, REPORT, TEXT, WHAT, WHAT_CHOICES};
use domain::form::Question;
use domain::id::RecordId;
use domain::record::Value;
use leptos::prelude::*;

use crate::notebook::use_notebook;
use crate::platform::page;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::dialog::Dialog;

const BOX: &str = "report-text";
const ERROR: &str = "report-error";

#[component]
pub fn Signal(card: RecordId, said: RwSignal<String>) -> impl IntoView {
    let notebook = use_notebook();
    let open = RwSignal::new(false);
    let what = RwSignal::new(None::<&'static str>);
    let text = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<String>);
    let attempt = Attempt::new();
    let send = move |_| {
        let Some(code) = what.get_untracked() else {
            refused.set(Some("Choisissez ce qui ne va pas.".to_owned()));
            page::focus("report-what");
            return;
        };
        let typed = text.get_untracked().trim().to_owned();
        if let Some(Err(refusal)) =
            question(TEXT).map(|question| question.check(&Value::from(typed.as_str()), notebook.today()))
        {
            refused.set(question(TEXT).map(|question| refusal.message(question)));
            page::focus(BOX);
            return;
        }
        refused.set(None);
        attempt.run(async move {
            let mut fields = vec![(CARD, Value::from(card.to_string())), (WHAT, Value::from(code))];
            if !typed.is_empty() {
                fields.push((TEXT, Value::from(typed)));
            }
            notebook.signal(fields).await?;
            open.try_set(false);
            what.try_set(None);
            text.try_set(String::new());
            said.try_set("Merci, c’est noté. La coordination le lira dès que ce sera envoyé.".to_owned());
            Ok(())
        });
    };
    let choices = WHAT_CHOICES
        .iter()
        .map(|choice| {
            view! {
                <label class="answer">
                    <input type="radio" name="report-what" prop:checked=move || what.get() == Some(choice.code)
                        on:change=move |_| what.set(Some(choice.code))/>
                    <span>{choice.label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <button type="button" class="quiet" aria-haspopup="dialog" on:click=move |_| open.set(true)>"Signaler une erreur"</button>
        <Dialog open title="Qu’est-ce qui ne va pas\u{202f}?">
            <form autocomplete="off" on:submit=move |event| event.prevent_default()>
                <fieldset class="choice" id="report-what" tabindex="-1" aria-describedby=ERROR>
                    <legend class="visually-hidden">"Ce qui ne va pas"</legend>
                    <div class="answers stacked">{choices}</div>
                </fieldset>
                <div class="field">
                    <label for=BOX>"Précisions, si vous voulez"</label>
                    <p class="hint" id="report-hint">"Rien sur un patient\u{a0}: la coordination lira ce texte."</p>
                    <textarea id=BOX rows="3" autocomplete="off" maxlength="500" aria-describedby=format!("report-hint {ERROR}")
                        prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
                </div>
                <p class="field-error" id=ERROR role="alert">{refused}</p>
                <TroubleBand id="report-trouble" trouble=attempt.trouble/>
            </form>
            <div class="actions">
                <button type="button" class="main-button" on:click=send>"Envoyer à la coordination"</button>
                <button type="button" class="second-button" on:click=move |_| open.set(false)>"Annuler"</button>
            </div>
        </Dialog>
    }
}

fn question(id: &str) -> Option<&'static Question> {
    REPORT.form().question(id)
}
