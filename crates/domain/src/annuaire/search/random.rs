//! What must hold for every directory, every text and every filter.

use proptest::prelude::*;

use super::fixture::{COMMUNES, Made, context, directory, person, structure};
use super::{Chip, Facet, Filters, Found, Index, Order, Query, Start};
use crate::annuaire::directory::Directory;
use crate::annuaire::entry::VisitsAnswer;
use crate::annuaire::file;

prop_compose! {
    fn card()(
        name in prop::sample::select(vec!["MARTIN", "MARIN", "LEFÈVRE", "D'HÔTEL", "BEN-ALI", "LE GOFF", ""]),
        given in prop::sample::select(vec!["Anne", "Hélène", "Marie-Hélène"]),
        profession in prop::sample::select(vec!["10", "60", "70", "pharmacie", "inconnu"]),
        (place, other) in (0..4_usize, 0..6_usize),
        bits in 0..512_u32,
        year in 2025..2028,
    ) -> Made {
        let yes = |bit: u32| bits >> bit & 1 == 1;
        let mut made = if yes(0) { person(name, given).profession(profession) } else { structure(name, profession) };
        for insee in COMMUNES.get(place).into_iter().chain(COMMUNES.get(other)) {
            made = made.at(insee);
        }
        if yes(1) { made = made.competence("tabacologie"); }
        if yes(2) { made = made.competence("msu").equipment("spirometre"); }
        if yes(3) { made = made.visits(VisitsAnswer::Conditions, &COMMUNES[..other % 3]); }
        if yes(4) { made = made.new_patients(yes(5), if yes(6) { "2026-11-24" } else { "2026-11-23" }); }
        if yes(7) { made = made.engaged("tobacco", Some(year)).mornings(); }
        if yes(8) { made = made.savoir_faire("SM26").point(43.0 + f64::from(bits) / 1000.0, 1.4); }
        made.0.convention = yes(6).then(|| "2 OPTAM".to_owned());
        made
    }
}

fn chip() -> impl Strategy<Value = Chip> {
    let codes = vec![
        (Facet::Kind, "person"),
        (Facet::Kind, "structure"),
        (Facet::Profession, "70"),
        (Facet::Profession, "10"),
        (Facet::Profession, "SM54"),
        (Facet::Who, "70"),
        (Facet::Who, "tabacologie"),
        (Facet::Competence, "tabacologie"),
        (Facet::Competence, "msu"),
        (Facet::Equipment, "spirometre"),
        (Facet::Commune, COMMUNES[0]),
        (Facet::Commune, COMMUNES[2]),
        (Facet::Visits, ""),
        (Facet::Visits, COMMUNES[1]),
        (Facet::NewPatients, ""),
        (Facet::Open, ""),
        (Facet::Language, "LSF"),
        (Facet::Sector, "2 OPTAM"),
        (Facet::Engagement, "tobacco"),
        (Facet::Engagement, "tobacco.2026"),
        (Facet::Engagement, "msu"),
        (Facet::Structure, "pharmacie"),
        (Facet::Profession, "no such code"),
        (Facet::Who, "x,y&z=%"),
    ];
    prop::sample::select(codes).prop_map(|(facet, code)| Chip::new(facet, code))
}

fn filters() -> impl Strategy<Value = Filters> {
    prop::collection::vec(chip(), 0..4).prop_map(|chips| {
        let mut filters = Filters::default();
        chips.into_iter().for_each(|chip| filters.add(chip));
        filters
    })
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![
        Just(Order::Name),
        Just(Order::Neutral),
        Just(Order::Distance(Start::Me)),
        prop::sample::select(&COMMUNES[..]).prop_map(|insee| Order::Distance(Start::Commune(insee.into()))),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let words =
        vec!["martin", "marni", "lefebvre", "kine", "auterive", "domicile", "ali", "le", "zzz", "m", "nouveaux"];
    prop_oneof![
        3 => prop::collection::vec(prop::sample::select(words), 0..3).prop_map(|words| words.join(" ")),
        1 => "\\PC{0,20}",
    ]
}

prop_compose! {
    fn query()(text in text(), filters in filters(), order in order()) -> Query {
        Query { text, filters, order }
    }
}

fn find(directory: &Directory, query: &Query) -> Found {
    Index::new(directory).find(directory, query, &context())
}

proptest! {
    #[test]
    fn what_was_kept_answers_the_same(cards in prop::collection::vec(card(), 0..40), query in query(), other in query()) {
        let directory = directory(cards);
        let (index, (read, kept)) = (Index::new(&directory), file::read(file::write(&directory)).expect("a file"));
        prop_assert_eq!(&read.cards, &directory.cards);
        for query in [&query, &other, &query] {
            let found = index.find(&directory, query, &context());
            prop_assert_eq!(&kept.cards(&read, query, &context()), &found.cards);
            prop_assert_eq!(kept.find(&read, query, &context()), found);
        }
    }

    #[test]
    fn a_spoilt_file_breaks_nothing(cards in prop::collection::vec(card(), 1..9), at in 0..100_000_usize, byte in 0..=u8::MAX, query in query()) {
        let mut file = file::write(&directory(cards));
        let at = at % file.len();
        file[at] = byte;
        if let Ok((read, index)) = file::read(file) {
            let found = index.find(&read, &query, &context());
            found.cards.iter().for_each(|rank| drop(read.cards.get(*rank)));
        }
    }

    #[test]
    fn an_address_says_the_whole_query(query in query()) {
        prop_assert_eq!(Query::read(&query.write()), query.clone());
        prop_assert_eq!(Query::read(&format!("?{}&unknown=1&p=", query.write())), query);
    }

    #[test]
    fn any_address_is_read(address in "\\PC*", bytes in "[%&=,+?a-z0-9]*") {
        for address in [address, bytes] {
            let query = Query::read(&address);
            prop_assert_eq!(Query::read(&query.write()), query);
        }
    }

    #[test]
    fn a_count_is_what_the_chip_gives(cards in prop::collection::vec(card(), 0..70), query in query()) {
        let directory = directory(cards);
        let index = Index::new(&directory);
        for (chip, count) in index.find(&directory, &query, &context()).counts {
            let mut applied = query.clone();
            applied.filters.add(chip.clone());
            let found = index.find(&directory, &applied, &context());
            prop_assert_eq!(found.cards.len(), count, "{:?}", chip);
        }
    }

    #[test]
    fn what_is_wider_brings_what_it_says(cards in prop::collection::vec(card(), 0..30), query in query()) {
        let directory = directory(cards);
        let found = find(&directory, &query);
        if let Some(wider) = &found.wider {
            let more = find(&directory, &wider.query);
            prop_assert_eq!(more.cards.len(), found.cards.len() + wider.more);
            prop_assert!(found.cards.iter().all(|card| more.cards.contains(card)));
            prop_assert_eq!(&wider.query.order, &query.order);
        } else if found.cards.is_empty() {
            // Nothing is offered only when the directory is empty, or nothing is left to give up.
            let nothing_asked = query.text.trim().is_empty() && query.filters.is_empty();
            prop_assert!(directory.cards.is_empty() || nothing_asked);
        }
    }

    #[test]
    fn each_card_is_found_once_whatever_the_order(cards in prop::collection::vec(card(), 0..40), query in query(), other in order()) {
        let directory = directory(cards);
        let sorted = |order: Order| {
            let mut cards = find(&directory, &Query { order, ..query.clone() }).cards;
            cards.sort_unstable();
            cards
        };
        let cards = sorted(query.order.clone());
        prop_assert!(cards.windows(2).all(|two| two[0] < two[1]));
        prop_assert_eq!(sorted(other), cards);
    }

    #[test]
    fn no_text_is_too_odd(cards in prop::collection::vec(card(), 0..5), name in "\\PC*", text in "\\PC*") {
        let mut cards = cards;
        if let Some(card) = cards.first_mut() {
            card.0.name = name.clone();
        }
        let directory = directory(cards);
        for text in [&text, &name] {
            let _ = find(&directory, &Query { text: text.clone(), ..Query::default() });
        }
    }

    #[test]
    fn everybody_is_found_by_their_name(cards in prop::collection::vec(card(), 1..20), name in "[a-zA-ZÀ-ÿ' -]{1,12}") {
        let mut cards = cards;
        cards[0].0.name = name.clone();
        let directory = directory(cards);
        let found = find(&directory, &Query { text: name, ..Query::default() });
        prop_assert!(found.cards.contains(&0));
    }
}
