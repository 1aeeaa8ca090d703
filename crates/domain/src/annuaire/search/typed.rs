//! What is typed, weighed against the words of the directory.

use super::bits::Bits;
use super::fold::{SOFT, fold_into};
use super::index::Index;
use super::near::{LEAST, begins_near, letters, near};
use super::order::Memo;
use super::phonetic::{sound, sounds};
use super::read::{GROUP, WHOM, weight};
use super::tokens::{full, is_stop};

/// What a way of matching costs; the dearest way of one word weighs more than the cheaper ones of several. To these is
/// added where the word is, 0 to 2.
const EXACT: u8 = 0;
const PREFIX: u8 = 3;
const SOUND: u8 = 24;
const ERROR: u8 = 72;
/// When nothing else is found: what is typed is the beginning of a word, with an error in it.
const ERROR_IN_PREFIX: u8 = 100;
/// Of a card a word does not find.
const NEVER: u8 = u8::MAX;
/// More words than a person types; the rest is not looked at.
const MOST_WORDS: usize = 12;
/// From so many letters the beginning of a word of the lists is enough, even before another word: « spiro domicile ».
const ABBREVIATION: usize = 3;

/// A word typed.
struct Token {
    text: String,
    stop: bool,
}

/// What a word typed leads to.
struct Hit {
    word: u32,
    cost: u8,
    /// Not to a name.
    lists_only: bool,
}

/// The cards that answer a text.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) cards: Bits,
    /// By card of `cards`, how far it is from what is typed. Empty when nothing is typed.
    pub(super) costs: Vec<u16>,
}

impl Typed {
    pub(super) const MOST: usize = MOST_WORDS * NEVER as usize;
}

impl Index {
    pub(super) fn typed(&self, memo: &Memo, text: &str) -> Typed {
        let tokens = tokens(text);
        let count = self.ranks.len();
        let Some(last) = tokens.iter().rposition(|token| !token.stop) else {
            return Typed { cards: Bits::all(count), costs: Vec::new() };
        };
        let mut found: Vec<Vec<u8>> = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            let mut costs = Vec::new();
            if !token.stop {
                costs.resize(count, NEVER);
                self.spread(memo, &self.hits(&token.text, at == last), &mut costs);
            }
            found.push(costs);
        }
        // « le goff » and « n guyen » are also looked for in one word.
        for at in 1..tokens.len() {
            let joined = [tokens[at - 1].text.as_str(), &tokens[at].text].concat();
            let hits = self.alike(&joined, at >= last);
            for costs in found[at - 1..=at].iter_mut().filter(|costs| !hits.is_empty() && !costs.is_empty()) {
                self.spread(memo, &hits, costs);
            }
        }
        let mut costs = vec![0_u16; count];
        let mut cards = Bits::all(count);
        for word in found.iter().filter(|word| !word.is_empty()) {
            costs.iter_mut().zip(word).for_each(|(sum, cost)| *sum += u16::from(*cost));
            cards.and(&Bits::reached(word, NEVER));
        }
        Typed { cards, costs }
    }

    /// The words of the directory that a word typed may mean.
    fn hits(&self, typed: &str, last: bool) -> Vec<Hit> {
        let mut hits = self.alike(full(typed), last);
        if last && full(typed) != typed {
            // The beginning of `sainte` is also that of `stephane`.
            self.begin(typed, PREFIX, false, &mut hits);
        }
        let correctable = typed.len() >= LEAST && !typed.starts_with(|first: char| first.is_ascii_digit());
        if !correctable {
            return hits;
        }
        let mask = letters(typed);
        for (word, letters) in (0..).zip(&self.letters) {
            if (letters ^ mask).count_ones() <= 2 && near(typed, self.words.get(word)) {
                hits.push(Hit { word, cost: ERROR, lists_only: false });
            }
        }
        if last && hits.is_empty() {
            let first = &typed[..typed.chars().next().map_or(0, char::len_utf8)];
            let words = self.words.beginning(first).filter(|word| begins_near(typed, self.words.get(*word)));
            hits.extend(words.map(|word| Hit { word, cost: ERROR_IN_PREFIX, lists_only: false }));
        }
        hits
    }

    /// The same word, words that begin so, words that sound so.
    fn alike(&self, typed: &str, last: bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        if last || typed.len() >= ABBREVIATION {
            self.begin(typed, PREFIX, !last, &mut hits);
        } else {
            let word = self.words.beginning(typed).next().filter(|word| self.words.get(*word) == typed);
            hits.extend(word.map(|word| Hit { word, cost: EXACT, lists_only: false }));
        }
        if !sounds(typed) {
            return hits;
        }
        let mut whole = String::new();
        let heard = sound(typed, &mut whole);
        for sounding in self.sounds.texts.beginning(&whole[..heard]) {
            let same = usize::from(self.sounds.heard[sounding as usize]) == heard;
            if same || (last && self.sounds.texts.get(sounding).starts_with(&whole)) {
                hits.push(Hit { word: self.sounds.word[sounding as usize], cost: SOUND, lists_only: false });
            }
        }
        hits
    }

    fn begin(&self, typed: &str, cost: u8, lists_only: bool, hits: &mut Vec<Hit>) {
        for word in self.words.beginning(typed) {
            let same = self.words.get(word).len() == typed.len();
            let cost = if same { EXACT } else { cost };
            hits.push(Hit { word, cost, lists_only: lists_only && !same });
        }
    }

    /// Writes what each card costs where it is less than what it costs already.
    fn spread(&self, memo: &Memo, hits: &[Hit], costs: &mut [u8]) {
        // What a group costs is written once, whichever of its words are met.
        let mut of_groups = vec![NEVER; self.groups.len()];
        for hit in hits {
            let start = hit.word.checked_sub(1).map_or(0, |before| self.posting_ends[before as usize]);
            for posting in &self.postings[start as usize..self.posting_ends[hit.word as usize] as usize] {
                let (whom, cost) = ((posting & WHOM) as usize, hit.cost + weight(*posting));
                if posting & GROUP > 0 {
                    of_groups[whom] = of_groups[whom].min(cost);
                } else if !hit.lists_only {
                    costs[whom] = costs[whom].min(cost);
                }
            }
        }
        for (group, cost) in (0..).zip(of_groups).filter(|(_, cost)| *cost != NEVER) {
            memo.members(self, group).each(|card| costs[card as usize] = costs[card as usize].min(cost));
        }
    }
}

/// The words of a text; those that say nothing are marked, unless there are no others.
fn tokens(text: &str) -> Vec<Token> {
    let mut folded = String::new();
    fold_into(text, &mut folded);
    let words = folded.split([' ', SOFT]).filter(|word| !word.is_empty()).take(MOST_WORDS);
    let mut tokens: Vec<Token> = words.map(|word| Token { text: word.to_owned(), stop: is_stop(word) }).collect();
    if tokens.iter().all(|token| token.stop) {
        tokens.iter_mut().for_each(|token| token.stop = false);
    }
    if let Some((_, before)) = tokens.split_last_mut() {
        before.iter_mut().for_each(|token| token.text = full(&token.text).to_owned());
    }
    tokens
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::super::fixture::{AUTERIVE, MIREMONT, context, directory, named, names, person};
    use super::super::{Index, Query};
    use crate::annuaire::directory::Directory;
    use crate::annuaire::entry::{Card, VisitsAnswer};

    #[derive(Deserialize)]
    struct Cases {
        directory: Directory,
        cards: Vec<Card>,
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        typed: String,
        /// Names.
        must: Vec<String>,
        never: Vec<String>,
        source: String,
    }

    #[test]
    fn what_people_type_finds_whom_they_mean() {
        let mut cases: Cases = serde_json::from_str(include_str!("cases.json")).expect("the cases");
        cases.directory.cards = std::mem::take(&mut cases.cards).into_iter().collect();
        let index = Index::new(&cases.directory);
        let mut wrong = String::new();
        for case in &cases.cases {
            let query = Query { text: case.typed.clone(), ..Query::default() };
            let found = named(&cases.directory, &index.find(&cases.directory, &query, &context()));
            let missed: Vec<&String> = case.must.iter().filter(|name| !found.contains(name)).collect();
            let surplus: Vec<&String> = case.never.iter().filter(|name| found.contains(name)).collect();
            if !(missed.is_empty() && surplus.is_empty()) {
                wrong += &format!("« {} »: misses {missed:?}, finds {surplus:?} ({})\n", case.typed, case.source);
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
        assert!(cases.cases.len() > 80);
    }

    #[test]
    fn the_same_comes_before_the_beginning_the_sound_and_the_error() {
        let directory = directory(vec![
            person("ABEL", "Duchenes"),
            person("BADEL", "Duchesne"),
            person("CAMUS", "Duchenel"),
            person("DUCHESNAY", "Éric"),
            person("DUCHEME", "Paul"),
            person("DUCHENE", "Zoé"),
        ]);
        // The same, the beginning (a letter more is also one error), the sound, the error.
        assert_eq!(names(&directory, "q=duchene"), ["DUCHENE", "ABEL", "CAMUS", "BADEL", "DUCHESNAY", "DUCHEME"]);
    }

    #[test]
    fn a_name_comes_before_a_place_and_a_place_before_a_place_visited() {
        let directory = directory(vec![
            person("ABEL", "Anne").at(MIREMONT).visits(VisitsAnswer::Yes, &[AUTERIVE]),
            person("BADEL", "Luc").at(AUTERIVE),
            person("AUTERIVE", "Zoé").at(MIREMONT),
        ]);
        assert_eq!(names(&directory, "q=auterive"), ["AUTERIVE", "BADEL", "ABEL"]);
        assert_eq!(names(&directory, "q=auteriv"), ["AUTERIVE", "BADEL", "ABEL"]);
    }

    #[test]
    fn a_word_that_is_the_same_twice_beats_one_that_sounds_so() {
        let directory = directory(vec![person("RENAUD", "Luc"), person("RENAULT", "Zoé"), person("RENO", "Zoé")]);
        assert_eq!(names(&directory, "q=renault%20zo%C3%A9"), ["RENAULT", "RENO"]);
        assert_eq!(names(&directory, "q=zoe%20reno"), ["RENO", "RENAULT"]);
    }

    #[test]
    fn a_pasted_page_is_a_few_words() {
        let directory = directory(vec![person("MARTIN", "Anne")]);
        let page = "martin anne ".repeat(20_000);
        assert_eq!(names(&directory, &format!("q={page}")), ["MARTIN"]);
    }
}
