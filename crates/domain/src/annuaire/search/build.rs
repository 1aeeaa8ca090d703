//! Building an index: the server does it once for everybody, devices receive it with the file.

use super::bits::Bits;
use super::index::{Index, Sounds};
use super::near::letters;
use super::phonetic::{sound, sounds};
use super::read::{Draft, GROUP, WHOM};
use super::sort::Sort;
use super::words::Texts;
use crate::annuaire::directory::Directory;

impl Index {
    #[must_use]
    pub fn new(directory: &Directory) -> Self {
        let mut draft = Draft::new(directory);
        for (rank, card) in (0..).zip(directory.cards.iter()) {
            draft.read(rank, &card, directory);
        }
        let order = sorted(&draft.words.texts);
        let words = draft.words.texts.ordered(&order);
        let sounds = listen(&words);
        let by_sound = sorted(&sounds.texts);
        let mut index = Self {
            ranks: sorted(&draft.names),
            letters: (0..words.len() as u32).map(|word| letters(words.get(word))).collect(),
            words,
            sounds: ordered(&sounds, &by_sound),
            ..Self::default()
        };
        index.lead(draft, &inverse(&order));
        index
    }

    /// Once the order of the cards and of the words is known: what leads from the ones to the others.
    fn lead(&mut self, draft: Draft, word_places: &[u32]) {
        let places = inverse(&self.ranks);
        let posted = draft.posted.iter().map(|(word, posting)| {
            let whom = posting & WHOM;
            let placed = if posting & GROUP == 0 { places[whom as usize] } else { whom };
            (word_places[*word as usize], posting & !WHOM | placed)
        });
        (self.posting_ends, self.postings) = by_word(word_places.len(), &posted.collect::<Vec<_>>());
        self.groups = draft.groups;
        for (group, members) in self.groups.iter_mut().zip(&draft.members) {
            group.bits = Bits::none(places.len());
            members.iter().for_each(|rank| group.bits.set(places[*rank as usize]));
        }
        self.shown = Self::in_order(&self.groups);
        (self.point_ends, self.points) = (draft.point_ends, draft.points);
        let placed = |rank: u32| places[rank as usize];
        self.hours = draft.hours.into_iter().map(|(rank, hours)| (placed(rank), hours)).collect();
        self.welcoming = draft.welcoming.into_iter().map(|(rank, until)| (placed(rank), until)).collect();
    }
}

/// The numbers of the texts in the order of the texts.
fn sorted(texts: &Texts) -> Vec<u32> {
    let mut sort = Sort::texts(texts.len(), &|id| texts.get(id));
    while !sort.pass(&|one, other| texts.get(one) > texts.get(other)) {}
    sort.ids()
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
    use super::super::fixture::context;
    use super::*;

    #[test]
    fn an_empty_directory_has_an_index() {
        let empty = Directory::default();
        let found = Index::new(&empty).find(&empty, &Query::read("q=martin&p=70&tri=hasard"), &context());
        assert!(found.cards.is_empty() && found.wider.is_none());
    }
}
