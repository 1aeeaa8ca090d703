//! Runs every `cases/*.json`, and what must hold whatever is answered.
//!
//! A case begins with all normal answers (or none, `"from": "nothing"`), changes some (null clears), and names what
//! differs from a plain result: states not named are normal (not assessed from nothing), lists not given are empty.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::assess;
use crate::Fields;
use crate::form::{Answers, Change, Kind, Outcome, State, Subject, compare};
use crate::french;
use crate::programmes::icope::form::FORM;

const CASES: &[(&str, &str)] = &[
    ("whole", include_str!("../cases/whole.json")),
    ("cognition", include_str!("../cases/cognition.json")),
    ("mobility", include_str!("../cases/mobility.json")),
    ("nutrition", include_str!("../cases/nutrition.json")),
    ("vision", include_str!("../cases/vision.json")),
    ("hearing", include_str!("../cases/hearing.json")),
    ("mood", include_str!("../cases/mood.json")),
];
const SERIES: &str = include_str!("../cases/series.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Where the expectation comes from.
    source: String,
    #[serde(default)]
    from: From,
    birth_date: Option<String>,
    on: Option<String>,
    #[serde(default)]
    answers: Fields,
    #[serde(default)]
    states: BTreeMap<String, State>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    notices: Vec<String>,
    headline: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum From {
    #[default]
    Normal,
    Nothing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    name: String,
    source: String,
    screenings: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    answers: Fields,
    /// Against the step before; functions not named are unchanged.
    changes: BTreeMap<String, Change>,
}

fn all_normal() -> Fields {
    let answers = json!({
        "place": "home", "mode": "professional", "helper": "no",
        "memory_complaint": "no", "words": "citron-cle-ballon",
        "orientation_year": "right", "orientation_month": "right", "orientation_day": "right",
        "orientation_weekday": "right", "orientation_place": "right",
        "chair_safe": "yes", "chair_result": "done", "chair_time": 113, "chair_arms": "no",
        "weight_loss": "no", "appetite_loss": "no", "weight": 615,
        "vision_far": "no", "vision_near": "no", "eye_disease": "no", "eye_treatment": "no",
        "hearing_method": "whisper", "hearing_right": "heard", "hearing_left": "heard", "hearing_aid": "no",
        "mood_down": "no", "mood_interest": "no", "recall": 3,
    });
    serde_json::from_value(answers).expect("an object of answers")
}

fn with(mut fields: Fields, answers: &Fields) -> Fields {
    for (id, value) in answers {
        let question = FORM.question(id).unwrap_or_else(|| panic!("no question {id}"));
        let today = "2027-12-31".parse().expect("a date");
        assert_eq!(question.check(value, today), Ok(()), "{id} would refuse {value}");
        if value.is_null() {
            fields.remove(id)
        } else {
            fields.insert(id.clone(), value.clone())
        };
    }
    fields
}

fn on_day(birth_date: Option<&str>, on: Option<&str>) -> Subject {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    Subject {
        birth_date: birth_date.map(day),
        on: day(on.unwrap_or("2026-11-24")),
    }
}

fn check(file: &str, case: &Case) {
    let name = format!("{file}: {} ({})", case.name, case.source);
    let (base, plain) = match case.from {
        From::Normal => (all_normal(), State::Normal),
        From::Nothing => (Fields::new(), State::NotAssessed),
    };
    let fields = with(base, &case.answers);
    let (outcome, missing) = assess(
        &Answers(&fields),
        &on_day(case.birth_date.as_deref(), case.on.as_deref()),
    );
    let missing: Vec<String> = missing
        .iter()
        .map(|item| format!("{}/{}", item.finding, item.question))
        .collect();
    let notices: Vec<&str> = outcome.notices.iter().map(|notice| notice.id).collect();
    for finding in &outcome.findings {
        assert_eq!(
            finding.state,
            *case.states.get(finding.id).unwrap_or(&plain),
            "{name}: {}",
            finding.id
        );
    }
    for (id, fact) in &case.facts {
        let found = outcome.findings.iter().find(|finding| finding.id == id);
        assert_eq!(
            found.map(|finding| finding.fact.replace('\u{a0}', " ")).as_ref(),
            Some(fact),
            "{name}"
        );
    }
    for id in case.states.keys() {
        assert!(
            outcome.findings.iter().any(|finding| finding.id == id),
            "{name}: no function {id}"
        );
    }
    assert_eq!(missing, case.missing, "{name}: missing");
    assert_eq!(notices, case.notices, "{name}: notices");
    if let Some(headline) = &case.headline {
        assert_eq!(&outcome.headline, headline, "{name}");
    }
}

#[test]
fn every_case_comes_out_as_its_source_says() {
    for (file, text) in CASES {
        let cases: Vec<Case> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(!cases.is_empty());
        for case in &cases {
            check(file, case);
        }
    }
}

#[test]
fn a_series_of_screenings_tells_what_changed() {
    let series: Vec<Series> = serde_json::from_str(SERIES).expect("the cases");
    for Series {
        name,
        source,
        screenings,
    } in &series
    {
        let mut previous = Outcome::default();
        for (rank, step) in screenings.iter().enumerate() {
            let fields = with(all_normal(), &step.answers);
            let (outcome, _) = assess(&Answers(&fields), &on_day(None, None));
            let plain = if rank == 0 { Change::Unknown } else { Change::Unchanged };
            for (id, change, _) in compare(&previous, &outcome) {
                let expected = *step.changes.get(id).unwrap_or(&plain);
                assert_eq!(change, expected, "{name} ({source}), screening {}: {id}", rank + 1);
            }
            previous = outcome;
        }
    }
}

/// Any answer its question allows, and now and then nonsense.
fn any_answers() -> impl Strategy<Value = Fields> {
    let questions: Vec<_> = FORM
        .questions()
        .map(|(_, question)| (question.id, any_value(&question.kind)))
        .collect();
    let fields: Vec<_> = questions
        .into_iter()
        .map(|(id, value)| value.prop_map(move |value| (id, value)))
        .collect();
    fields.prop_map(|fields| {
        let answered = fields.into_iter().filter(|(_, value)| !value.is_null());
        answered.map(|(id, value)| (id.to_owned(), value)).collect()
    })
}

fn any_value(kind: &Kind) -> BoxedStrategy<Value> {
    let usual: BoxedStrategy<Value> = match kind {
        Kind::Choice(options) | Kind::Whisper { options, .. } => {
            let codes: Vec<Value> = options.iter().map(|choice| choice.code.into()).collect();
            proptest::sample::select(codes).boxed()
        }
        Kind::Stopwatch { .. } => (1_i64..400).prop_map(Value::from).boxed(),
        Kind::Recall { .. } => (0_i64..=3).prop_map(Value::from).boxed(),
        _ => any::<i64>().prop_map(Value::from).boxed(),
    };
    let nonsense = proptest::sample::select(vec![
        json!(-1),
        json!(1e300),
        json!("?"),
        json!([1]),
        json!({"a": null}),
    ]);
    prop_oneof![8 => usual, 2 => Just(Value::Null), 1 => nonsense].boxed()
}

/// Each answer that alone makes a function abnormal.
const ABNORMAL: &[(&str, &str, &str)] = &[
    ("cognition", "orientation_year", "wrong"),
    ("cognition", "orientation_month", "wrong"),
    ("cognition", "orientation_day", "wrong"),
    ("cognition", "orientation_weekday", "wrong"),
    ("cognition", "orientation_place", "wrong"),
    ("mobility", "chair_arms", "yes"),
    ("mobility", "chair_result", "could-not"),
    ("nutrition", "weight_loss", "yes"),
    ("nutrition", "appetite_loss", "yes"),
    ("vision", "vision_far", "yes"),
    ("vision", "vision_near", "yes"),
    ("vision", "eye_disease", "yes"),
    ("vision", "eye_treatment", "yes"),
    ("hearing", "hearing_right", "not-heard"),
    ("hearing", "hearing_left", "not-heard"),
    ("mood", "mood_down", "yes"),
    ("mood", "mood_interest", "yes"),
];

proptest! {
    #[test]
    fn nothing_typed_makes_the_rules_fail(fields in any_answers(), birth in 1900_i32..2030) {
        let subject = on_day(Some(&format!("{birth}-02-28")), None);
        let (outcome, missing) = assess(&Answers(&fields), &subject);
        prop_assert_eq!(outcome.findings.len(), 6);
        for finding in &outcome.findings {
            prop_assert!(!finding.fact.is_empty());
            prop_assert_eq!(french::ill_set(&finding.fact), None);
            let left = missing.iter().filter(|item| item.finding == finding.id).count();
            match finding.state {
                State::Normal => prop_assert_eq!(left, 0, "{} normal with items missing", finding.id),
                State::NotAssessed => prop_assert!(left > 0, "{} not assessed with nothing missing", finding.id),
                State::Abnormal => {}
            }
        }
        let all_normal = outcome.findings.iter().all(|finding| finding.state == State::Normal);
        prop_assert_eq!(outcome.headline == "Les six fonctions sont normales.", all_normal);
        for notice in &outcome.notices {
            prop_assert_eq!(french::ill_set(&notice.text), None);
        }
        for item in &missing {
            prop_assert!(FORM.question(item.question).is_some());
        }
    }

    #[test]
    fn one_more_abnormal_answer_never_makes_a_function_normal(
        fields in any_answers(), (function, question, code) in proptest::sample::select(ABNORMAL),
    ) {
        let subject = on_day(None, None);
        let (before, _) = assess(&Answers(&fields), &subject);
        let mut worse = fields.clone();
        worse.insert(question.into(), code.into());
        let (after, _) = assess(&Answers(&worse), &subject);
        for finding in &after.findings {
            let then = before.state(finding.id);
            if finding.id == function {
                prop_assert!(then != State::Abnormal || finding.state == State::Abnormal, "{} {}", question, code);
                prop_assert!(then == State::Normal || finding.state != State::Normal, "{} {}", question, code);
            } else {
                prop_assert_eq!(finding.state, then, "{} changed {}", question, finding.id);
            }
        }
    }

    #[test]
    fn one_abnormal_answer_is_enough((function, question, code) in proptest::sample::select(ABNORMAL)) {
        let mut fields = all_normal();
        fields.insert(question.into(), code.into());
        let (outcome, _) = assess(&Answers(&fields), &on_day(None, None));
        prop_assert_eq!(outcome.state(function), State::Abnormal);
    }
}
