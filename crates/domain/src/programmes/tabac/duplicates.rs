//! The same person signed up twice, told from her telephone number in whatever format it was typed.

use super::challenge::Challenge;
use crate::form::{Answers, parse_phone};
use crate::french::fold;
use crate::id::RecordId;
use crate::order::sort_by_key;
use crate::programme::Noted;
use crate::record::MERGED_INTO;

/// A number as France dials it: `+33 6…`, `0033 (0)6…` and `06…` are one.
#[must_use]
pub fn dialled(text: &str) -> String {
    let number = parse_phone(text);
    let national = |rest: &str| format!("0{}", rest.strip_prefix('0').unwrap_or(rest));
    match (number.strip_prefix("+33"), number.strip_prefix("33")) {
        (Some(rest), _) => national(rest),
        (_, Some(rest)) if rest.len() == 9 => national(rest),
        _ if number.len() == 9 && !number.starts_with(['0', '+']) => national(&number),
        _ => number,
    }
}

/// The people who have one number and were not merged, at least one of them a challenger: groups of two or more, to be
/// looked at by somebody. Two people of one home may share a number.
#[must_use]
pub fn same_phone(records: &[Noted<'_>], challenges: &[Challenge<'_>]) -> Vec<Vec<RecordId>> {
    let challenger = |id: &RecordId| challenges.iter().any(|challenge| challenge.person == *id);
    let mut groups = groups(records, &|_| Some(String::new()));
    groups.retain(|group| group.iter().any(challenger));
    groups
}

/// The people who have one number and one given name and were not merged, each with the one of her group that figures
/// count: the same person, as far as numbers go.
#[must_use]
pub fn same_person(records: &[Noted<'_>]) -> Vec<(RecordId, RecordId)> {
    let given_name = |answers: &Answers<'_>| answers.code("given_name").map(fold).filter(|name| !name.is_empty());
    let groups = groups(records, &given_name);
    groups.iter().flat_map(|group| group[1..].iter().map(|id| (*id, group[0]))).collect()
}

/// The people not merged who have one number and one `name`, in groups of two or more; nobody without a name.
fn groups(records: &[Noted<'_>], name: &dyn Fn(&Answers<'_>) -> Option<String>) -> Vec<Vec<RecordId>> {
    let mut named: Vec<((String, String), RecordId)> = Vec::new();
    for noted in records.iter().filter(|noted| noted.kind == "person") {
        let answers = Answers(noted.fields);
        let known = answers.code("phone").map(dialled).zip(name(&answers));
        named.extend(known.filter(|_| !answers.has(MERGED_INTO)).map(|known| (known, noted.id)));
    }
    sort_by_key(&mut named, Clone::clone);
    let shared = named.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    shared.map(|group| group.iter().map(|(_, id)| *id).collect()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::challenge::challenges;
    use super::super::made_up::{Book, clock, day};
    use super::*;

    #[test]
    fn one_number_is_one_however_it_is_typed() {
        for text in [
            "0639980001",
            "06 39 98 00 01",
            "06.39.98.00.01",
            "+33 6 39 98 00 01",
            "+33 (0)6 39 98 00 01",
            "0033639980001",
            "00 33 6-39-98-00-01",
            "33639980001",
            "639980001",
        ] {
            assert_eq!(dialled(text), "0639980001", "{text}");
        }
        assert_ne!(dialled("0639980002"), "0639980001");
        assert_eq!(dialled("+32 470 00 00 01"), "+32470000001");
        assert_eq!((dialled("3989"), dialled("")), ("3989".into(), String::new()));
    }

    #[test]
    fn possible_doubles_are_people_with_one_number_not_yet_merged() {
        let mut book = Book::default();
        let [a, b, c, d, other, nobody] =
            ["06 39 98 00 01", "+33639980001", "0639980001", "0639980002", "0639980002", ""]
                .map(|phone| book.person(phone));
        book.add("tabac-challenger", b, day("2026-10-20"), json!({}));
        book.add("tabac-challenger", nobody, day("2026-10-20"), json!({}));
        book.merge(c, a);
        let noted = book.noted();
        let joined = challenges(&noted, &clock(day("2026-11-01")));
        assert_eq!(same_phone(&noted, &joined), [vec![a, b]], "{d} and {other} are no challengers");
    }

    #[test]
    fn one_number_and_one_given_name_are_one_person_for_figures() {
        let mut book = Book::default();
        let people = ["06 39 98 00 01", "+33639980001", "0639980001", "0639980001", ""].map(|phone| book.person(phone));
        for (person, name) in people.iter().zip(["Hélène", " HELENE", "Marc", "", "Hélène"]) {
            book.set(*person, "given_name", name.into());
        }
        assert_eq!(same_person(&book.noted()), [(people[1], people[0])]);
    }
}
