//! What the rules of every programme owe, whatever was answered; and the arbitrary answers they are tried with.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::{kind, kinds};
use crate::form::{Answers, Form, Kind, Subject};
use crate::{Fields, day_of};

/// Any answer its question allows, and now and then none, or nonsense.
pub fn any_answers(form: &'static Form) -> impl Strategy<Value = Fields> {
    let questions: Vec<_> = form.questions().map(|(_, question)| (question.id, any_value(&question.kind))).collect();
    let fields: Vec<_> = questions.into_iter().map(|(id, value)| value.prop_map(move |value| (id, value))).collect();
    fields.prop_map(|fields| {
        let answered = fields.into_iter().filter(|(_, value)| !value.is_null());
        answered.map(|(id, value)| (id.to_owned(), value)).collect()
    })
}

fn any_value(kind: &Kind) -> BoxedStrategy<Value> {
    let one_of = |values: Vec<Value>| select(values).boxed();
    let usual: BoxedStrategy<Value> = match kind {
        Kind::Choice(options) | Kind::Whisper { options, .. } => {
            one_of(options.iter().map(|choice| choice.code.into()).collect())
        }
        Kind::Words { lists, .. } => one_of(lists.iter().map(|list| list.id.into()).collect()),
        Kind::Number { min, max, .. } => (*min..=*max).prop_map(Value::from).boxed(),
        Kind::Stopwatch { .. } => (1_i64..400).prop_map(Value::from).boxed(),
        Kind::Recall { .. } => (0_i64..=3).prop_map(Value::from).boxed(),
        Kind::Count { max, .. } => (0_i64..=i64::from(*max)).prop_map(Value::from).boxed(),
        Kind::Scale { .. } => (0_i64..=10).prop_map(Value::from).boxed(),
        Kind::Tally => (-5_i64..50).prop_map(Value::from).boxed(),
        Kind::Link(_) | Kind::Entry => one_of(vec![json!("019ab000-0000-7000-8000-000000000001")]),
        Kind::Date | Kind::AnyDay => one_of(vec![json!("1942-03-02"), json!("2026-11-24")]),
        Kind::Text { .. } | Kind::Phone => one_of(vec![json!("0536491234"), json!("Miremont")]),
        Kind::OfParent(_) | Kind::Consent(_) => any::<i64>().prop_map(Value::from).boxed(),
    };
    let nonsense = select(vec![json!(-1), json!(i64::MAX), json!(1e300), json!("?"), json!([1]), json!({"a": null})]);
    prop_oneof![8 => usual, 2 => Just(Value::Null), 1 => nonsense].boxed()
}

/// Answers to every version of every form that has rules: kind, version, answers.
fn any_record() -> impl Strategy<Value = (&'static str, &'static str, Fields)> {
    let judged = kinds().filter(|kind| kind.rules.is_some());
    let forms: Vec<_> = judged.flat_map(|kind| kind.forms.iter().map(|form| (kind.id, form.version))).collect();
    select(forms).prop_flat_map(|(id, version)| {
        let form = kind(id).and_then(|kind| kind.form_of(version)).expect("taken from the registry");
        any_answers(form).prop_map(move |fields| (id, version, fields))
    })
}

proptest! {
    /// An answer given before another one hid its question stays in the record: it must not decide anything, and
    /// nobody can be sent to a question the form does not show.
    #[test]
    fn a_hidden_question_neither_counts_nor_is_missing((id, version, fields) in any_record()) {
        let kind = kind(id).expect("taken from the registry");
        let form = kind.form_of(version).expect("taken from the registry");
        let asked: Vec<&str> = form.visible(&Answers(&fields)).map(|(_, question)| question.id).collect();
        let mut shown = fields.clone();
        shown.retain(|id, _| asked.contains(&id.as_str()));
        let subject = Subject { birth_date: day_of("1942-03-02"), on: day_of("2026-11-24").expect("a day") };
        let judged = kind.assess(&fields, &subject);
        prop_assert_eq!(&judged, &kind.assess(&shown, &subject));
        let (outcome, missing) = judged.expect("a kind with rules");
        for item in missing {
            prop_assert!(asked.contains(&item.question), "{} is missing but not asked", item.question);
            prop_assert!(outcome.findings.iter().any(|finding| finding.id == item.finding), "no {}", item.finding);
        }
    }
}
