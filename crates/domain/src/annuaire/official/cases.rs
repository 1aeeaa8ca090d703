//! The cases of `annuaire/cases/official.json`: files as they are published, and what must be made of them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::rpps::{Column, TITLES};
use super::*;
use crate::annuaire::directory::Commune;
use crate::french::ill_set;
use crate::time::{Day, day_of};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    #[serde(default)]
    files: Vec<String>,
    /// In place of files, the bytes themselves.
    text: Option<String>,
    asked: Option<String>,
    area: Vec<(String, String, Vec<String>)>,
    /// By kept row, what each column holds; the others are empty.
    cells: Option<Vec<std::collections::BTreeMap<String, String>>>,
    /// Cards without their origins; `@` stands for a site known by its address alone.
    entries: Option<Vec<Value>>,
    counts: Option<Expected>,
    refused: Option<Vec<(u64, String)>>,
    /// The file these refusals are of; else the last one.
    refused_file: Option<String>,
    unreadable: Option<String>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Expected {
    lines: u64,
    kept: u64,
    refused: u64,
}

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/annuaire/cases")
}

fn on() -> Day {
    Day(day_of("2026-11-01").expect("a day"))
}

fn area(case: &Case) -> Area {
    let commune = |(insee, name, postal_codes): &(String, String, Vec<String>)| Commune {
        insee: insee.clone(),
        name: name.clone(),
        postal_codes: postal_codes.clone(),
        ..Commune::default()
    };
    Area::of(&case.area.iter().map(commune).collect::<Vec<_>>())
}

/// The files of a case with their names, whole.
fn contents(case: &Case) -> Vec<(String, Vec<u8>)> {
    let read = |name: &String| (name.clone(), std::fs::read(folder().join(name)).expect("a file of the case"));
    let text = case.text.iter().map(|text| (String::new(), text.clone().into_bytes()));
    case.files.iter().map(read).chain(text).collect()
}

fn cards(intake: Intake) -> Vec<Value> {
    let card = |entry| {
        let Ok(Value::Object(mut card)) = serde_json::to_value(entry) else { panic!("a card is an object") };
        let origins = card.remove("origins");
        let finess = card["kind"] == "structure";
        let source = if finess { "finess:2026-11-01" } else { "rpps:2026-11-01" };
        assert_eq!(origins, Some(json!({"most": {"s": source, "on": "2026-11-01"}})));
        if let Some(Value::Object(sites)) = card.get_mut("sites") {
            let anonymous = |key: &&String| key.len() == 17 && key.starts_with('A');
            if let Some(key) = sites.keys().find(anonymous).cloned() {
                let site = sites.remove(&key).expect("the site");
                sites.insert("@".to_owned(), site);
            }
        }
        Value::Object(card)
    };
    intake.entries(on()).into_iter().map(card).collect()
}

/// Spaces of an absent list of lines are told as an empty list in the cases.
fn tidy(mut card: Value) -> Value {
    for site in card["sites"].as_object_mut().into_iter().flat_map(|sites| sites.values_mut()) {
        if let Some(address) = site["address"].as_object_mut()
            && address.get("lines").is_some_and(|lines| *lines == json!([]))
        {
            address.remove("lines");
        }
    }
    card
}

fn judge(case: &Case) {
    let mut intake = Intake::new(area(case));
    let asked = case.asked.as_deref().map(|_| FileKind::Activities);
    let mut read = Ok(Counts::default());
    for (name, bytes) in contents(case) {
        intake.begin(asked);
        read = intake.push(&bytes).and_then(|()| intake.end());
        if let Some(refused) = case.refused.as_ref().filter(|_| case.refused_file.as_ref().is_none_or(|of| *of == name))
        {
            let told: Vec<(u64, String)> =
                intake.refusals.iter().map(|one| (one.line, one.reason.to_string())).collect();
            assert_eq!(&told, refused, "{}", case.name);
        }
    }
    match (&case.unreadable, read) {
        (Some(sentence), read) => {
            assert_eq!(read.map_err(|error| error.to_string()).as_ref(), Err(sentence), "{}", case.name);
        }
        (None, read) => {
            let counts = read.unwrap_or_else(|error| panic!("{}: {error}", case.name));
            if let Some(expected) = &case.counts {
                let Counts { lines, kept, refused } = counts;
                assert_eq!(&Expected { lines, kept, refused }, expected, "{}", case.name);
            }
        }
    }
    if let Some(expected) = &case.entries {
        let cards = cards(intake);
        assert_eq!(cards.len(), expected.len(), "{}", case.name);
        for (card, expected) in cards.into_iter().zip(expected) {
            assert_eq!(card, tidy(expected.clone()), "{}", case.name);
        }
    }
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(folder().join("official.json")).expect("the cases");
    serde_json::from_str::<Cases>(&text).expect("cases are well written").cases
}

#[test]
fn every_case_is_read_as_it_says() {
    let cases = cases();
    assert!(cases.len() > 20, "the cases are there");
    for case in &cases {
        assert!(!case.source.is_empty(), "{} has a source", case.name);
        judge(case);
    }
}

#[test]
fn each_column_is_read_where_it_is() {
    let column = |rank: usize| Column::ALL[rank];
    let mut judged = 0;
    for case in cases() {
        let Some(expected) = &case.cells else { continue };
        let (_, bytes) = contents(&case).swap_remove(0);
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let reader = rpps::Reader::new(lines.next().expect("a header")).expect("the header is read");
        let mut rows = lines.filter_map(|line| match reader.row(line, &area(&case)) {
            Row::Kept(activity) => Some(activity),
            Row::Elsewhere => None,
            Row::Refused(reason) => panic!("{reason}"),
        });
        for expected in expected {
            let row = rows.next().expect("a row");
            for (rank, title) in TITLES.iter().enumerate() {
                let expected = expected.get(*title).map_or("", String::as_str);
                assert_eq!(row.get(column(rank)), expected, "{}: {title}", case.name);
                judged += 1;
            }
        }
    }
    assert_eq!(judged, 3 * TITLES.len());
}

#[test]
fn a_file_says_the_same_however_it_is_cut() {
    for case in cases().iter().filter(|case| case.unreadable.is_none()) {
        let mut whole = Intake::new(area(case));
        let mut cut = Intake::new(area(case));
        for (step, (_, bytes)) in contents(case).into_iter().enumerate() {
            whole.begin(None);
            cut.begin(None);
            whole.push(&bytes).expect("it is read whole");
            for piece in bytes.chunks(1 + step * 7) {
                cut.push(piece).expect("it is read in pieces");
            }
            assert_eq!(whole.end(), cut.end(), "{}", case.name);
            assert_eq!(whole.refusals, cut.refusals, "{}", case.name);
        }
        assert_eq!(whole.entries(on()), cut.entries(on()), "{}", case.name);
    }
}

#[test]
fn what_is_told_is_well_set() {
    for case in cases() {
        // The official titles of columns have straight apostrophes.
        let told = case.unreadable.iter().chain(case.refused.iter().flatten().map(|(_, sentence)| sentence));
        for sentence in told.filter(|sentence| !sentence.contains("Il manque")) {
            assert_eq!(ill_set(sentence), None);
        }
    }
}

/// A territory astride two départements: the commune decides, today's code or one of before a merger.
#[test]
fn two_departements_are_one_territory() {
    let commune = |insee: &str, postal_code: &str, former: &[&str]| Commune {
        insee: insee.into(),
        postal_codes: vec![postal_code.into()],
        former: former.iter().map(|code| (*code).to_owned()).collect(),
        ..Commune::default()
    };
    let area = Area::of(&[commune("31033", "31190", &[]), commune("09282", "09700", &["09283"])]);
    let mut file = TITLES.join("|");
    let rows = [
        ("99700000013", "31190", "31033"),
        ("99700000021", "09700", "09282"),
        ("99700366240", "09700", "09283"),
        // The postal code of ours, a commune that is not.
        ("99700000039", "09700", "09220"),
        ("99700000047", "31190", ""),
    ];
    for (id, postal_code, insee) in rows {
        let mut cells = [""; TITLES.len()];
        for (column, text) in [
            (Column::IdType, "8"),
            (Column::Id, id),
            (Column::Name, "EXEMPLE"),
            (Column::ProfessionCode, "60"),
            (Column::PostalCode, postal_code),
            (Column::CommuneCode, insee),
        ] {
            cells[column as usize] = text;
        }
        file = file + "\n" + &cells.join("|");
    }
    let mut intake = Intake::new(area);
    intake.begin(None);
    intake.push(file.as_bytes()).and_then(|()| intake.end()).expect("a file");
    assert!(intake.refusals.is_empty(), "{:?}", intake.refusals);
    let places: Vec<_> = intake
        .entries(on())
        .into_iter()
        .map(|entry| {
            let address = entry.sites.into_values().next().and_then(|site| site.address);
            (entry.rpps.unwrap_or_default(), address.and_then(|address| address.commune))
        })
        .collect();
    let expected = [
        ("99700000013", Some("31033")),
        ("99700000021", Some("09282")),
        ("99700000047", None),
        ("99700366240", Some("09282")),
    ];
    assert_eq!(places, expected.map(|(id, commune)| (id.to_owned(), commune.map(str::to_owned))));
}

mod any_bytes {
    use proptest::prelude::*;

    use super::*;

    /// Bytes close enough to the files to go far in.
    fn soup() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(TITLES.join("|").into_bytes()),
            Just(savoir_faire::TITLES.join("|").into_bytes()),
            Just(diplomas::TITLES.join("|").into_bytes()),
            Just(mssante::TITLES.join("|").into_bytes()),
            Just(b"finess;etalab;1;2026-11-01".to_vec()),
            Just(b"structureet;".to_vec()),
            Just(b"geolocalisation;310000016;577000.5;6251000.2;EPSG:2154".to_vec()),
            Just(b"8|99700000013|899700000013".to_vec()),
            Just(b"|31190|31033|Auterive|".to_vec()),
            Just(vec![b'|'; 27]),
            Just(vec![b';'; 20]),
            Just(b"\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\xef\xbb\xbf".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..40),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    /// Any text without separators, and often what a reader decides on.
    fn cell() -> impl Strategy<Value = String> {
        let known = ["", "", "8", "31190", "31033", "99700000013", "899700000013", "31190 AUTERIVE", "310000013"];
        prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), "[^|;\\r\\n]{0,9}"]
    }

    fn auterive() -> Area {
        let commune = Commune {
            insee: "31033".into(),
            name: "Auterive".into(),
            postal_codes: vec!["31190".into()],
            ..Commune::default()
        };
        Area::of(&[commune])
    }

    proptest! {
        #[test]
        fn never_panic_a_reader(bytes in soup(), cut in 1_usize..50) {
            let mut intake = Intake::new(auterive());
            intake.begin(None);
            let read = bytes.chunks(cut).try_for_each(|piece| intake.push(piece));
            if let Err(error) = read.and_then(|()| intake.end().map(|_| ())) {
                prop_assert!(error.to_string().ends_with("Rien n’a été importé."));
            }
            let _ = intake.entries(on());
        }

        #[test]
        fn never_panic_a_row(line in proptest::collection::vec(any::<u8>(), 0..400), bars in 40_usize..60) {
            let people = ["99700000013".to_owned()].into();
            let activities = rpps::Reader::new(TITLES.join("|").as_bytes()).expect("the header");
            let _ = activities.row(&line, &auterive());
            let line = [line.as_slice(), &vec![b'|'; bars]].concat();
            let _ = activities.row(&line, &auterive());
            let _ = finess::Reader::new(b"finess;etalab").expect("the first line").row(&line, &auterive());
            for titles in [savoir_faire::TITLES.as_slice(), &diplomas::TITLES, &mssante::TITLES] {
                let _ = FileKind::of(titles.join("|").as_bytes()).expect("a header");
            }
            let reader = mssante::Reader::new(mssante::TITLES.join("|").as_bytes()).expect("the header");
            let _ = reader.row(&line, &people);
        }

        #[test]
        fn never_panic_a_whole_row(activity in proptest::collection::vec(cell(), 56), structure in proptest::collection::vec(cell(), 32)) {
            let activities = rpps::Reader::new(TITLES.join("|").as_bytes()).expect("the header");
            let row = activities.row(activity.join("|").as_bytes(), &auterive());
            let whole = !matches!(row, Row::Refused(Reason::Columns { .. } | Reason::Encoding));
            prop_assert!(whole);
            if let Row::Kept(activity) = row {
                let _ = gather(&[*activity], &Extras::default(), on()).count();
            }
            let mut structure = structure;
            (structure[0], structure[12], structure[13]) = ("structureet".into(), "033".into(), "31".into());
            let reader = finess::Reader::new(b"finess;etalab").expect("the first line");
            prop_assert!(reader.row(structure.join(";").as_bytes(), &auterive()) != Row::Elsewhere);
        }

        #[test]
        fn the_day_of_a_name_is_a_day(name in ".{0,60}") {
            let _ = day_of_name(&name);
        }
    }
}
