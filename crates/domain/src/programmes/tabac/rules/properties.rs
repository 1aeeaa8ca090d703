//! What must hold whatever is answered. The cases themselves are in `cases/*.json`, and one test runs them all.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;

use super::co::{co_band, co_bounds};
use super::dependence::hsi_of;
use crate::Fields;
use crate::form::{Answers, Outcome, State, Subject};
use crate::french;
use crate::programmes::any_answers::any_answers;
use crate::programmes::cases::fields_of;
use crate::programmes::tabac::{CALL, CHALLENGER, INTERVIEW};

fn subject() -> Subject {
    Subject {
        birth_date: NaiveDate::from_ymd_opt(1984, 5, 20),
        on: NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day"),
    }
}

fn of(kind: &'static crate::programme::RecordKind, fields: &Fields) -> (Outcome, Vec<crate::form::Missing>) {
    kind.assess(fields, &subject()).expect("a kind with rules")
}

/// Any answers to one of the forms that have rules.
fn any_record() -> impl Strategy<Value = (&'static crate::programme::RecordKind, Fields)> {
    let kinds: Vec<&'static crate::programme::RecordKind> = vec![&CHALLENGER, &INTERVIEW, &CALL];
    select(kinds).prop_flat_map(|kind| any_answers(kind.form()).prop_map(move |fields| (kind, fields)))
}

const ITEMS: [&str; 6] = ["first_cigarette", "abstain_hard", "hardest", "per_day", "more_morning", "when_ill"];

proptest! {
    #[test]
    fn nothing_typed_makes_the_rules_fail_or_judge((kind, fields) in any_record()) {
        let (outcome, missing) = of(kind, &fields);
        prop_assert_eq!(french::ill_set(&outcome.headline), None);
        for finding in &outcome.findings {
            prop_assert!(!finding.fact.is_empty());
            prop_assert_eq!(french::ill_set(&finding.fact), None);
            let left = missing.iter().any(|item| item.finding == finding.id);
            match finding.state {
                State::NotAssessed => prop_assert!(left, "{} not assessed with nothing missing", finding.id),
                State::Told => prop_assert!(!left, "{} told with items missing", finding.id),
                State::ToPropose => {
                    prop_assert!(["breath", "pregnant", "heart_lung", "depression"].contains(&finding.id));
                }
                State::Abnormal | State::Normal => prop_assert!(false, "{} was not measured", finding.id),
            }
        }
        let texts = outcome.findings.iter().map(|finding| &finding.fact).chain([&outcome.headline]);
        for text in texts.chain(outcome.notices.iter().map(|notice| &notice.text)) {
            let folded = french::fold(text);
            for word in ["echec", "rechute", "bpco"] {
                prop_assert!(!folded.contains(word), "{}", text);
            }
        }
        for notice in &outcome.notices {
            prop_assert_eq!(french::ill_set(&notice.text), None);
        }
    }

    #[test]
    fn vaping_changes_no_score(fields in any_answers(INTERVIEW.form()), vaping in select(vec!["yes", "no"])) {
        let mut other = fields.clone();
        other.insert("vaping".into(), vaping.into());
        let (before, after) = (of(&INTERVIEW, &fields).0, of(&INTERVIEW, &other).0);
        let but_products = |outcome: &Outcome| {
            outcome.findings.iter().filter(|finding| finding.id != "products").cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(but_products(&before), but_products(&after));
        prop_assert_eq!(before.headline, after.headline);
    }
}

#[test]
fn any_of_the_six_items_missing_is_no_score() {
    let whole = fields_of("tabac", "Fagerström 10");
    for item in ITEMS {
        let mut fields = whole.clone();
        fields.remove(item);
        let (outcome, missing) = of(&INTERVIEW, &fields);
        assert_eq!(outcome.state("fagerstrom"), State::NotAssessed, "{item}");
        let asked: Vec<&str> =
            missing.iter().filter(|item| item.finding == "fagerstrom").map(|item| item.question).collect();
        assert_eq!(asked, [item]);
        assert!(!outcome.headline.contains("sur\u{a0}10"), "{item}");
    }
}

/// The sign-up counts cigarettes, the interview chooses a range: both must come to the same two items.
#[test]
fn the_two_ways_to_the_index_agree() {
    for (cigarettes, per_day) in [
        (1, "10-or-less"),
        (10, "10-or-less"),
        (11, "11-20"),
        (20, "11-20"),
        (21, "21-30"),
        (30, "21-30"),
        (31, "31-more"),
    ] {
        for first in ["within-5", "6-30", "31-60", "after-60"] {
            let fields: Fields = [("first_cigarette", first), ("per_day", per_day)]
                .map(|(id, code)| (id.to_owned(), code.into()))
                .into();
            let answers = Answers(&fields);
            assert_eq!(hsi_of(&answers, Some(cigarettes)), super::dependence::hsi(&answers), "{cigarettes} {first}");
        }
    }
}

#[test]
fn a_band_ends_where_an_edition_says() {
    let band = |ppm, bounds| co_band(ppm, bounds).text;
    let house = bounds([]);
    assert_eq!(house, [5, 9, 20]);
    assert_eq!(band(5, house), band(0, house));
    assert_ne!(band(6, house), band(5, house));
    assert_eq!(band(6, bounds([("co_first", 6)])), band(5, house));
    assert!((0..=200).all(|ppm| band(ppm, house).starts_with("compatible avec")));
    assert!((0..=200).all(|ppm| !co_band(ppm, house).verified), "to be verified on an official sheet");
}

fn bounds<const N: usize>(set: [(&str, i64); N]) -> [i64; 3] {
    let fields: Fields = set.map(|(id, ppm)| (id.to_owned(), ppm.into())).into();
    co_bounds(&Answers(&fields))
}

/// A measure under the first bound is in the first band, whatever an edition left to the house or mistyped.
#[test]
fn a_band_never_ends_before_the_one_under_it() {
    assert_eq!(bounds([("co_first", 12)]), [12, 12, 20]);
    assert_eq!(bounds([("co_second", 8)]), [5, 8, 20]);
    assert_eq!(bounds([("co_first", 20), ("co_second", 9), ("co_third", 5)]), [20, 20, 20]);
    assert_eq!(bounds([("co_first", -1), ("co_third", 201)]), [5, 9, 20], "what no form takes is not set");
}
