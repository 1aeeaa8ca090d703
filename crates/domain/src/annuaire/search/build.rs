//! Building an index, in steps so that a page goes on answering meanwhile.

use super::bits::Bits;
use super::filters::Facet;
use super::index::{Index, Sounds};
use super::near::letters;
use super::phonetic::{sound, sounds};
use super::read::{Draft, GROUP, WHOM};
use super::sort::Sort;
use super::words::Texts;
use crate::annuaire::directory::Directory;

/// An index on its way.
#[derive(Debug)]
pub struct Building<'a> {
    directory: &'a Directory,
    draft: Draft,
    stage: Stage,
    /// Of what the stage sorts.
    sort: Sort,
    index: Index,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// From this card on.
    Reading(usize),
    Cards,
    Words,
    Sounds,
    Done,
}

impl<'a> Building<'a> {
    #[must_use]
    pub fn new(directory: &'a Directory) -> Self {
        let (draft, index) = (Draft::new(directory), Index::default());
        Self { directory, draft, stage: Stage::Reading(0), sort: Sort::default(), index }
    }

    /// Goes on by at most so many cards, or, once they are read, by one pass of sorting. Whether all is done.
    pub fn step(&mut self, cards: usize) -> bool {
        let (draft, index) = (&mut self.draft, &mut self.index);
        match self.stage {
            Stage::Reading(next) => {
                let all = &self.directory.cards;
                let end = next.saturating_add(cards.max(1)).min(all.len());
                for (rank, card) in all.iter().enumerate().take(end).skip(next) {
                    draft.read(rank as u32, card, self.directory);
                }
                self.stage = Stage::Reading(end);
                if end == all.len() {
                    (self.stage, self.sort) = (Stage::Cards, by_text(&draft.names));
                }
            }
            Stage::Cards if pass(&mut self.sort, &draft.names) => {
                index.ranks = std::mem::take(&mut self.sort).ids();
                (self.stage, self.sort) = (Stage::Words, by_text(&draft.words.texts));
            }
            Stage::Words if pass(&mut self.sort, &draft.words.texts) => {
                let order = std::mem::take(&mut self.sort).ids();
                self.assemble(&order);
                (self.stage, self.sort) = (Stage::Sounds, by_text(&self.index.sounds.texts));
            }
            Stage::Sounds if pass(&mut self.sort, &index.sounds.texts) => {
                index.sounds = ordered(&index.sounds, &std::mem::take(&mut self.sort).ids());
                self.stage = Stage::Done;
            }
            _ => {}
        }
        self.stage == Stage::Done
    }

    /// Does what remains.
    #[must_use]
    pub fn finish(mut self) -> Index {
        while !self.step(usize::MAX) {}
        self.index
    }

    /// Once the order of the cards and of the words is known: what leads from the ones to the others.
    fn assemble(&mut self, order: &[u32]) {
        let (draft, index) = (std::mem::take(&mut self.draft), &mut self.index);
        let places = inverse(&index.ranks);
        index.words = draft.words.texts.ordered(order);
        index.sounds = listen(&index.words);
        index.letters = (0..order.len() as u32).map(|word| letters(index.words.get(word))).collect();
        let word_places = inverse(order);
        let posted = draft.posted.iter().map(|(word, posting)| {
            let whom = posting & WHOM;
            let placed = if posting & GROUP == 0 { places[whom as usize] } else { whom };
            (word_places[*word as usize], posting & !WHOM | placed)
        });
        (index.posting_ends, index.postings) = by_word(order.len(), &posted.collect::<Vec<_>>());
        index.groups = draft.groups;
        for (group, members) in index.groups.iter_mut().zip(&draft.members) {
            group.bits = Bits::none(places.len());
            members.iter().for_each(|rank| group.bits.set(places[*rank as usize]));
        }
        let of = |facet| (0..).zip(&index.groups).filter(move |(_, group)| group.chip.facet == facet);
        index.shown = Facet::ALL.into_iter().flat_map(of).map(|(group, _)| group).collect();
        (index.point_ends, index.points) = (draft.point_ends, draft.points);
    }
}

fn by_text(texts: &Texts) -> Sort {
    Sort::texts(texts.len(), &|id| texts.get(id))
}

fn pass(sort: &mut Sort, texts: &Texts) -> bool {
    sort.pass(&|one, other| texts.get(one) > texts.get(other))
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    (0..).zip(order).for_each(|(place, id)| places[*id as usize] = place);
    places
}

/// The postings of each word together, and where those of each end.
fn by_word(words: usize, posted: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    // Each end begins as a start, and moves on as the postings come.
    let mut ends = vec![0; words + 1];
    posted.iter().for_each(|(word, _)| ends[*word as usize + 1] += 1);
    (1..=words).for_each(|word| ends[word] += ends[word - 1]);
    let mut postings = vec![0; posted.len()];
    for (word, posting) in posted {
        let place = &mut ends[*word as usize];
        postings[*place as usize] = *posting;
        *place += 1;
    }
    ends.truncate(words);
    (ends, postings)
}

fn listen(words: &Texts) -> Sounds {
    let (mut all, mut buffer) = (Sounds::default(), String::new());
    for id in 0..words.len() as u32 {
        let word = words.get(id);
        if sounds(word) {
            all.heard.push(sound(word, &mut buffer).min(255) as u8);
            all.texts.push(&buffer);
            all.word.push(id);
        }
    }
    all
}

fn ordered(sounds: &Sounds, order: &[u32]) -> Sounds {
    Sounds {
        texts: sounds.texts.ordered(order),
        heard: order.iter().map(|id| sounds.heard[*id as usize]).collect(),
        word: order.iter().map(|id| sounds.word[*id as usize]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Query;
    use super::super::fixture::{AUTERIVE, context, directory, person};
    use super::*;

    #[test]
    fn by_steps_or_at_once_it_is_the_same() {
        let people = (0..50).map(|rank| person(&format!("N{}", (rank * 37) % 50), "Marie-Hélène").at(AUTERIVE));
        let directory = directory(people.collect());
        let mut building = Building::new(&directory);
        let mut steps = 1;
        while !building.step(7) {
            steps += 1;
        }
        let (stepped, whole) = (building.finish(), Index::new(&directory));
        assert!(steps > 20, "{steps}");
        for address in ["", "q=helene", "q=n3", "q=auterive&tri=hasard"] {
            let query = Query::read(address);
            assert_eq!(stepped.find(&directory, &query, &context()), whole.find(&directory, &query, &context()));
        }
        assert_eq!(whole.find(&directory, &Query::read("q=n3"), &context()).cards.len(), 11);
    }

    #[test]
    fn an_empty_directory_has_an_index() {
        let empty = Directory::default();
        let found = Index::new(&empty).find(&empty, &Query::read("q=martin&p=70&tri=hasard"), &context());
        assert!(found.cards.is_empty() && found.wider.is_none());
    }
}
