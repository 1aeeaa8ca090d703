use serde_json::json;

use super::sample::*;
use super::*;
use crate::annuaire::entry::{self, Kind};

const MARIE: &str = "99700000013";
const PAUL: &str = "99700000021";

fn counts(plan: &Plan) -> [usize; 7] {
    let Counts { new, changed, gone, back, differences, proposed, same, .. } = plan.counts;
    [new, changed, gone, back, differences, proposed, same]
}

fn november() -> Vec<Entry> {
    vec![someone(MARIE, "EXEMPLE", "+33561000000", "2026-11-01"), someone(PAUL, "ESSAI", "+33561000001", "2026-11-01")]
}

/// Marie and Paul, imported on November 1st.
fn imported() -> Vec<Known> {
    let mut cards = Vec::new();
    let first = plan(&[], november(), &terms("2026-11-01"));
    assert_eq!(counts(&first), [2, 0, 0, 0, 0, 0, 0]);
    apply(&mut cards, &first, 0);
    cards
}

fn set(card: &mut Known, name: &str, field: Value) {
    card.fields.insert(name.to_owned(), field);
}

#[test]
fn the_same_file_again_is_nothing_to_do() {
    let cards = imported();
    let again = plan(&cards, november(), &terms("2026-11-01"));
    assert!(again.is_empty());
    assert_eq!(counts(&again), [0, 0, 0, 0, 0, 0, 2]);
    let december: Vec<Entry> = [(MARIE, "EXEMPLE", "+33561000000"), (PAUL, "ESSAI", "+33561000001")]
        .map(|(n, a, p)| someone(n, a, p, "2026-12-01"))
        .into();
    assert!(plan(&cards, december, &terms("2026-12-01")).is_empty(), "a newer file that says the same changes no card");
}

#[test]
fn what_was_declared_is_kept_and_the_difference_is_proposed() {
    let mut cards = imported();
    set(&mut cards[0], "sites/R1/phone", declared(json!("+33536490000")));
    set(&mut cards[0], "languages", declared(json!(["LSF"])));
    // Removed by its owner: no import brings it back, nor asks again.
    set(&mut cards[1], "sites/R1/phone", declared(Value::Null));
    let before = cards.clone();
    let again = plan(&cards, november(), &terms("2026-12-01"));
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(again.differences.len(), 1);
    let one = &again.differences[0];
    assert_eq!((one.fact.as_str(), one.who.as_str()), ("sites/R1/phone", "MARIE-HÉLÈNE EXEMPLE"));
    assert_eq!((&one.ours, &one.theirs), (&json!("+33536490000"), &json!("+33561000000")));
    apply(&mut cards, &again, 10);
    assert_eq!(cards, before);

    // Settled, it is asked no more; another value of the file is another question.
    let kept = |phone: &str| BTreeMap::from([((cards[0].id, "sites/R1/phone".to_owned()), json!(phone))]);
    let settled = Terms { kept: kept("+33561000000"), ..terms("2026-12-01") };
    assert_eq!(counts(&plan(&cards, november(), &settled)), [0, 0, 0, 0, 0, 0, 2]);
    let other = Terms { kept: kept("+33561000007"), ..terms("2026-12-01") };
    assert_eq!(plan(&cards, november(), &other).differences.len(), 1);
}

#[test]
fn who_only_looks_is_told_all_the_counts_and_the_first_of_each() {
    let terms = terms("2026-11-01");
    let mut planner = Planner::new(&terms);
    let mut seen = Plan::of_the_first(1);
    november().into_iter().for_each(|one| seen.met(planner.meet(one)));
    assert_eq!((seen.counts.new, seen.counts.to_inform, seen.new.len()), (2, 2, 1));
    assert!(!seen.is_empty());
}

#[test]
fn an_official_fact_follows_the_official_file() {
    let mut cards = imported();
    let mut file = november();
    file[0] = someone(MARIE, "EXEMPLE", "+33561000009", "2026-12-01");
    file[0].given_name = None;
    let changed = plan(&cards, file, &terms("2026-12-01"));
    assert_eq!(counts(&changed), [0, 1, 0, 0, 0, 0, 1]);
    let facts: Vec<&str> = changed.changed[0].facts.iter().map(|one| one.fact.as_str()).collect();
    assert_eq!(facts, ["sites/R1/phone", "given_name"], "only what changes");
    apply(&mut cards, &changed, 10);
    assert_eq!(
        cards[0].fields["sites/R1/phone"],
        json!({"v": "+33561000009", "s": "rpps:2026-12-01", "on": "2026-12-01"})
    );
    assert_eq!(cards[0].fields["given_name"], Value::Null);
}

#[test]
fn who_leaves_the_register_is_flagged_once_and_comes_back() {
    let mut cards = imported();
    set(&mut cards[1], "languages", declared(json!(["LSF"])));
    let alone = vec![november().remove(0)];
    let part = Terms { scope: Scope::Part, ..terms("2026-12-01") };
    assert!(plan(&cards, alone.clone(), &part).is_empty(), "an extract says nothing of who is absent");
    let gone = plan(&cards, alone.clone(), &terms("2026-12-01"));
    assert_eq!(counts(&gone), [0, 0, 1, 0, 0, 0, 1]);
    apply(&mut cards, &gone, 10);
    assert_eq!(cards.len(), 2, "nobody is deleted");
    let paul = entry::read(&cards[1].fields).expect("a card");
    assert_eq!(paul.gone_since, Some(day("2026-12-01")));
    assert_eq!(paul.languages, ["LSF"]);
    assert!(plan(&cards, alone, &terms("2027-01-01")).is_empty(), "the day is that of the first file");
    let back = plan(&cards, november(), &terms("2027-02-01"));
    assert_eq!(counts(&back), [0, 0, 0, 1, 0, 0, 1]);
    apply(&mut cards, &back, 10);
    assert_eq!(entry::read(&cards[1].fields).and_then(|card| card.gone_since), None);
}

#[test]
fn only_the_register_of_the_territory_flags() {
    let mut cards = imported();
    let mut by_hand = someone("99700366240", "MAIN", "+33561000002", "2026-11-01");
    by_hand.origins.most = by_hand.origins.most.map(|origin| Origin { source: Source::Coordination, ..origin });
    cards.push(known(20, &by_hand));
    let mut elsewhere = someone("99700000039", "AILLEURS", "+33561000003", "2026-11-01");
    elsewhere.sites.get_mut("R1").and_then(|site| site.address.as_mut()).expect("an address").commune =
        Some("31555".into());
    cards.push(known(21, &elsewhere));
    assert!(plan(&cards, november(), &terms("2026-12-01")).is_empty());
    let professions = Some(BTreeSet::from(["10".to_owned()]));
    assert!(plan(&cards, vec![], &Terms { professions, ..terms("2026-12-01") }).is_empty(), "nurses were not read");
    let finess = Terms { source: Source::Finess(day("2026-12-01")), ..terms("2026-12-01") };
    assert!(plan(&cards, vec![], &finess).is_empty(), "FINESS says nothing of people");
}

#[test]
fn who_objected_does_not_come_back() {
    let mut cards = imported();
    cards.remove(0);
    let suppressed = BTreeSet::from([Suppressed(format!("rpps:{MARIE}"))]);
    let again = plan(&cards, november(), &Terms { suppressed, ..terms("2026-12-01") });
    assert!(again.is_empty());
    assert_eq!((again.counts.suppressed, again.counts.same), (1, 1));
}

#[test]
fn without_an_identifier_a_person_decides() {
    let mut by_hand = someone(MARIE, "Exemple", "+33536490000", "2026-11-01");
    by_hand.given_name = Some("Marie-Helene".into());
    by_hand.rpps = None;
    by_hand.origins.most = by_hand.origins.most.map(|origin| Origin { source: Source::Declared, ..origin });
    let mut cards = vec![known(7, &by_hand)];
    let card = cards[0].id;
    let file = || vec![november().remove(0)];
    let asked = plan(&cards, file(), &terms("2026-12-01"));
    assert!(asked.is_empty(), "nothing is decided alone");
    assert_eq!(asked.proposed[0].cards, [(card, "Marie-Helene Exemple".to_owned())]);
    let key = asked.proposed[0].key.clone();
    let answer = |answer| Terms { answers: BTreeMap::from([(key.clone(), answer)]), ..terms("2026-12-01") };
    assert_eq!(counts(&plan(&cards, file(), &answer(Answer::Other)))[0], 1);
    assert!(plan(&cards, file(), &answer(Answer::Skip)).is_empty());
    let stranger = RecordId(uuid::Uuid::from_u128(99));
    assert_eq!(plan(&cards, file(), &answer(Answer::Same { card: stranger })).proposed.len(), 1, "not one of hers");
    let all = Terms { otherwise: Otherwise::Same, ..terms("2026-12-01") };
    assert_eq!(plan(&cards, file(), &all).changed, plan(&cards, file(), &answer(Answer::Same { card })).changed);
    let same = plan(&cards, file(), &answer(Answer::Same { card }));
    let asked: Vec<&str> = same.differences.iter().map(|one| one.fact.as_str()).collect();
    assert_eq!(asked, ["sites/R1/phone"], "capitals and accents are no question");
    apply(&mut cards, &same, 10);
    let merged = entry::read(&cards[0].fields).expect("a card");
    assert_eq!((merged.rpps.as_deref(), merged.name.as_str()), (Some(MARIE), "Exemple"), "what was declared stays");
    assert!(plan(&cards, file(), &terms("2027-01-01")).is_empty(), "known by her number from now on");

    let mut elsewhere = file();
    elsewhere[0].sites.get_mut("R1").and_then(|site| site.address.as_mut()).expect("an address").commune =
        Some("31345".into());
    assert_eq!(counts(&plan(&[known(7, &by_hand)], elsewhere, &terms("2026-12-01")))[0], 1, "another commune");
    let twins = [known(7, &by_hand), known(8, &by_hand)];
    assert_eq!(plan(&twins, file(), &all).proposed[0].cards.len(), 2, "two may be hers: a person decides");
}

#[test]
fn two_numbers_are_two_people() {
    let cards = imported();
    let homonym = someone("99700366240", "EXEMPLE", "+33561000000", "2026-12-01");
    let found = plan(&cards, vec![homonym.clone(), homonym], &Terms { scope: Scope::Part, ..terms("2026-12-01") });
    assert_eq!((counts(&found)[0], found.proposed.len(), found.twice), (1, 0, 1));
}

#[test]
fn a_place_that_is_left_goes_unless_somebody_spoke_of_it() {
    let mut file = november();
    let second = file[0].sites["R1"].clone();
    file[0].sites.insert("R2".into(), second.clone());
    file[1].sites.insert("R2".into(), second);
    let mut cards = Vec::new();
    apply(&mut cards, &plan(&[], file, &terms("2026-11-01")), 0);
    set(&mut cards[1], "sites/R2/hours", declared(json!({"week": [[], [], [], [], [], [], []]})));
    let part = Terms { scope: Scope::Part, ..terms("2026-12-01") };
    assert!(plan(&cards, november(), &part).is_empty());
    let left = plan(&cards, november(), &terms("2026-12-01"));
    apply(&mut cards, &left, 10);
    let read = |card: &Known| entry::read(&card.fields).expect("a card").sites;
    assert_eq!(read(&cards[0]).keys().collect::<Vec<_>>(), ["R1"]);
    let kept = &read(&cards[1])["R2"];
    assert_eq!((kept.until, kept.phone.as_deref()), (Some(day("2026-12-01")), Some("+33561000000")));
    assert!(plan(&cards, november(), &terms("2027-01-01")).is_empty());
}

#[test]
fn a_file_that_was_not_given_says_nothing() {
    let with = |addresses: &[&str]| {
        let mut file = november();
        file[0].mssante = addresses.iter().map(|&one| one.into()).collect();
        file
    };
    let given = |on| Terms { extras: BTreeSet::from([Extra::Mssante]), ..terms(on) };
    let mut cards = Vec::new();
    apply(&mut cards, &plan(&[], with(&["m.exemple@essai.mssante.fr"]), &given("2026-11-01")), 0);
    assert!(plan(&cards, with(&[]), &terms("2026-12-01")).is_empty());
    let cleared = plan(&cards, with(&[]), &given("2026-12-01"));
    assert_eq!(cleared.changed[0].facts[0].after, Value::Null);
}

/// Of these cards, the directory wrote all that nobody declared.
fn presents(cards: &[Known]) -> BTreeMap<RecordId, Present> {
    let present = |card: &Known| {
        let ours = card.fields.iter().filter(|(_, field)| !is_declared(field)).map(|(name, _)| name.clone());
        Present { fields: card.fields.clone(), ours: ours.collect() }
    };
    cards.iter().map(|card| (card.id, present(card))).collect()
}

fn is_declared(field: &Value) -> bool {
    field.get("s").is_some_and(|source| source == "déclaré")
}

/// What the server keeps of each write.
fn done(before: &[Known], writes: &[Write]) -> Vec<Done> {
    let one = |write: &Write| {
        let was = before.iter().find(|card| card.id == write.card);
        let former = |name: &String| was.and_then(|card| card.fields.get(name)).cloned().unwrap_or_default();
        let before = write.fields.keys().map(|name| (name.clone(), former(name)));
        let created = write.what == WriteKind::Create;
        let before = if created { Fields::new() } else { before.collect() };
        Done { card: write.card, created, before, wrote: write.fields.clone() }
    };
    writes.iter().map(one).collect()
}

#[test]
fn an_import_is_taken_back_without_what_others_did_since() {
    let mut cards = imported();
    let before = cards.clone();
    let mut file = november();
    file[0] = someone(MARIE, "EXEMPLE", "+33561000009", "2026-12-01");
    file[1] = someone(PAUL, "ESSAI", "+33561000008", "2026-12-01");
    file.extend(["99700366240", "99700000039"].map(|number| someone(number, "NEUF", "+33561000002", "2026-12-01")));
    let december = plan(&cards, file, &terms("2026-12-01"));
    let writes = apply(&mut cards, &december, 10);
    let kept = done(&before, &writes);
    let plain = undo(&kept, &presents(&cards));
    assert!(plain.left.is_empty());
    let mut again = cards.clone();
    write(&mut again, &plain.writes);
    assert_eq!(again, before, "as before the import");

    // Since then Paul confirmed his number himself, and somebody completed one of the new cards.
    set(&mut cards[1], "sites/R1/phone", declared(json!("+33561000008")));
    set(&mut cards[3], "languages", declared(json!(["LSF"])));
    let partial = undo(&kept, &presents(&cards));
    let left: Vec<_> = partial.left.iter().map(|left| (left.card, left.facts.len())).collect();
    assert_eq!(left, [(cards[3].id, 0), (cards[1].id, 1)]);
    write(&mut cards, &partial.writes);
    assert_eq!(cards.len(), 3, "the card that was completed stays");
    assert_eq!(cards[0], before[0]);
    assert_eq!(cards[1].fields["sites/R1/phone"], declared(json!("+33561000008")));
}

#[test]
fn the_imports_are_taken_back_one_after_the_other() {
    let mut cards = Vec::new();
    let mut kept = Vec::new();
    for (on, phone) in [("2026-11-01", "+33561000000"), ("2026-12-01", "+33561000009"), ("2027-01-01", "+33561000008")]
    {
        let before = cards.clone();
        let mut file = vec![someone(MARIE, "EXEMPLE", phone, on)];
        // In December there is a fact more.
        file[0].title = (on == "2026-12-01").then(|| "DR".to_owned());
        let writes = apply(&mut cards, &plan(&before, file, &terms(on)), 0);
        kept.push(done(&before, &writes));
    }
    for one in kept.iter().rev() {
        let taken = undo(one, &presents(&cards));
        assert_eq!(taken.left, []);
        write(&mut cards, &taken.writes);
    }
    assert_eq!(cards, []);
}

#[test]
fn a_file_that_would_empty_the_territory_is_told_apart() {
    let number = |n: usize| format!("997{n:08}");
    let file = |people: std::ops::Range<usize>| -> Vec<Entry> {
        people.map(|n| someone(&number(n), &format!("EXEMPLE {n}"), "+33561000000", "2026-11-01")).collect()
    };
    let mut cards = Vec::new();
    apply(&mut cards, &plan(&[], file(0..105), &terms("2026-11-01")), 0);
    for (stay, many) in [(105, false), (84, false), (83, true), (0, true)] {
        let next = plan(&cards, file(0..stay), &terms("2026-12-01"));
        assert_eq!((next.gone.len(), next.held, next.loses_many()), (105 - stay, 105, many), "{stay} stay");
    }
    assert!(!plan(&cards[..20], Vec::new(), &terms("2026-12-01")).loses_many(), "a small territory may empty itself");
}

#[test]
fn a_card_of_another_kind_is_another_card() {
    let mut practice = someone(MARIE, "EXEMPLE", "+33561000000", "2026-11-01");
    practice.kind = Kind::Structure;
    practice.siret = Some("99700000000013".into());
    practice.rpps = None;
    let cards = [known(7, &practice)];
    let mut person = november().remove(0);
    person.siret = practice.siret;
    let part = Terms { scope: Scope::Part, ..terms("2026-12-01") };
    assert_eq!(counts(&plan(&cards, vec![person.clone()], &part)), [1, 0, 0, 0, 0, 0, 0], "the same SIRET");
    person.siret = None;
    assert_eq!(counts(&plan(&cards, vec![person], &part)), [1, 0, 0, 0, 0, 0, 0], "the same name");
}

#[test]
fn an_extraction_without_coordinates_takes_none_away() {
    let mut file = november();
    let place = |file: &mut Vec<Entry>, line: &str, at| {
        let address = file[0].sites.get_mut("R1").and_then(|site| site.address.as_mut()).expect("an address");
        (address.lines, address.at) = (vec![line.into()], at);
    };
    place(&mut file, "1 rue Haute", Some((43.35, 1.47)));
    let mut cards = Vec::new();
    apply(&mut cards, &plan(&[], file.clone(), &terms("2026-11-01")), 0);
    place(&mut file, "1 rue Haute", None);
    assert!(plan(&cards, file.clone(), &terms("2026-12-01")).is_empty());
    place(&mut file, "1 rue Haute", Some((43.36, 1.47)));
    assert_eq!(plan(&cards, file.clone(), &terms("2026-12-01")).changed.len(), 1, "a better position");
    place(&mut file, "2 rue Basse", None);
    let moved = plan(&cards, file, &terms("2026-12-01"));
    assert_eq!(moved.changed[0].facts[0].after["v"].get("at"), None, "it was that of the former address");
}

mod any {
    use proptest::prelude::*;

    use super::*;

    const NUMBERS: [&str; 4] = [MARIE, PAUL, "99700366240", "99700000039"];
    const PHONES: [Option<&str>; 3] = [None, Some("+33561000000"), Some("+33561000001")];

    /// A file: for some of the four, a phone and how many places.
    fn file() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
        proptest::collection::vec((0..4_usize, 0..3_usize, 1..3_usize), 0..5)
    }

    /// What people write in between: card, fact, value (none: removed).
    fn words() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
        proptest::collection::vec((0..4_usize, 0..4_usize, 0..3_usize), 0..6)
    }

    fn entries(rows: &[(usize, usize, usize)], on: &str) -> Vec<Entry> {
        let one = |&(who, phone, places): &(usize, usize, usize)| {
            let mut entry = someone(NUMBERS[who], "EXEMPLE", "+33561000000", on);
            let mut site = entry.sites.remove("R1").expect("a place");
            site.phone = PHONES[phone].map(Into::into);
            entry.sites = (0..places).map(|n| (format!("R{n}"), site.clone())).collect();
            entry
        };
        rows.iter().map(one).collect()
    }

    fn speak(cards: &mut [Known], words: &[(usize, usize, usize)]) {
        const FACTS: [&str; 4] = ["languages", "sites/R0/phone", "sites/R1/colleague_phone", "given_name"];
        for &(who, fact, value) in words {
            let number = json!(NUMBERS[who]);
            let value =
                if FACTS[fact] == "languages" { json!(["LSF"]) } else { PHONES[value].map_or(Value::Null, Into::into) };
            if let Some(card) = cards.iter_mut().find(|card| card.fields["rpps"]["v"] == number) {
                set(card, FACTS[fact], declared(value));
            }
        }
    }

    fn said(cards: &[Known]) -> Vec<(RecordId, Fields)> {
        let of = |card: &Known| {
            let fields = card.fields.iter().filter(|(_, field)| is_declared(field));
            (card.id, fields.map(|(name, field)| (name.clone(), field.clone())).collect())
        };
        cards.iter().map(of).collect()
    }

    proptest! {
        #[test]
        fn nothing_declared_is_lost_and_twice_is_once(
            files in proptest::collection::vec((file(), words(), any::<bool>()), 1..4), objects in 0..5_usize,
        ) {
            let suppressed: BTreeSet<_> = NUMBERS.get(objects).map(|one| Suppressed(format!("rpps:{one}"))).into_iter().collect();
            let mut cards: Vec<Known> = Vec::new();
            for (month, (rows, words, whole)) in files.iter().enumerate() {
                let on = format!("2026-0{}-01", month + 1);
                let scope = if *whole { Scope::Whole } else { Scope::Part };
                let terms = Terms { scope, suppressed: suppressed.clone(), ..terms(&on) };
                let before = cards.clone();
                let todo = plan(&cards, entries(rows, &on), &terms);
                let writes = apply(&mut cards, &todo, 100 * (month as u128 + 1));
                let kept: Vec<_> = said(&cards).into_iter().filter(|(id, _)| before.iter().any(|card| card.id == *id)).collect();
                prop_assert_eq!(kept, said(&before), "what was declared");
                prop_assert!(cards.len() >= before.len(), "nobody is deleted");
                for one in &suppressed {
                    prop_assert!(cards.iter().all(|card| !identifiers(&card.fields).contains(&one.0)), "brought back");
                }
                let again = plan(&cards, entries(rows, &on), &terms);
                prop_assert!(again.is_empty(), "the same file twice: {again:?}");

                let taken = undo(&done(&before, &writes), &presents(&cards));
                let mut back = cards.clone();
                write(&mut back, &taken.writes);
                let facts_of = |cards: &[Known]| -> Vec<_> {
                    cards.iter().map(|card| (card.id, facts(&card.fields).into_iter().map(|(n, v)| (n.to_owned(), v.clone())).collect::<Fields>())).collect()
                };
                prop_assert!(taken.left.is_empty());
                prop_assert_eq!(facts_of(&back), facts_of(&before), "as before");
                speak(&mut cards, words);
            }
        }
    }
}
