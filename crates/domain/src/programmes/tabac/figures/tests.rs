//! Documents over an edition made up by hand.

mod counted;

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::super::made_up::{Book, clock, day};
use super::*;
use crate::french::ill_set;
use crate::people::Purpose;
use crate::programmes::{FIGURES, PROGRAMMES};

const CLAIRE: AccountId = AccountId(Uuid::from_u128(7));
const KARIM: AccountId = AccountId(Uuid::from_u128(8));
/// She coordinates, and follows nobody.
const NADIA: AccountId = AccountId(Uuid::from_u128(9));
const TODAY: &str = "2027-06-30";

/// A territory and who is in it.
struct Territory {
    book: Book,
    owners: BTreeMap<RecordId, AccountId>,
    edition: RecordId,
    /// Numbers of telephone already given.
    given: u32,
}

impl Territory {
    fn new() -> Self {
        let mut book = Book::default();
        let edition = book.edition(json!({ "year": 2026, "draw_on": "2026-12-16" }));
        Self { book, owners: BTreeMap::new(), edition, given: 0 }
    }

    fn stand(&mut self, place: &str, structure: &str) -> RecordId {
        let edition = self.edition.to_string();
        let answers = json!({ "edition": edition, "on": "2026-10-24", "place": place, "structure": structure });
        self.book.add_at("tabac-stand", None, day("2026-10-24"), 9, answers)
    }

    /// Signed up at a stand by Nadia, with a number of her own, answering what is said at J30.
    fn challenger(&mut self, stand: RecordId, smoked_since: &str) -> (RecordId, RecordId) {
        self.given += 1;
        let person = self.book.person(&format!("06 39 98 {:02} {:02}", self.given / 100, self.given % 100));
        self.book.set(person, "given_name", "Odette".into());
        self.owners.insert(person, NADIA);
        let answers = json!({
            "edition": self.edition.to_string(), "origin": "stand", "stand": stand.to_string(), "age": "adult",
            "quit_on": "2026-11-01", "kit": "yes", "co_ppm": 14
        });
        let sign_up = self.book.add("tabac-challenger", person, day("2026-10-24"), answers);
        if !smoked_since.is_empty() {
            let said = json!({
                "step": "j30", "outcome": "reached", "smoked_since": smoked_since, "other_tobacco": "none", "co_ppm": 4
            });
            self.book.add("tabac-call", person, day("2026-12-01"), said);
        }
        (person, sign_up)
    }

    fn draw(&self, figures: &Figures, of: Option<RecordId>) -> Document {
        let accounts = [(CLAIRE, "Claire Vidal", true), (KARIM, "Karim Benali", true), (NADIA, "Nadia Roux", false)];
        let accounts = accounts.map(|(id, name, may)| (id, (name.to_owned(), may))).into();
        let (noted, clock) = (self.book.noted(), clock(day(TODAY)));
        let world = World { records: &noted, owners: &self.owners, accounts: &accounts, clock: &clock, of };
        let document = (figures.draw)(&world);
        check_texts(&document);
        document
    }

    fn rows(&self, figures: &Figures, table: &str) -> Vec<Vec<Cell>> {
        let document = self.draw(figures, None);
        let found = document.tables.into_iter().find(|found| found.id == table);
        found.unwrap_or_else(|| panic!("no table {table}")).rows
    }
}

/// Every text is set in French, every row has the cells its head announces.
fn check_texts(document: &Document) {
    let mut texts: Vec<&str> = document.notes.iter().map(String::as_str).collect();
    texts.push(&document.title);
    for table in &document.tables {
        texts.extend([table.title.as_str(), table.note.as_str()]);
        texts.extend(table.head.iter().map(String::as_str));
        for row in &table.rows {
            assert_eq!(row.len(), table.head.len(), "{}", table.id);
            texts.extend(
                row.iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None }),
            );
        }
    }
    for text in texts {
        assert_eq!(ill_set(text), None, "{text}");
    }
}

fn part(count: u32, of: u32) -> Cell {
    Cell::Part { count, of }
}

#[test]
fn figures_are_of_a_programme_and_have_one_name() {
    let mut names = std::collections::BTreeSet::new();
    for figures in FIGURES {
        assert!(PROGRAMMES.iter().any(|programme| programme.id == figures.programme));
        assert!(names.insert((figures.programme, figures.id)) && !figures.readers.is_empty(), "{}", figures.id);
    }
}

#[test]
fn a_territory_without_anything_has_documents() {
    let territory = Territory { book: Book::default(), ..Territory::new() };
    for figures in FIGURES.iter().filter(|figures| figures.programme == "tabac") {
        assert!(!territory.draw(figures, None).tables.is_empty(), "{}", figures.id);
    }
}

#[test]
fn before_anything_is_noted_the_report_says_what_will_be_there() {
    let mut territory = Territory::new();
    let first = |territory: &Territory| territory.draw(&REPORT, None).notes.remove(0);
    assert!(first(&territory).starts_with("Rien n’est encore noté pour cette édition."));
    let rows = |table| territory.rows(&REPORT, table).into_iter();
    let blank = ["summary", "origins", "sign-ups", "referrals", "calls", "results", "editions"]
        .into_iter()
        .find(|table| rows(table).any(|row| row.len() < 2 || row.contains(&text(""))));
    assert_eq!(blank, None, "a nought is written");
    territory.stand("Marché", "");
    assert!(first(&territory).starts_with("Qui n’a pas répondu"));
    let nowhere = Territory { book: Book::default(), ..Territory::new() };
    assert!(first(&nowhere).starts_with("Préparez d’abord l’édition"));
}

#[test]
fn two_phones_that_count_one_stand_are_summed_and_sign_ups_stand_beside() {
    let mut territory = Territory::new();
    let market = territory.stand("Marché", "");
    for tally in [json!({ "met": 30, "co_tests": 4, "kits": 9 }), json!({ "met": 13, "kits": -1, "minors": 2 })] {
        territory.book.add("tabac-tally", market, day("2026-10-24"), tally);
    }
    territory.challenger(market, "");
    territory.challenger(market, "");
    let rows = territory.rows(&REPORT, "stands");
    let counts = [43, 4, 8, 0, 2, 2, 2, 2].map(Cell::Count);
    assert_eq!(rows[0][4..], counts);
    assert_eq!((rows.len(), &rows[1][4..]), (2, &counts[..]), "the total of one stand");
}

#[test]
fn the_three_lines_stand_together_with_what_they_are_out_of() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let said = ["none", "none", "none", "more-than-5", "more-than-5", "", "", "", "", "", "", ""];
    let people = said.map(|smoked_since| territory.challenger(stand, smoked_since));
    let undated = territory.challenger(stand, "");
    territory.book.set(undated.1, "quit_on", "".into());
    territory.book.add("tabac-call", people[11].0, day("2026-11-20"), json!({ "step": "j15", "outcome": "dead" }));
    let rows = territory.rows(&REPORT, "results");
    assert_eq!(rows[0][..5], [text("J30"), Cell::Count(11), part(3, 11), part(3, 11), part(5, 11)]);
    assert_eq!(rows[0][6..], [0, 1, 1, 0].map(Cell::Count), "not yet due, undated, dead, untraceable");
    assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), ["J30", "M3", "M6"].map(text));
    assert_eq!(rows[2][1..5], [Cell::Count(11), part(0, 11), part(0, 11), part(0, 11)]);
}

#[test]
fn small_groups_are_hidden_and_a_subtraction_does_not_give_them_back() {
    let mut territory = Territory::new();
    for (place, structure, people) in [("Grand", "MSP", 14), ("Moyen", "msp", 12), ("Petit", "Clinique", 3)] {
        let stand = territory.stand(place, structure);
        (0..people).for_each(|_| _ = territory.challenger(stand, "none"));
    }
    let j30 = |table| -> Vec<(Cell, Cell, Cell)> {
        let rows = territory.rows(&REPORT, table).into_iter().filter(|row| row.contains(&text("J30")));
        rows.map(|row| (row[0].clone(), row[row.len() - 4].clone(), row[row.len() - 3].clone())).collect()
    };
    let hidden = |name, of| (text(name), Cell::Count(of), Cell::Hidden);
    let mut stands = j30("by-stand");
    stands.sort_by_key(|(name, ..)| format!("{name:?}"));
    assert_eq!(stands, [(text("Grand"), Cell::Count(14), part(14, 14)), hidden("Moyen", 12), hidden("Petit", 3)]);
    assert_eq!(j30("by-structure"), [hidden("Clinique", 3), hidden("MSP", 26)], "one name whatever its case");
    assert_eq!(j30("editions"), [(text("2026"), Cell::Count(29), part(29, 29))]);
    let shown = territory.rows(&REPORT, "results");
    assert_eq!(shown[0][2], part(29, 29));
}

#[test]
fn drafts_count_nowhere_but_in_their_own_line() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let (_, draft) = territory.challenger(stand, "none");
    territory.book.set(draft, crate::record::FINISHED_AT, serde_json::Value::Null);
    let named = |rows: &[Vec<Cell>], begins: &str| -> Cell {
        let row = rows.iter().find(|row| matches!(&row[0], Cell::Text(text) if text.starts_with(begins)));
        row.expect("a row")[1].clone()
    };
    let sign_ups = territory.rows(&REPORT, "sign-ups");
    assert_eq!(
        (named(&sign_ups, "Inscriptions"), named(&sign_ups, "Inscriptions à finir")),
        (Cell::Count(0), Cell::Count(1))
    );
    assert_eq!(territory.rows(&REPORT, "results")[0][1], Cell::Count(0));
    assert_eq!(territory.rows(&REPORT, "stands")[0][9], Cell::Count(0));
    assert!(territory.rows(&DRAW, "eligible").is_empty() && territory.rows(&LOAD, "without").is_empty());
}

#[test]
fn one_person_signed_up_twice_counts_once_and_it_is_said() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let (first, _) = territory.challenger(stand, "none");
    let (second, _) = territory.challenger(stand, "none");
    assert_eq!(territory.rows(&REPORT, "results")[0][1], Cell::Count(2));
    territory.book.set(second, "phone", "+33 6 39 98 00 01".into());
    assert_eq!(territory.rows(&REPORT, "results")[0][1], Cell::Count(1));
    let notes = territory.draw(&REPORT, None).notes.join(" ").replace('\u{a0}', " ");
    assert!(notes.contains("comptées avec la première : 1."), "{notes}");
    territory.book.consent(first, Purpose::Draw, true, &[]);
    territory.book.pair(first, day("2026-10-28"), 7, "yes");
    assert_eq!(territory.rows(&DRAW, "eligible").len(), 1);
    assert_eq!(territory.rows(&LOAD, "load")[0][2], Cell::Count(1));
}

#[test]
fn calls_are_told_by_step() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let people: Vec<_> = (0..12).map(|_| territory.challenger(stand, "none").0).collect();
    for hour in [9, 13, 18] {
        let missed = json!({ "step": "j7", "outcome": "not-reached" });
        territory.book.add_at("tabac-call", Some(people[0]), day("2026-11-08"), hour, missed);
    }
    let refused = json!({ "step": "j7", "outcome": "refused" });
    territory.book.add("tabac-call", people[1], day("2026-11-08"), refused);
    let rows = territory.rows(&REPORT, "calls");
    assert_eq!(rows[1], [text("J7"), Cell::Count(12), part(2, 12), part(0, 12)]);
    // Who refused at J7 and answered at J30 was no more to be called at J15.
    assert_eq!(rows[2], [text("J15"), Cell::Count(11), part(0, 11), part(0, 11)]);
    assert_eq!(rows[3], [text("J30"), Cell::Count(12), part(12, 12), part(12, 12)]);
    let document = territory.draw(&REPORT, None);
    let note = &document.tables.iter().find(|table| table.id == "calls").expect("the table").note;
    assert!(note.ends_with("16."), "{note}");
}

#[test]
fn who_follows_whom_is_read_from_the_pairs_then_from_whose_she_is() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let [alone, paired, owned, ended, left, handed] =
        ["", "", "", "", "", ""].map(|said| territory.challenger(stand, said));
    territory.book.pair(paired.0, day("2026-10-28"), 8, "yes");
    territory.owners.insert(owned.0, CLAIRE);
    territory.owners.insert(ended.0, CLAIRE);
    territory.book.add("tabac-call", ended.0, day("2026-11-08"), json!({ "step": "j7", "outcome": "refused" }));
    territory.book.pair(left.0, day("2026-10-28"), 77, "yes");
    // Her pair left, and Claire holds her now.
    territory.book.pair(handed.0, day("2026-10-28"), 77, "yes");
    territory.owners.insert(handed.0, CLAIRE);
    territory.book.consent(alone.0, Purpose::ShareNamed, true, &[]);
    let load = |name: &str, account, number| vec![Cell::Account(account), text(name), Cell::Count(number)];
    assert_eq!(territory.rows(&LOAD, "load"), [load("Claire Vidal", CLAIRE, 2), load("Karim Benali", KARIM, 1)]);
    let without = [alone, left].map(|(_, sign_up)| vec![Cell::Record(sign_up)]);
    assert_eq!(territory.rows(&LOAD, "without"), without);
    // Who is followed too: she may be given to somebody else.
    let asked = [(alone, "yes"), (paired, "unasked"), (owned, "unasked"), (left, "unasked"), (handed, "unasked")];
    let answers = asked.map(|((_, sign_up), said)| vec![Cell::Record(sign_up), text(said)]);
    assert_eq!(territory.rows(&AGREED, "answers"), answers);
}

#[test]
fn the_draw_names_pairs_and_counts_who_is_not_in_it() {
    let mut territory = Territory::new();
    let stand = territory.stand("Marché", "");
    let [inside, alone, refused, minor] =
        ["none", "none", "none", "none"].map(|said| territory.challenger(stand, said));
    for (person, _) in [inside, refused, minor] {
        territory.book.pair(person, day("2026-10-28"), 8, "yes");
    }
    for (person, _) in [inside, alone, minor] {
        territory.book.consent(person, Purpose::Draw, true, &[]);
    }
    territory.book.set(minor.1, "age", "15-17".into());
    let rows = territory.rows(&DRAW, "eligible");
    assert_eq!(rows, [vec![Cell::Record(inside.1), Cell::Record(inside.0), Cell::Account(KARIM)]]);
    let barred: Vec<_> = territory.rows(&DRAW, "barred").into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(barred, [1, 1, 0, 0, 1].map(Cell::Count));
}

#[test]
fn an_edition_is_chosen_and_the_newest_comes_by_itself() {
    let mut territory = Territory::new();
    let old = territory.book.edition(json!({ "year": 2025 }));
    let document = territory.draw(&REPORT, None);
    assert_eq!(document.title.replace('\u{a0}', " "), "Moi(s) sans tabac 2026");
    let told = |document: &Document| -> Vec<(String, bool)> {
        document.choices.iter().map(|choice| (choice.label.clone(), choice.chosen)).collect()
    };
    assert_eq!(told(&document), [("2026".to_owned(), true), ("2025".to_owned(), false)]);
    assert_eq!(told(&territory.draw(&REPORT, Some(old)))[1], ("2025".to_owned(), true));
}
