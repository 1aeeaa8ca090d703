//! What a stand says of itself: its name, and how much was sealed on this device.

use domain::form::Kind;
use domain::french::{counted, decimal, sentence_case};
use domain::people::PERSON;
use domain::programme::RecordKind;
use domain::{Fields, Value};

use crate::notebook::{Held, begun_at_a_stand, tallied};

/// « Marché de Venerque, 27 inscriptions »; the name is not known any more after a reload.
pub fn place(held: &Held) -> String {
    let name = if held.name.is_empty() { "Stand" } else { &held.name };
    let begun = begun_at_a_stand(held.venue.as_ref().map(|venue| venue.kind.as_str()));
    let people = begun.into_iter().find(|kind| is_of_person(kind));
    match people.map(|kind| (kind, of(&held.counts, kind.id))) {
        Some((kind, count)) if count > 0 => format!("{name}, {}", counted_kind(kind, count)),
        _ => name.to_owned(),
    }
}

/// Whether it is a person, or hangs on one.
pub fn is_of_person(kind: &RecordKind) -> bool {
    kind.id == PERSON.id || kind.parent == Some(PERSON.id)
}

/// « 27 inscriptions »: what a stand begins is named by one word, which takes an « s ».
fn counted_kind(kind: &RecordKind, count: i64) -> String {
    counted(usize::try_from(count).unwrap_or_default(), kind.one, &format!("{}s", kind.one))
}

/// What this kind counted here, question by question; nothing before the first.
pub fn totals(kind: &RecordKind, counts: &Fields) -> Vec<(String, String)> {
    let tallies = kind.form().questions().filter(|(_, question)| matches!(question.kind, Kind::Tally));
    let sums = tallies.map(|(_, question)| (question.label.text, of(counts, &tallied(kind.id, question.id))));
    let sums: Vec<_> = sums.collect();
    if sums.iter().all(|(_, sum)| *sum == 0) {
        return Vec::new();
    }
    sums.into_iter().map(|(label, sum)| (sentence_case(label), decimal(sum, 0))).collect()
}

fn of(counts: &Fields, name: &str) -> i64 {
    counts.get(name).and_then(Value::as_i64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::programmes::{PROGRAMMES, kinds};

    use super::*;
    use crate::notebook::HeldState;

    fn held(name: &str, counts: Fields) -> Held {
        Held {
            state: HeldState::Open,
            name: name.to_owned(),
            volunteers: Vec::new(),
            volunteer: None,
            until: Timestamp(0),
            ends_soon: false,
            venue: None,
            invitation: None,
            counts,
            by_herself: false,
            left: None,
        }
    }

    #[test]
    fn the_head_says_how_many_were_noted_here() {
        let counts = Fields::from([(PERSON.id.to_owned(), 27.into())]);
        assert_eq!(place(&held("Marché de Venerque", counts.clone())), "Marché de Venerque, 27\u{a0}personnes");
        assert_eq!(place(&held("", counts)), "Stand, 27\u{a0}personnes");
        assert_eq!(place(&held("Marché de Venerque", Fields::new())), "Marché de Venerque");
    }

    #[test]
    fn what_a_stand_begins_is_named_by_a_word_that_takes_an_s() {
        for programme in PROGRAMMES {
            for begun in begun_at_a_stand(programme.venue) {
                let plain =
                    begun.one.chars().all(char::is_alphabetic) && !begun.one.ends_with(['s', 'x', 'z', 'l', 'u']);
                assert!(plain, "{}", begun.one);
            }
        }
    }

    #[test]
    fn what_was_counted_is_told_question_by_question() {
        let mut all = kinds().flat_map(|kind| kind.form().questions().map(move |(_, one)| (kind, one)));
        let (tally, question) =
            all.find(|(_, question)| matches!(question.kind, Kind::Tally)).expect("a kind that counts");
        assert!(totals(tally, &Fields::new()).is_empty(), "nothing yet");
        let counts = Fields::from([(tallied(tally.id, question.id), 41.into())]);
        let told = totals(tally, &counts);
        assert!(told.iter().any(|(_, sum)| sum == "41") && told.iter().any(|(_, sum)| sum == "0"), "{told:?}");
    }
}
