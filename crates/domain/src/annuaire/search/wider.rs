//! Why a list is empty, or short, and how to widen it.

use super::filters::Chip;
use super::find::Asked;
use super::fold::fold;
use super::index::Index;
use super::order::Memo;
use super::query::Query;
use super::tokens::is_stop;
use super::typed::Typed;

/// « Quatre autres kinés à Auterive ne vont pas à domicile. Voir »
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wider {
    /// What to give up.
    pub without: Without,
    /// How many cards more there would be.
    pub more: usize,
    /// The query without it.
    pub query: Query,
}

/// What keeps cards out of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// One filter (several chips of a facet that widens are one), or all of them when none alone is the cause.
    Chips(Vec<Chip>),
    /// Words, as typed, that the directory knows, but not together, or not with the filters.
    Words(Vec<String>),
    /// Words, as typed, that nothing in the directory looks like.
    UnknownWords(Vec<String>),
    /// Neither the words nor the filters alone: all of them.
    Everything,
}

/// A list so long needs nothing more.
const FEW: usize = 9;

impl Index {
    pub(super) fn wider(&self, memo: &Memo, query: &Query, typed: &Typed, asked: &Asked) -> Option<Wider> {
        let present = asked.cards.count();
        if present > FEW {
            return None;
        }
        let one_filter = asked.conditions.iter().map(|condition| {
            let more = asked.more(condition).count();
            without_chips(query, &condition.chips, more)
        });
        let found = most(one_filter);
        if found.is_some() || present > 0 {
            return found;
        }
        let words: Vec<&str> = query.text.split_whitespace().collect();
        let is_unknown = |word: &&str| {
            typed.cards.count() == 0 && !is_stop(&fold(word)) && self.typed(memo, word).cards.count() == 0
        };
        let unknown: Vec<bool> = words.iter().map(is_unknown).collect();
        let without = |kind: fn(Vec<String>) -> Without, dropped: &dyn Fn(usize) -> bool| {
            self.without_words(memo, query, &words, kind, dropped)
        };
        let everything = || Wider {
            without: Without::Everything,
            more: self.ranks.len(),
            query: Query { order: query.order.clone(), ..Query::default() },
        };
        let less = if unknown.contains(&true) {
            most([without(Without::UnknownWords, &|at| unknown[at])].into_iter())
        } else {
            let one_word = (0..words.len()).map(|dropped| without(Without::Words, &|at| at == dropped));
            let all_chips = without_chips(query, query.filters.chips(), typed.cards.count());
            most(one_word).or_else(|| most([all_chips, without(Without::Words, &|_| true)].into_iter()))
        };
        less.or_else(|| most([everything()].into_iter()))
    }

    fn without_words(
        &self,
        memo: &Memo,
        query: &Query,
        words: &[&str],
        kind: fn(Vec<String>) -> Without,
        drops: &dyn Fn(usize) -> bool,
    ) -> Wider {
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for (at, word) in words.iter().enumerate() {
            if drops(at) { dropped.push((*word).to_owned()) } else { kept.push(*word) }
        }
        let query = Query { text: kept.join(" "), ..query.clone() };
        let more = self.ask(memo, &self.typed(memo, &query.text).cards, &query.filters).cards.count();
        Wider { without: kind(dropped), more, query }
    }
}

fn without_chips(query: &Query, chips: &[Chip], more: usize) -> Wider {
    let mut wider = query.clone();
    chips.iter().for_each(|chip| wider.filters.toggle(chip.clone()));
    Wider { without: Without::Chips(chips.to_vec()), more, query: wider }
}

/// What brings most; the first of equals.
fn most(ways: impl Iterator<Item = Wider>) -> Option<Wider> {
    ways.filter(|way| way.more > 0).reduce(|best, way| if way.more > best.more { way } else { best })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{AUTERIVE, MIREMONT, directory, find, person};
    use super::super::{Facet, Query};
    use super::*;
    use crate::annuaire::directory::Directory;
    use crate::annuaire::entry::VisitsAnswer;

    fn territory() -> Directory {
        let kine = |name: &str| person(name, "Luc").profession("70").at(AUTERIVE);
        directory(vec![
            kine("ABEL").visits(VisitsAnswer::Yes, &[]),
            kine("BADEL"),
            kine("CAMUS"),
            kine("DENIS").visits(VisitsAnswer::No, &[]),
            person("EMERY", "Luc").profession("60").at(MIREMONT).competence("tabacologie"),
        ])
    }

    fn wider(address: &str) -> Option<(Without, usize, String)> {
        find(&territory(), address).wider.map(|wider| (wider.without, wider.more, wider.query.write()))
    }

    fn chips(chips: &[(Facet, &str)]) -> Without {
        Without::Chips(chips.iter().map(|(facet, code)| Chip::new(*facet, code)).collect())
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_short_list_says_which_filter_hides_others() {
        // « Trois autres kinés à Auterive ne vont pas à domicile. »
        let expected = (chips(&[(Facet::Visits, "")]), 3, "q=kin%C3%A9%20auterive".to_owned());
        assert_eq!(wider("q=kin%C3%A9%20auterive&d=1"), Some(expected));
        assert_eq!(wider("q=kine"), None, "nothing to give up");
    }

    #[test]
    fn an_empty_list_says_which_filter_empties_it() {
        let expected = (chips(&[(Facet::Language, "LSF")]), 1, "q=abel&d=1".to_owned());
        assert_eq!(wider("q=abel&d=1&g=LSF"), Some(expected));
        let expected = (chips(&[(Facet::Profession, "10"), (Facet::Profession, "21")]), 1, "q=emery".to_owned());
        assert_eq!(wider("q=emery&p=10,21"), Some(expected));
        // Each of the two empties it: neither alone is the cause.
        let all = [(Facet::Profession, "70"), (Facet::Language, "LSF"), (Facet::Access, "pmr")];
        assert_eq!(wider("p=70&g=LSF&a=pmr"), Some((chips(&all), 5, String::new())));
    }

    #[test]
    fn an_empty_list_says_which_word_empties_it() {
        let expected = (Without::UnknownWords(texts(&["Zzyzx"])), 4, "q=kine%20auterive".to_owned());
        assert_eq!(wider("q=kine%20%20Zzyzx%20auterive"), Some(expected));
        let expected = (Without::UnknownWords(texts(&["xxxxx", "zzzzz"])), 1, "q=emery%20de&p=60".to_owned());
        assert_eq!(wider("q=xxxxx%20emery%20de%20zzzzz&p=60"), Some(expected));
        let expected = (Without::Words(texts(&["miremont"])), 4, "q=kine".to_owned());
        assert_eq!(wider("q=kine%20miremont"), Some(expected));
        let expected = (Without::UnknownWords(texts(&["zzz"])), 5, String::new());
        assert_eq!(wider("q=zzz"), Some(expected));
        assert_eq!(wider("q=zzz&g=LSF"), Some((Without::Everything, 5, String::new())));
    }

    #[test]
    fn a_long_list_says_nothing() {
        let many =
            directory((0..10).map(|_| person("MARTIN", "Luc").at(AUTERIVE)).chain([person("MARTIN", "Zoé")]).collect());
        assert_eq!(find(&many, "q=martin&l=31033").wider, None);
        assert_eq!(find(&many, "").wider, None);
        let none = Query::read("");
        assert_eq!(find(&directory(Vec::new()), &none.write()).wider, None);
    }
}
