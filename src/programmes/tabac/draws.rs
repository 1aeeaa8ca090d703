//! The draws of every edition, in their order: none is forgotten, drawn or not.

use chrono::NaiveDate;
use domain::form::Answers;
use domain::french::{NBSP, full_day};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::programme::Noted;
use domain::programmes::tabac::DRAW;
use domain::programmes::tabac::settings::editions;

/// One draw among those of its edition.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub id: RecordId,
    /// The record that stands for its edition.
    pub edition: Option<RecordId>,
    /// « Tirage n° 2 de l’édition 2026 »
    pub title: String,
    /// « liste du 16 déc. 2026, tirée »
    pub state: String,
    /// Its seed was never said, and will not be: the day has passed, or another list was frozen since.
    pub left: bool,
    /// The day its edition gives to the draw, while it is to come.
    pub early: Option<NaiveDate>,
}

/// « Le tirage est prévu le 16 déc. 2026. »: what doing it before means, since nobody takes it back.
pub fn told_early(planned: NaiveDate) -> String {
    format!(
        "Le tirage est prévu le {}. Tiré avant ce jour, il laisse de côté les personnes qui répondront aux prochains appels, \
         et un tirage ne se supprime pas.",
        full_day(planned)
    )
}

/// The draws among these records, the newest first. One says the year of its edition, as people who hold its sheet know it.
pub fn draws(records: &[Noted<'_>], today: NaiveDate) -> Vec<Told> {
    let editions = editions(records);
    let mut frozen: Vec<&Noted<'_>> = records.iter().filter(|noted| noted.kind == DRAW.id).collect();
    // Ids follow the time.
    sort_by_key(&mut frozen, |noted| noted.id);
    let edition = |noted: &Noted<'_>| editions.named(&Answers(noted.fields), None);
    let told = |(at, noted): (usize, &&Noted<'_>)| {
        let (fields, of) = (Answers(noted.fields), edition(noted));
        let rank = 1 + frozen[..at].iter().filter(|before| edition(before) == of).count();
        let followed = frozen[at + 1..].iter().any(|after| edition(after) == of);
        let (on, drawn) = (fields.date("frozen_on"), fields.has("seed"));
        let left = !drawn && (followed || on.is_some_and(|on| on < today));
        let state = match (drawn, left) {
            (true, _) => "tirée",
            (false, true) => "arrêtée et jamais tirée",
            (false, false) => "en attente de la graine",
        };
        Told {
            id: noted.id,
            edition: of,
            title: match editions.of(of).year {
                0 => format!("Tirage n°{NBSP}{rank}, édition non précisée"),
                year => format!("Tirage n°{NBSP}{rank} de l’édition {year}"),
            },
            state: format!("liste du {}, {state}", on.map(full_day).unwrap_or_default()),
            left,
            early: editions.of(of).draw_on.filter(|on| *on > today),
        }
    };
    let mut told: Vec<Told> = frozen.iter().enumerate().map(told).collect();
    told.reverse();
    told
}

#[cfg(test)]
mod tests {
    use domain::Fields;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn told(records: &[(u128, &str, Value)], today: &str) -> Vec<(String, String, bool)> {
        let fields: Vec<Fields> =
            records.iter().map(|(.., fields)| serde_json::from_value(fields.clone()).expect("fields")).collect();
        let noted: Vec<Noted<'_>> =
            records.iter().zip(&fields).map(|((n, kind, _), fields)| Noted { id: id(*n), kind, fields }).collect();
        draws(&noted, today.parse().expect("a day")).into_iter().map(|one| (one.title, one.state, one.left)).collect()
    }

    fn line(title: &str, state: &str, left: bool) -> (String, String, bool) {
        (title.replace("n° ", "n°\u{a0}"), state.replace(" déc. ", "\u{a0}déc.\u{a0}"), left)
    }

    #[test]
    fn every_draw_of_an_edition_is_told_with_its_rank() {
        let list =
            |edition: u128, on: &str, seed: &str| json!({ "edition": id(edition), "frozen_on": on, "seed": seed });
        // Two coordinators prepared 2026: it is one edition, and its draws follow each other.
        let records = [
            (1, "tabac-edition", json!({ "year": 2026 })),
            (2, "tabac-edition", json!({ "year": 2026 })),
            (3, "tabac-edition", json!({ "year": 2025 })),
            (12, "tabac-draw", list(2, "2026-12-16", "houx")),
            (11, "tabac-draw", list(1, "2026-12-16", "")),
            (13, "tabac-draw", list(1, "2026-12-17", "")),
            (10, "tabac-draw", list(3, "2025-12-16", "")),
            (14, "tabac-draw", json!({ "frozen_on": "2026-12-17" })),
        ];
        assert_eq!(
            told(&records, "2026-12-17"),
            [
                line("Tirage n° 1, édition non précisée", "liste du 17 déc. 2026, en attente de la graine", false),
                line("Tirage n° 3 de l’édition 2026", "liste du 17 déc. 2026, en attente de la graine", false),
                line("Tirage n° 2 de l’édition 2026", "liste du 16 déc. 2026, tirée", false),
                line("Tirage n° 1 de l’édition 2026", "liste du 16 déc. 2026, arrêtée et jamais tirée", true),
                line("Tirage n° 1 de l’édition 2025", "liste du 16 déc. 2025, arrêtée et jamais tirée", true),
            ]
        );
        let next_day = told(&records, "2026-12-18");
        assert!(next_day[1].2 && next_day[1].1.ends_with("jamais tirée"), "nobody said a seed that day: {next_day:?}");
    }

    #[test]
    fn a_draw_before_its_day_is_told_until_that_day() {
        let early = |today: &str| {
            let edition = json!({ "year": 2026, "draw_on": "2026-12-16" });
            let fields = [edition, json!({ "edition": id(1), "frozen_on": "2026-11-23" })]
                .map(|fields| serde_json::from_value::<Fields>(fields).expect("fields"));
            let kinds = ["tabac-edition", "tabac-draw"];
            let noted: Vec<Noted<'_>> = (1..)
                .zip(kinds.iter().zip(&fields))
                .map(|(n, (kind, fields))| Noted { id: id(n), kind, fields })
                .collect();
            draws(&noted, today.parse().expect("a day"))[0].early
        };
        let planned = early("2026-12-15").expect("it is to come");
        assert!(
            told_early(planned)
                .replace('\u{a0}', " ")
                .starts_with("Le tirage est prévu le 16 déc. 2026. Tiré avant ce jour, ")
        );
        assert_eq!([early("2026-12-16"), early("2026-12-17")], [None, None], "its day has come");
    }
}
