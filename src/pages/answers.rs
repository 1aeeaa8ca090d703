//! The answers of a record, read back section by section.

use domain::form::{Answers, Filled, Kind, Need, Question};
use domain::id::RecordId;
use domain::people::CONSENT;
use domain::programme::RecordKind;
use domain::programmes;
use leptos::prelude::*;

use super::reading::finished_at;
use crate::notebook::{answers_of, use_notebook};
use crate::ui::called::{called, card};
use crate::ui::form::agreed;
use crate::ui::typeset::typeset;
use crate::ui::uncertain::{is_uncertain, mark};

/// « Toutes les réponses », folded; open above them, what was decided.
#[component]
pub fn AllAnswers(record: RecordId, kind: &'static RecordKind, person: RecordId) -> impl IntoView {
    let decided = (!kind.decided.is_empty()).then(|| sections(record, kind, person, true));
    let all = sections(record, kind, person, false);
    view! {
        {decided}
        <details><summary>"Toutes les réponses"</summary>{all}</details>
    }
}

/// The sections with their answers; `decided`: of the one that says what was decided, those that were given.
fn sections(record: RecordId, kind: &'static RecordKind, person: RecordId, decided: bool) -> AnyView {
    let notebook = use_notebook();
    let shown = notebook.record(record);
    let given = notebook.children(person, CONSENT.id);
    let whose = notebook.record(person);
    let parent = kind.parent.and_then(programmes::kind);
    let sections = move || {
        let shown = shown.get()?;
        let form = kind.form_of(&shown.form_version)?;
        let fields = shown.values();
        let finished = finished_at(&shown).is_some();
        let given = given.with(|given| answers_of(given));
        let above = whose.get().map(|shown| shown.values()).unwrap_or_default();
        let today = notebook.today();
        let filled = Filled { answers: Answers(&fields), parent: Answers(&above), consents: &given };
        let sections = form.sections.iter().filter(|section| !decided || section.id == kind.decided);
        let sections = sections.filter_map(|section| {
            let mut told = told(section.questions, &filled);
            told.retain(|question| !decided || question.answered(&filled));
            if told.is_empty() {
                return None;
            }
            if told.iter().all(|question| question.need == Need::Optional && !question.answered(&filled)) {
                return Some(view! { <h3>{section.title}</h3><p>"Rien n’est noté."</p> }.into_any());
            }
            let lines = told
                .into_iter()
                .map(|question| {
                    let answer = match question.kind {
                        Kind::Consent(purposes) => {
                            agreed(&given, purposes).map(|yes| if yes { "Oui" } else { "Non" }.to_owned())
                        }
                        Kind::OfParent(field) => parent
                            .and_then(|parent| parent.form().question(field))
                            .and_then(|there| there.read_back(above.get(field)?)),
                        Kind::Link(_) => fields.get(question.id).map(|link| called(notebook, link)),
                        Kind::Entry => fields.get(question.id).filter(|link| !link.is_null()).map(card),
                        // Once gone, the words do not come back before they have been asked again.
                        Kind::Words { .. } if !finished => {
                            fields.get(question.id).filter(|list| list.is_string()).map(|_| "Mots montrés".to_owned())
                        }
                        _ => fields.get(question.id).and_then(|value| question.read_back(value)),
                    };
                    let answer = answer.map_or_else(|| "Sans réponse".to_owned(), |answer| typeset(&answer));
                    view! { <div><dt>{typeset(&question.label.on(today))}</dt><dd>{answer}{mark(is_uncertain(&shown, &[question.id]))}</dd></div> }
                })
                .collect_view();
            Some(view! { <h3>{section.title}</h3><dl class="facts">{lines}</dl> }.into_any())
        });
        Some(sections.collect_view())
    };
    (move || sections()).into_any()
}

/// What the answers call for; what is never asked, only if the record began with it.
fn told(questions: &'static [Question], filled: &Filled<'_>) -> Vec<&'static Question> {
    let visible = questions.iter().filter(|question| question.visible(&filled.answers));
    visible.filter(|question| question.need != Need::Unasked || question.answered(filled)).collect()
}
