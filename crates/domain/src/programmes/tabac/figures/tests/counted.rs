//! Who and what is counted, where, and only once.

use super::super::super::made_up::id;
use super::*;
use crate::french::full_day;

fn row<'r>(rows: &'r [Vec<Cell>], begins: &str) -> &'r [Cell] {
    let named = |row: &&Vec<Cell>| matches!(&row[0], Cell::Text(text) if text.starts_with(begins));
    rows.iter().find(named).unwrap_or_else(|| panic!("no line {begins}"))
}

fn notes(territory: &Territory, figures: &Figures) -> String {
    territory.draw(figures, None).notes.join(" ").replace('\u{a0}', " ")
}

#[test]
fn whoever_was_signed_up_at_no_stand_has_a_line_and_the_total_is_everybody() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    territory.challenger(stand, "none");
    let (_, elsewhere) = territory.challenger(stand, "none");
    territory.book.set(elsewhere, "stand", "".into());
    let (_, gone) = territory.challenger(id(999), "none");
    territory.book.set(gone, "co_ppm", serde_json::Value::Null);
    let rows = territory.rows(&REPORT, "stands");
    assert_eq!(row(&rows, "Hors stand")[9..], [2, 1, 2].map(Cell::Count));
    assert_eq!(row(&rows, "Total")[9..], [3, 2, 3].map(Cell::Count));
    let rows = territory.rows(&REPORT, "by-stand");
    assert_eq!(row(&rows, "Hors stand")[2], Cell::Count(2));
    assert_eq!(rows.len(), 6, "two lines, three horizons");
}

#[test]
fn a_structure_does_not_give_back_what_a_stand_hides() {
    let mut territory = Territory::new();
    for (place, structure, people) in
        [("A petit", "CPTS", 3), ("B grand", "CPTS", 20), ("C moyen", "Clinique", 12), ("D grand", "Clinique", 30)]
    {
        let stand = territory.stand(place, structure);
        (0..people).for_each(|_| _ = territory.challenger(stand, "none"));
    }
    let shown = |table| -> Vec<Cell> {
        let rows = territory.rows(&REPORT, table).into_iter().filter(|row| row.contains(&text("J30")));
        let told = rows.filter(|row| row[row.len() - 3] != Cell::Hidden);
        told.map(|row| row[0].clone()).collect()
    };
    assert_eq!(shown("by-stand"), ["B grand", "D grand"].map(text));
    assert!(shown("by-structure").is_empty(), "CPTS less B would be A");
    assert_eq!(shown("editions"), [text("2026")], "an edition is no part of another");
}

#[test]
fn an_edition_hides_itself_alone() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    (0..12).for_each(|_| _ = territory.challenger(stand, "none"));
    let old = territory.book.edition(json!({ "year": 2025 }));
    let (_, sign_up) = territory.challenger(stand, "none");
    territory.book.set(sign_up, "edition", old.to_string().into());
    let rows = territory.rows(&REPORT, "editions");
    assert_eq!(row(&rows, "2026")[3..5], [Cell::Count(12), part(12, 12)]);
    assert_eq!(row(&rows, "2025")[3..5], [Cell::Count(1), Cell::Hidden]);
}

#[test]
fn what_fell_due_before_somebody_left_was_planned() {
    let planned = |leave: &dyn Fn(&mut Territory, RecordId)| {
        let mut territory = Territory::new();
        let stand = territory.stand("Marché", "");
        let (person, _) = territory.challenger(stand, "");
        leave(&mut territory, person);
        let rows = territory.rows(&REPORT, "calls");
        let names: Vec<String> = (rows.iter().filter(|row| row[1] == Cell::Count(1)))
            .map(|row| if let Cell::Text(name) = &row[0] { name.clone() } else { String::new() })
            .collect();
        names.join(" ")
    };
    let all = "J0 J7 J15 J30 M3 M6";
    assert_eq!(planned(&|_, _| ()), all);
    let withdrawn = |territory: &mut Territory, person, on: &str| {
        let agreed = territory.book.consent(person, Purpose::CallBack, true, &[]);
        let no = territory.book.consent(person, Purpose::CallBack, false, &[(agreed, true)]);
        territory.book.set(no, crate::record::STARTED_AT, super::super::super::made_up::at(day(on), 9).0.into());
    };
    // The windows of 1 November: J0 from the 1st, J7 from the 6th, J15 from the 13th.
    assert_eq!(planned(&|territory, person| withdrawn(territory, person, "2026-11-13")), "J0 J7");
    assert_eq!(planned(&|territory, person| withdrawn(territory, person, "2026-11-14")), "J0 J7 J15");
    assert_eq!(planned(&|territory, person| withdrawn(territory, person, "2026-10-20")), "", "never agreed");
    let noted = |territory: &mut Territory, person, answers| {
        territory.book.add("tabac-call", person, day("2026-11-12"), answers);
    };
    let dead = json!({ "outcome": "dead" });
    assert_eq!(planned(&|territory, person| noted(territory, person, dead.clone())), "J0 J7");
    let moved = json!({ "outcome": "moved", "traceable": "no" });
    assert_eq!(planned(&|territory, person| noted(territory, person, moved.clone())), "J0 J7");
}

#[test]
fn a_call_that_was_begun_counts_in_its_own_line_alone() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let (person, _) = territory.challenger(stand, "");
    let begun = json!({ "step": "j7", "outcome": "reached", "smoked_since": "none" });
    territory.book.draft("tabac-call", Some(person), day("2026-11-08"), 10, begun);
    let rows = territory.rows(&REPORT, "sign-ups");
    assert_eq!(row(&rows, "Appels commencés")[1], Cell::Count(1));
    assert_eq!(row(&rows, "Suivies")[1], Cell::Count(0));
    assert_eq!(territory.rows(&REPORT, "calls")[1][1..], [Cell::Count(1), Cell::Hidden, Cell::Hidden]);
    let document = territory.draw(&REPORT, None);
    let note = &document.tables.iter().find(|table| table.id == "calls").expect("the table").note;
    assert!(note.ends_with(": 0."), "{note}");
}

#[test]
fn a_number_on_two_sheets_is_told_in_the_edition_of_one_of_them_only() {
    let mut territory = Territory::new();
    let old = territory.book.edition(json!({ "year": 2025 }));
    let stand = territory.stand("Marché", "");
    let (first, _) = territory.challenger(stand, "");
    let (second, sign_up) = territory.challenger(stand, "");
    for (person, name) in [(first, "Odette"), (second, "Rosalie")] {
        territory.book.set(person, "phone", "06 39 98 00 01".into());
        territory.book.set(person, "given_name", name.into());
    }
    let told = |territory: &Territory, of| {
        let document = territory.draw(&REPORT, Some(of));
        let rows = document.tables.into_iter().find(|table| table.id == "sign-ups").expect("the table").rows;
        row(&rows, "Numéros portés")[1].clone()
    };
    assert_eq!((told(&territory, territory.edition), told(&territory, old)), (Cell::Count(1), Cell::Count(0)));
    territory.book.set(sign_up, "edition", old.to_string().into());
    assert_eq!((told(&territory, territory.edition), told(&territory, old)), (Cell::Count(1), Cell::Count(1)));
}

#[test]
fn a_rate_of_nobody_is_not_hidden() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    territory.challenger(stand, "");
    assert_eq!(territory.rows(&REPORT, "referrals")[0][1], part(0, 0), "no interview");
    let (none, small) = (part(0, 0), Cell::Hidden);
    assert_eq!(territory.rows(&REPORT, "results")[0][2..6], [small.clone(), small.clone(), small.clone(), small]);
    assert_eq!(row(&territory.rows(&REPORT, "sign-ups"), "Succès différés")[1], Cell::Hidden);
    (0..10).for_each(|_| _ = territory.challenger(stand, "more-than-5"));
    assert_eq!(row(&territory.rows(&REPORT, "sign-ups"), "Succès différés")[1], Cell::Count(10));
    territory.book.records.retain(|(_, kind, _)| *kind != "tabac-challenger");
    assert_eq!(territory.rows(&REPORT, "results")[0][2..6], [none.clone(), none.clone(), none.clone(), none]);
}

#[test]
fn whoever_was_deleted_counts_nowhere() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    territory.challenger(stand, "none");
    let (gone, _) = territory.challenger(stand, "none");
    territory.book.pair(gone, day("2026-10-28"), 7, "yes");
    territory.book.consent(gone, Purpose::Draw, true, &[]);
    territory.book.records.retain(|(id, ..)| *id != gone);
    assert_eq!(territory.rows(&REPORT, "results")[0][1], Cell::Count(1));
    assert_eq!(row(&territory.rows(&REPORT, "stands"), "Total")[9], Cell::Count(1));
    assert_eq!(territory.rows(&LOAD, "load")[0][2], Cell::Count(0));
    assert_eq!((territory.rows(&LOAD, "without").len(), territory.rows(&DRAW, "eligible").len()), (1, 0));
}

#[test]
fn two_records_of_one_year_are_counted_as_one_edition() {
    let mut territory = Territory::new();
    let first = territory.edition;
    let mut stand = territory.stand("Marché", "");
    territory.challenger(stand, "none");
    territory.edition = territory.book.edition(json!({ "year": 2026, "m12": "yes" }));
    stand = territory.stand("Halle", "");
    territory.challenger(stand, "none");
    let session = json!({ "edition": territory.edition.to_string(), "on": "2026-11-12" });
    territory.book.add_at("tabac-session", None, day("2026-11-12"), 9, session);
    let newer = territory.book.edition(json!({ "year": 2027 }));
    for of in [first, territory.edition] {
        let document = territory.draw(&REPORT, Some(of));
        let choices: Vec<_> = document.choices.iter().map(|choice| (choice.record, choice.chosen)).collect();
        assert_eq!(choices, [(newer, false), (first, true)]);
        let rows = |table: &str| &document.tables.iter().find(|found| found.id == table).expect("a table").rows;
        assert_eq!(row(rows("summary"), "Stands")[1], Cell::Count(2));
        assert_eq!(row(rows("summary"), "Séances")[1], Cell::Count(1));
        assert_eq!(row(rows("stands"), "Total")[9], Cell::Count(2));
        assert_eq!(rows("editions").len(), 6, "the earliest record decides: no M12");
    }
}

#[test]
fn what_names_an_edition_that_is_gone_is_told_and_hidden_from_nobody() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    territory.book.set(stand, "edition", id(999).to_string().into());
    let (alone, sign_up) = territory.challenger(stand, "none");
    territory.book.set(sign_up, "edition", id(999).to_string().into());
    for figures in [&REPORT, &DRAW] {
        assert!(notes(&territory, figures).contains("Inscriptions sans édition connue : 1."), "{}", figures.id);
    }
    assert!(notes(&territory, &REPORT).contains("Stands sans édition connue : 1."));
    assert_eq!(row(&territory.rows(&REPORT, "summary"), "Inscriptions")[1], Cell::Count(0));
    for (figures, rows) in [(&LOAD, "without"), (&AGREED, "answers")] {
        assert_eq!(territory.rows(figures, rows)[0][0], Cell::Record(sign_up), "{rows}");
    }
    territory.book.pair(alone, day("2026-10-28"), 7, "yes");
    assert_eq!(territory.rows(&LOAD, "load")[0][2], Cell::Count(1));
    // Somebody of the edition was signed up there: the stand is one of its lines.
    territory.challenger(stand, "none");
    assert_eq!(row(&territory.rows(&REPORT, "by-stand"), "Marché")[2], Cell::Count(1));
}

#[test]
fn whoever_refuses_to_be_shared_is_to_be_entrusted_again() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let (person, sign_up) = territory.challenger(stand, "none");
    territory.book.pair(person, day("2026-10-28"), 7, "yes");
    assert!(territory.rows(&LOAD, "without").is_empty());
    territory.book.consent(person, Purpose::ShareNamed, false, &[]);
    assert_eq!(territory.rows(&LOAD, "load")[0][2], Cell::Count(0));
    assert_eq!(territory.rows(&AGREED, "answers"), [vec![Cell::Record(sign_up), text("no")]]);
}

#[test]
fn a_call_for_projects_is_answered_on_one_page() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    territory.book.add("tabac-tally", stand, day("2026-10-24"), json!({ "met": 60, "co_tests": 20, "kits": 31 }));
    let people: Vec<_> = ["none", "none", "more-than-5"]
        .into_iter()
        .chain(std::iter::repeat_n("", 9))
        .map(|said| territory.challenger(stand, said).0)
        .collect();
    for (person, answers) in [
        (people[0], json!({ "to_3989": "yes" })),
        (people[1], json!({ "to_other": "Une diététicienne" })),
        (people[2], json!({ "substitutes": "prescribed" })),
        (people[3], json!({ "substitutes": "discussed", "to_gp": "no" })),
    ] {
        territory.book.add("tabac-interview", person, day("2026-11-03"), answers);
    }
    let begun = json!({ "to_gp": "yes" });
    territory.book.draft("tabac-interview", Some(people[4]), day("2026-11-03"), 10, begun);
    let rows = territory.rows(&REPORT, "summary");
    let note = |territory: &Territory| territory.draw(&REPORT, None).tables[0].note.clone();
    assert!(note(&territory).contains("sont donnés à M6,"), "{}", note(&territory));
    let told: Vec<_> = rows.iter().map(|row| row[1].clone()).collect();
    assert_eq!(told[1..3], [Cell::Text(format!("le {}", full_day(day("2026-10-24")))), text("aucune")]);
    let counts = [0, 60, 20, 31, 12, 12, 3, 4].map(Cell::Count);
    assert_eq!(told[3..11], counts);
    assert_eq!(told[11], Cell::Hidden, "three of four interviews");
    assert_eq!(told[12..], [Cell::Count(12), part(0, 12), part(0, 12), part(0, 12)], "M6, that everybody is past");
    assert_eq!(row(&rows, "Comptées à M6")[1], Cell::Count(12));
    for (place, on, commune) in
        [("Halle", "2026-11-03", "Venerque"), ("Foire", "2026-11-02", "auterive"), ("Gare", "2026-10-30", "Auterive ")]
    {
        let stand = territory.stand(place, "");
        territory.book.set(stand, "on", on.into());
        territory.book.set(stand, "commune", commune.into());
    }
    let told: Vec<_> = territory.rows(&REPORT, "summary").into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(
        told[..3],
        [
            Cell::Count(4),
            Cell::Text(format!("du {} au {}", full_day(day("2026-10-24")), full_day(day("2026-11-03")))),
            text("Auterive, Venerque")
        ]
    );
    let planned = territory.stand("Salon", "");
    territory.book.set(planned, "on", "2027-10-30".into());
    let session = json!({ "edition": territory.edition.to_string(), "on": "2027-10-30", "others": 6 });
    territory.book.add_at("tabac-session", None, day("2026-11-12"), 9, session);
    let still = territory.rows(&REPORT, "summary");
    assert_eq!((&still[0][1], &still[1][1], &still[3][1]), (&told[0], &told[1], &Cell::Count(0)), "not held yet");
    let followed = row(&territory.rows(&REPORT, "sign-ups"), "Suivies")[1].clone();
    assert_eq!(followed, Cell::Count(3));
}
