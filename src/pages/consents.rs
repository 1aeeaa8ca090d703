//! What a person accepted, purpose by purpose.

use std::sync::Arc;

use domain::form::Answers;
use domain::french::{full_day, uncapitalised};
use domain::id::RecordId;
use domain::people::consent::{ANSWER, GIVEN_BY, PURPOSE};
use domain::people::{CONSENT, GivenBy, Purpose};
use leptos::prelude::*;
use sync::Shown;

use super::reading::started_at;
use crate::notebook::use_notebook;
use crate::ui::uncertain::mark;

/// What she answered to each purpose, when, and who answered.
#[component]
pub fn Consents(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let consents = notebook.children(id, CONSENT.id);
    view! {
        <h2>"Accords"</h2>
        {move || {
            let answered = consents.with(|consents| latest(consents));
            if answered.is_empty() {
                return view! { <p class="second">"Aucun accord n’est encore noté."</p> }.into_any();
            }
            let lines = answered.into_iter().map(|(purpose, shown)| {
                let fields = shown.values();
                let answers = Answers(&fields);
                let answer = if answers.is(ANSWER, "yes") { "oui" } else { "non" };
                let on = full_day(notebook.local(started_at(&shown)).date());
                let by = answers.code(GIVEN_BY).and_then(GivenBy::of).map(|by| format!(" ({})", uncapitalised(by.label())));
                view! {
                    <div><dt>{purpose.label()}</dt><dd><b>{answer}</b>{format!(", le {on}{}", by.unwrap_or_default())}{mark(!shown.conflicts.is_empty())}</dd></div>
                }
            }).collect_view();
            view! { <dl class="facts">{lines}</dl> }.into_any()
        }}
    }
}

/// The consent that counts for each purpose: the newest; at the same instant, a « non ».
fn latest(consents: &[Arc<Shown>]) -> Vec<(Purpose, Arc<Shown>)> {
    let refuses = |shown: &Shown| shown.fields.get(ANSWER).is_some_and(|field| field.value == "no");
    Purpose::ALL
        .iter()
        .filter_map(|purpose| {
            consents
                .iter()
                .filter(|shown| shown.fields.get(PURPOSE).is_some_and(|field| field.value == purpose.code()))
                .max_by_key(|shown| (started_at(shown), refuses(shown)))
                .map(|shown| (*purpose, shown.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::people::consent;
    use domain::record::{PARENT, Value};

    use super::super::reading::consents_of;
    use super::super::reading::fixture::{id, record};
    use super::*;

    fn answer(number: u128, at: i64, purpose: Purpose, yes: bool) -> Arc<Shown> {
        let mut fields = consent::fields(purpose, yes, GivenBy::Person);
        fields.push((PARENT, Value::from(id(1).to_string())));
        record(number, CONSENT.id, at, &fields)
    }

    #[test]
    fn the_newest_answer_to_each_purpose_is_shown() {
        let consents = [
            answer(2, 10, Purpose::Record, true),
            answer(3, 20, Purpose::CallBack, true),
            answer(4, 30, Purpose::CallBack, false),
        ];
        let shown: Vec<_> = latest(&consents).into_iter().map(|(purpose, shown)| (purpose, shown.id)).collect();
        assert_eq!(shown, [(Purpose::Record, id(2)), (Purpose::CallBack, id(4))]);
    }

    #[test]
    fn what_is_shown_is_what_counts() {
        let consents = [answer(2, 10, Purpose::CallBack, false), answer(3, 10, Purpose::CallBack, true)];
        let shown = latest(&consents);
        assert_eq!(shown[0].1.fields[ANSWER].value, "no");
        assert_eq!(consents_of(id(1), &consents), [(Purpose::CallBack, false)]);
    }
}
