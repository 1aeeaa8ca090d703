//! What a stand writes: what it begins, what is known of it at once, how much of it was sealed.

use std::rc::Rc;

use domain::form::Kind;
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{PERSON, Role};
use domain::programme::{Begun, Noted, RecordKind};
use domain::programmes::{PROGRAMMES, kind};
use domain::record::FINISHED_AT;
use domain::{Fields, Value};
use leptos::prelude::*;

use super::super::{Notebook, Trouble};
use super::tallied;
use crate::platform::idb::stand::{Stand, Venue};
use crate::platform::watch::sleep;

/// How often, and how many times, a venue that was just written is looked at on its way to the server.
const SENT_MS: u32 = 250;
const SENT_TRIES: u32 = 40;

/// The kinds a stand begins: those of the programme whose venue it is held for; without one, people.
pub fn begun_at_a_stand(venue: Option<&str>) -> Vec<&'static RecordKind> {
    let of_venue = PROGRAMMES.iter().filter(|programme| programme.venue.is_some() && programme.venue == venue);
    let mut kinds: Vec<&'static RecordKind> = match venue {
        Some(_) => of_venue.flat_map(|programme| programme.records.iter().copied()).collect(),
        None => vec![&PERSON],
    };
    kinds.retain(|kind| kind.at_stand.is_some() && kind.writers.contains(&Role::StandSession));
    // Whoever comes to the stand is met first.
    sort_by_key(&mut kinds, |kind| kind.parent.is_some_and(|above| above != PERSON.id));
    kinds
}

impl Notebook {
    /// Begins what a stand notes: with the person it is about, or under what the stand is held for.
    ///
    /// # Errors
    /// The disk refused; there is no record.
    pub async fn begin_entry(self, kind: &'static RecordKind) -> Result<RecordId, Trouble> {
        let person = kind.parent == Some(PERSON.id);
        let parent = match kind.parent {
            None => None,
            Some(_) if person => Some(self.create(&PERSON, None).await?),
            Some(_) => self.inner().standing.row.borrow().as_ref().and_then(|row| Some(row.venue.as_ref()?.record)),
        };
        let begun = self.create(kind, parent).await;
        // Whoever holds the stand has read what became of the one before.
        self.stands().held.update(|held| {
            if let Some(held) = held {
                held.left = None;
            }
        });
        if begun.is_err() && person {
            // She has said nothing yet. If the disk refuses this too, she goes with the next form.
            let _ = self.end_entry(false).await;
        }
        begun
    }

    /// What a record begun at this stand knows of what it is held for, and whether the person writes by herself. `None` in a
    /// notebook.
    pub(in crate::notebook) fn venue_seeds(self) -> Option<(Fields, bool)> {
        let inner = self.inner();
        let row = inner.standing.row.borrow();
        let row = row.as_ref()?;
        Some((row.venue.as_ref()?.seeds.clone(), row.by_herself))
    }

    /// What a question of a kind counted at this stand so far, the form under the fingers aside; `None` in a notebook.
    #[must_use]
    pub fn tallied_here(self, kind: &str, question: &str) -> Option<i64> {
        let counts = |held: &super::Held| held.counts.get(&tallied(kind, question)).and_then(Value::as_i64);
        self.stands().held.with_untracked(|held| held.as_ref().map(|held| counts(held).unwrap_or_default()))
    }

    /// The server must hold what a stand is held for: one that was just written leaves first. If it does not, the server says so.
    pub(super) async fn sent(self, record: RecordId) {
        self.exchange_now();
        for _ in 0..SENT_TRIES {
            if self.peek(record).is_none_or(|shown| shown.waiting == 0) {
                return;
            }
            sleep(SENT_MS).await;
        }
    }

    /// What a stand keeps of the record it is held for: ids, days and numbers.
    pub(super) fn venue_of(self, record: RecordId) -> Option<Venue> {
        let shown = self.peek(record)?;
        let fields = shown.values();
        let named = fields.values().filter_map(|value| self.peek(value.as_str()?.parse().ok()?));
        let named: Vec<(RecordId, String, Fields)> =
            named.map(|shown| (shown.id, shown.kind.clone(), shown.values())).collect();
        let mut known = vec![Noted { id: record, kind: &shown.kind, fields: &fields }];
        known.extend(named.iter().map(|(id, kind, fields)| Noted { id: *id, kind, fields }));
        let begun = Begun { today: self.today(), known: &known, venue: Some(&fields), by_herself: false };
        let seeds = kind(&shown.kind)?.prefill.map(|prefill| prefill(&begun)).unwrap_or_default();
        let seeds = seeds.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Some(Venue { record, kind: shown.kind.clone(), seeds })
    }

    /// What this stand will have sealed once the form under the fingers is; `None` outside a stand.
    pub(super) fn counted(self) -> Option<Fields> {
        let mut counts = self.inner().standing.row.borrow().as_ref()?.counts.clone();
        for shown in self.shown.with_untracked(|shelf| shelf.all(|_| true)) {
            if let Some(kind) = kind(&shown.kind) {
                count(&mut counts, kind, &shown.values());
            }
        }
        Some(counts)
    }

    /// Only counters: a disk that refuses them loses nothing else. A stand that was closed meanwhile, or sent and forgotten, is
    /// not put back.
    pub(super) async fn keep_counts(self, counts: Fields) {
        let inner = self.inner();
        let Some(row) = inner.standing.row.borrow().clone() else { return };
        let row = Rc::new(Stand { counts: counts.clone(), ..Stand::clone(&row) });
        let device = row.device_id;
        *inner.standing.row.borrow_mut() = Some(row);
        self.stands().held.update(|held| {
            if let Some(held) = held {
                held.counts.clone_from(&counts);
            }
        });
        let _ = inner.devices.change_stand(device, |there| there.counting(&counts)).await;
    }
}

/// Adds one record to what a stand sealed; one that was left in the middle is none.
fn count(counts: &mut Fields, kind: &RecordKind, answers: &Fields) {
    if !answers.get(FINISHED_AT).is_some_and(Value::is_i64) {
        return;
    }
    let mut add = |name: String, more: i64| {
        let sum = counts.get(&name).and_then(Value::as_i64).unwrap_or_default();
        counts.insert(name, sum.saturating_add(more).into());
    };
    add(kind.id.to_owned(), 1);
    for (_, question) in kind.form().questions().filter(|(_, question)| matches!(question.kind, Kind::Tally)) {
        if let Some(more) = answers.get(question.id).and_then(Value::as_i64) {
            add(tallied(kind.id, question.id), more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_venue_a_stand_begins_a_person_and_nothing_that_hangs_on_another_record() {
        let begun: Vec<_> = begun_at_a_stand(None).iter().map(|kind| kind.id).collect();
        assert_eq!(begun, [PERSON.id]);
    }

    #[test]
    fn a_venue_begins_what_its_programme_says_and_what_a_stand_may_write() {
        let venues = PROGRAMMES.iter().filter_map(|programme| programme.venue);
        for venue in venues {
            let begun = begun_at_a_stand(Some(venue));
            assert_eq!(begun.first().and_then(|kind| kind.parent), Some(PERSON.id), "{venue}: people first");
            for kind in begun {
                let above = [None, Some(PERSON.id), Some(venue)];
                assert!(above.contains(&kind.parent), "a stand holds nothing else {} could hang on", kind.id);
            }
        }
        assert!(begun_at_a_stand(Some("person")).is_empty(), "no programme holds its stands for it");
    }

    #[test]
    fn what_is_finished_is_counted_and_what_it_counted_is_added() {
        let mut all =
            domain::programmes::kinds().flat_map(|kind| kind.form().questions().map(move |(_, one)| (kind, one)));
        let (tally, question) =
            all.find(|(_, question)| matches!(question.kind, Kind::Tally)).expect("a kind that counts");
        let answers = |counted: i64, finished: bool| {
            let mut answers = Fields::from([(question.id.to_owned(), Value::from(counted))]);
            if finished {
                answers.insert(FINISHED_AT.to_owned(), 1.into());
            }
            answers
        };
        let mut counts = Fields::new();
        count(&mut counts, tally, &answers(7, false));
        assert_eq!(counts, Fields::new(), "left in the middle");
        count(&mut counts, tally, &answers(7, true));
        count(&mut counts, tally, &answers(-2, true));
        assert_eq!(counts[tally.id], 2);
        assert_eq!(counts[&tallied(tally.id, question.id)], 5);
    }
}
