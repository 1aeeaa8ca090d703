//! What is smoked, in raw counts. Vaping stands apart: it is never counted as smoking.

use chrono::NaiveDate;

use super::{Said, within};
use crate::form::{Answers, Subject};
use crate::french::{NBSP, age, counted, decimal, join, sentence_case, years};

/// Each product with its words for one and for many.
const PRODUCTS: [(&str, &str, &str); 5] = [
    ("cigarettes", "cigarette", "cigarettes"),
    ("rolled", "cigarette roulée", "cigarettes roulées"),
    ("cigarillos", "cigarillo ou cigare", "cigarillos ou cigares"),
    ("chicha", "chicha", "chichas"),
    ("heated", "cigarette de tabac chauffé", "cigarettes de tabac chauffé"),
];
const MOST: i64 = 100;
const OLDEST: i64 = 120;

/// Tells the products of a day.
pub fn products(answers: &Answers<'_>, said: &mut Said) {
    let smoked: Vec<String> = PRODUCTS
        .iter()
        .filter_map(|(id, one, many)| {
            let count = within(answers, id, MOST).filter(|count| *count > 0)?;
            Some(counted(usize::try_from(count).ok()?, one, many))
        })
        .collect();
    let vapes = answers.is("vaping", "yes");
    let fact = match (smoked.is_empty(), vapes) {
        (true, true) => "Vapotage seul, qui ne compte pas comme fumer".into(),
        (true, false) => "Aucun produit à fumer".into(),
        (false, true) => format!("{} par jour, et vapotage, compté à part", join(&smoked)),
        (false, false) => format!("{} par jour", join(&smoked)),
    };
    if smoked.is_empty() && within(answers, "cigarettes", MOST).is_none() {
        said.wait("products", "Produits", "Cigarettes par jour à noter".into(), vec!["cigarettes"]);
    } else {
        said.tell("products", "Produits", sentence_case(&fact));
    }
    if let Some(score) = within(answers, "cast", 24).filter(|_| uses_cannabis(answers)) {
        said.tell("cast", "CAST", format!("{score} sur{NBSP}24"));
    }
}

fn uses_cannabis(answers: &Answers<'_>) -> bool {
    answers.code("cannabis").is_some_and(|code| ["sometimes", "weekly", "daily"].contains(&code))
}

/// Cigarettes of a day, rolled ones too.
pub fn cigarettes(answers: &Answers<'_>) -> Option<i64> {
    within(answers, "cigarettes", MOST).map(|made| made + within(answers, "rolled", MOST).unwrap_or(0))
}

/// Tells the pack-years: cigarettes of a day, rolled ones too, over 20, times the years since the first.
pub fn pack_years(answers: &Answers<'_>, subject: &Subject, said: &mut Said) {
    let (id, title) = ("pack-years", "Paquets-années");
    let a_day = cigarettes(answers);
    let began = within(answers, "began_at", OLDEST);
    let aged = aged(answers, subject.birth_date, subject.on);
    if let (Some(0), _, _) = (a_day, began, aged) {
        return;
    }
    let (Some(a_day), Some(began), Some(aged)) = (a_day, began, aged) else {
        let items = [("cigarettes", a_day.is_some()), ("began_at", began.is_some()), ("age_now", aged.is_some())];
        let missing = items.iter().filter(|(_, known)| !known).map(|(id, _)| *id).collect();
        return said.wait(id, title, "À calculer".into(), missing);
    };
    if began > aged {
        return said.wait(id, title, "Âge au début à vérifier".into(), vec!["began_at"]);
    }
    // Tenths, rounded once: cigarettes × years × 10 / 20.
    let tenths = (a_day * (aged - began) + 1) / 2;
    let smoked = counted(usize::try_from(a_day).unwrap_or_default(), "cigarette", "cigarettes");
    let during = years(u32::try_from(aged - began).unwrap_or_default());
    said.tell(id, title, format!("{} paquets-années\u{a0}: {smoked} par jour pendant {during}", decimal(tenths, 1)));
}

fn aged(answers: &Answers<'_>, birth_date: Option<NaiveDate>, on: NaiveDate) -> Option<i64> {
    let told = || within(answers, "age_now", OLDEST);
    birth_date.and_then(|birth| age(birth, on)).map(i64::from).or_else(told)
}
