//! What must hold whatever is answered. The cases themselves are in `cases/*.json`, and one test runs them all.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{alone, assess};
use crate::form::{Answers, State, Subject};
use crate::french;
use crate::programmes::any_answers::any_answers;
use crate::programmes::cases::fields_of;
use crate::programmes::icope::form::FORM;

fn born_in(year: i32) -> Subject {
    Subject {
        birth_date: NaiveDate::from_ymd_opt(year, 2, 28),
        on: NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day"),
    }
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
    fn nothing_typed_makes_the_rules_fail(fields in any_answers(&FORM), birth in 1900_i32..2030) {
        let answers = Answers(&fields);
        let (outcome, missing) = assess(&answers, &born_in(birth));
        prop_assert_eq!(outcome.findings.len(), 6);
        for finding in &outcome.findings {
            prop_assert!(!finding.fact.is_empty());
            prop_assert_eq!(french::ill_set(&finding.fact), None);
            let left = missing.iter().filter(|item| item.finding == finding.id).count();
            match finding.state {
                State::Normal => prop_assert_eq!(left, 0, "{} normal with items missing", finding.id),
                State::NotAssessed if alone(&answers) && ["mobility", "hearing"].contains(&finding.id) => {
                    prop_assert_eq!(left, 0, "{} asked of a person alone", finding.id);
                }
                State::NotAssessed => prop_assert!(left > 0, "{} not assessed with nothing missing", finding.id),
                State::Abnormal => {}
                State::ToPropose | State::Told => prop_assert!(false, "{} has a rule that decides", finding.id),
            }
        }
        let all_normal = outcome.findings.iter().all(|finding| finding.state == State::Normal);
        prop_assert_eq!(outcome.headline == "Les six fonctions sont normales.", all_normal);
        for notice in &outcome.notices {
            prop_assert_eq!(french::ill_set(&notice.text), None);
        }
    }

    #[test]
    fn one_more_abnormal_answer_never_makes_a_function_normal(
        fields in any_answers(&FORM), (function, question, code) in proptest::sample::select(ABNORMAL),
    ) {
        let subject = born_in(1942);
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
}

#[test]
fn one_abnormal_answer_is_enough() {
    let normal = fields_of("icope", "all normal");
    for (function, question, code) in ABNORMAL {
        let mut fields = normal.clone();
        fields.insert((*question).into(), (*code).into());
        let (outcome, _) = assess(&Answers(&fields), &born_in(1942));
        assert_eq!(outcome.state(function), State::Abnormal, "{question} {code}");
    }
}
