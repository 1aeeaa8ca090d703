//! To whom people were sent at their interview.

use super::super::super::challenge::{Challenge, Told};
use super::super::{part, table, text};
use crate::figures::Table;

/// The answers of an interview that send her to somebody.
const TO_SOMEBODY: [(&str, &str, &[&str]); 3] = [
    ("39\u{a0}89, Tabac info service", "to_3989", &["yes"]),
    ("Médecin traitant", "to_gp", &["yes"]),
    ("Tabacologue", "to_tabacologue", &["yes"]),
];

fn is_sent_elsewhere(told: &Told<'_>) -> bool {
    told.has("to_entry") || told.has("to_other")
}

/// Whether an interview that was finished sent her to somebody, or to substitutes that were prescribed.
pub(super) fn is_referred(challenge: &Challenge<'_>) -> bool {
    let sent = |told: &Told<'_>| {
        TO_SOMEBODY.iter().any(|(_, name, codes)| answers_one_of(told, name, codes))
            || is_sent_elsewhere(told)
            || told.is("substitutes", "prescribed")
    };
    challenge.interviewed && challenge.interview.as_ref().is_some_and(sent)
}

fn answers_one_of(told: &Told<'_>, name: &str, codes: &[&str]) -> bool {
    told.code(name).is_some_and(|code| codes.contains(&code))
}

pub(super) fn referrals(signed_up: &[&Challenge<'_>]) -> Table {
    let interviews: Vec<_> =
        signed_up.iter().filter(|one| one.interviewed).filter_map(|one| one.interview.as_ref()).collect();
    let all = interviews.len();
    let row = |label: &str, keep: &dyn Fn(&Told<'_>) -> bool| {
        vec![text(label), part(interviews.iter().filter(|told| keep(told)).count(), all)]
    };
    let referred = signed_up.iter().filter(|one| is_referred(one)).count();
    let mut rows = vec![vec![text("Une orientation au moins"), part(referred, all)]];
    rows.extend(TO_SOMEBODY.map(|(label, name, codes)| row(label, &|told| answers_one_of(told, name, codes))));
    rows.push(row("Quelqu’un d’autre", &is_sent_elsewhere));
    let substitutes = |codes: &'static [&str]| move |told: &Told<'_>| answers_one_of(told, "substitutes", codes);
    rows.push(row("Substituts dont il a été parlé", &substitutes(&["discussed", "prescribed"])));
    rows.push(row("Substituts prescrits", &substitutes(&["prescribed"])));
    table(
        "referrals",
        "Orientations",
        "Parmi les bilans faits. Une personne peut avoir plusieurs orientations\u{a0}: vers quelqu’un, ou des substituts \
         prescrits.",
        &["Vers", "Personnes"],
        rows,
    )
}
