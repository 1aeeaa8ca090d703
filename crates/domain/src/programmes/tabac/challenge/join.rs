//! The records of a person put together.

use chrono::{Datelike, NaiveDate};

use super::super::rules::moves;
use super::super::settings::{Editions, editions};
use super::{ATTENDANCE, CALL, CHALLENGER, Call, Challenge, INTERVIEW, MOVE, Outcome, PAIR, QuitDate, Step, Told};
use crate::form::Answers;
use crate::id::{AccountId, RecordId};
use crate::order::sort_by_key;
use crate::people::{Purpose, consent};
use crate::programme::{Clock, Noted};
use crate::record::{FINISHED_AT, MERGED_INTO, PARENT, STARTED_AT};
use crate::{Fields, Timestamp};

/// The challenges these records tell of. A person who is not among them was deleted, and has none. Whoever was merged into
/// another is that other; several sign-ups of one person in one edition are one challenge. Drafts of calls, of moves and of
/// attendances are not yet said.
#[must_use]
pub fn challenges<'a>(records: &[Noted<'a>], clock: &Clock<'_>) -> Vec<Challenge<'a>> {
    joined(records, &[], clock)
}

/// The same, each of the first people of these pairs being the second.
#[must_use]
pub fn joined<'a>(records: &[Noted<'a>], same: &[(RecordId, RecordId)], clock: &Clock<'_>) -> Vec<Challenge<'a>> {
    let mut kept = Kept::of(records);
    kept.merged.extend_from_slice(same);
    let told: Vec<(RecordId, Noted<'a>)> =
        records.iter().filter_map(|noted| Some((kept.told_of(noted)?, *noted))).collect();
    let signed_up = told.iter().filter(|(_, noted)| noted.kind == CHALLENGER);
    let mut people: Vec<RecordId> = signed_up.map(|(person, _)| *person).collect();
    sort_by_key(&mut people, |person| *person);
    people.dedup();
    people.retain(|person| kept.people.binary_search(person).is_ok());
    let mut hanging: Vec<Vec<Noted<'a>>> = people.iter().map(|_| Vec::new()).collect();
    for (person, noted) in told {
        if let Ok(rank) = people.binary_search(&person) {
            hanging[rank].push(noted);
        }
    }
    let editions = editions(records);
    let mut joined = Vec::new();
    for (person, mut of_one) in people.into_iter().zip(hanging) {
        sort_by_key(&mut of_one, |noted| (begun(noted.fields), noted.id));
        Joining { person, of_one: &of_one, editions: &editions, clock }.join(&mut joined);
    }
    joined
}

fn is_told(kind: &str) -> bool {
    matches!(kind, CHALLENGER | INTERVIEW | CALL | MOVE | ATTENDANCE | PAIR | "consent")
}

fn instant(fields: &Fields, name: &str) -> Option<Timestamp> {
    Answers(fields).int(name).map(Timestamp)
}

fn begun(fields: &Fields) -> Timestamp {
    instant(fields, STARTED_AT).or(instant(fields, FINISHED_AT)).unwrap_or(Timestamp(0))
}

/// Which person is kept of those that were merged.
struct Kept {
    people: Vec<RecordId>,
    merged: Vec<(RecordId, RecordId)>,
}

impl Kept {
    fn of(records: &[Noted<'_>]) -> Self {
        let people = || records.iter().filter(|noted| noted.kind == "person");
        let into = |noted: &Noted<'_>| Answers(noted.fields).code(MERGED_INTO)?.parse().ok();
        let mut ids: Vec<RecordId> = people().map(|noted| noted.id).collect();
        sort_by_key(&mut ids, |id| *id);
        Self { people: ids, merged: people().filter_map(|noted| Some((noted.id, into(noted)?))).collect() }
    }

    /// The person a record tells of.
    fn told_of(&self, noted: &Noted<'_>) -> Option<RecordId> {
        let parent = Answers(noted.fields).code(PARENT).filter(|_| is_told(noted.kind))?;
        Some(self.id(parent.parse().ok()?))
    }

    /// Itself, unless it was merged into another that is here. Of several merged into each other, the smallest id, as
    /// every device decides it.
    fn id(&self, id: RecordId) -> RecordId {
        let mut passed = vec![id];
        loop {
            let here = passed[passed.len() - 1];
            let into = self.merged.iter().find(|(from, _)| *from == here).map(|(_, into)| *into);
            match into.filter(|into| self.people.binary_search(into).is_ok()) {
                None => return here,
                Some(into) => match passed.iter().position(|before| *before == into) {
                    Some(at) => return passed[at..].iter().copied().min().unwrap_or(here),
                    None => passed.push(into),
                },
            }
        }
    }
}

/// The records of one person, oldest first.
struct Joining<'j, 'a> {
    person: RecordId,
    of_one: &'j [Noted<'a>],
    editions: &'j Editions<'a>,
    clock: &'j Clock<'j>,
}

impl<'a> Joining<'_, 'a> {
    fn each(&self, kind: &str) -> impl Iterator<Item = &Noted<'a>> {
        self.of_one.iter().filter(move |noted| noted.kind == kind)
    }

    fn day(&self, at: Timestamp) -> NaiveDate {
        (self.clock.day)(at)
    }

    fn join(&self, joined: &mut Vec<Challenge<'a>>) {
        let first = joined.len();
        for sign_up in self.each(CHALLENGER) {
            if let Some(challenge) = self.sign_up(sign_up, &mut joined[first..]) {
                joined.push(challenge);
            }
        }
        let mine = &mut joined[first..];
        if mine.is_empty() {
            return;
        }
        for challenge in mine.iter_mut() {
            if let Some(on) = challenge.sign_up.date("quit_on") {
                let fixed_on = challenge.signed_on;
                challenge.dates.push(QuitDate { on, fixed_on, reason: "", smoke_free_before: None });
            }
        }
        for noted in self.of_one {
            self.add(noted, mine);
        }
        let consents = consent::counting(self.each("consent").map(|noted| (noted.id, noted.fields)));
        let withdrawn_on = self.withdrawn_on();
        for challenge in mine {
            sort_by_key(&mut challenge.calls, |call| (call.on, call.at, call.id));
            challenge.consents.clone_from(&consents);
            challenge.withdrawn_on = withdrawn_on;
            if consents.contains(&(Purpose::ShareNamed, false)) {
                challenge.pair.clear();
            }
        }
    }

    /// The day of the first of the « non » to being called that stand.
    fn withdrawn_on(&self) -> Option<NaiveDate> {
        let stands = consent::standing(self.each("consent").map(|noted| (noted.id, noted.fields)));
        let called = stands.into_iter().find(|(purpose, _)| *purpose == Purpose::CallBack)?.1;
        let no = |noted: &&Noted<'_>| called.contains(&(noted.id, false));
        self.each("consent").filter(no).map(|noted| self.day(begun(noted.fields))).min()
    }

    /// A challenge of its own, unless it completes one of these.
    fn sign_up(&self, noted: &Noted<'a>, mine: &mut [Challenge<'a>]) -> Option<Challenge<'a>> {
        let answers = Answers(noted.fields);
        let signed_on = self.day(begun(noted.fields));
        let edition = self.editions.named(&answers, Some(signed_on));
        let finished = answers.has(FINISHED_AT);
        // Without an edition, an edition is its year still.
        let same_year = |challenge: &Challenge<'_>| challenge.signed_on.year() == signed_on.year();
        let same = |challenge: &&mut Challenge<'_>| {
            challenge.edition == edition && (edition.is_some() || same_year(challenge))
        };
        if let Some(same) = mine.iter_mut().find(same) {
            same.sign_up.0.push(answers);
            same.sign_ups.push(noted.id);
            same.finished |= finished;
            return None;
        }
        Some(Challenge {
            id: noted.id,
            sign_ups: vec![noted.id],
            person: self.person,
            edition,
            sign_up: Told(vec![answers]),
            signed_on,
            finished,
            dates: Vec::new(),
            calls: Vec::new(),
            unfinished_calls: 0,
            interview: None,
            interviewed: false,
            sessions: Vec::new(),
            consents: Vec::new(),
            withdrawn_on: None,
            pair: Vec::new(),
        })
    }

    fn add(&self, noted: &Noted<'a>, mine: &mut [Challenge<'a>]) {
        if !matches!(noted.kind, INTERVIEW | CALL | MOVE | ATTENDANCE | PAIR) {
            return;
        }
        let answers = Answers(noted.fields);
        let finished = instant(noted.fields, FINISHED_AT);
        let begun_on = self.day(begun(noted.fields));
        let named: Option<RecordId> = answers.code("challenger").and_then(|id| id.parse().ok());
        // What names no sign-up tells of the newest one it may have known.
        let known = || mine.iter().rposition(|challenge| challenge.signed_on <= begun_on).unwrap_or_default();
        let at = mine.iter().position(|challenge| named.is_some_and(|id| challenge.sign_ups.contains(&id)));
        let challenge = &mut mine[at.unwrap_or_else(known)];
        match (noted.kind, finished) {
            (INTERVIEW, _) => {
                challenge.interviewed |= finished.is_some();
                challenge.interview.get_or_insert_default().0.insert(0, answers);
            }
            (CALL, at) => {
                let Some((at, outcome)) = at.zip(Outcome::of(&answers)) else {
                    challenge.unfinished_calls += 1;
                    return;
                };
                let step = answers.code("step").and_then(Step::of);
                // A call noted later from a printed list is dated by hand.
                let on = answers.date("called_on").unwrap_or_else(|| self.day(at));
                let other_tobacco = self.editions.of(challenge.edition).is_smoking(answers.code("other_tobacco"));
                challenge.calls.push(Call { id: noted.id, at, on, step, outcome, other_tobacco, answers });
            }
            (MOVE, Some(at)) if moves(&answers) => challenge.fix(answers, self.day(at)),
            (ATTENDANCE, Some(_)) => {
                let session: Option<RecordId> = answers.code("session").and_then(|id| id.parse().ok());
                // Noted on two devices, or on two records that were merged, she came once.
                challenge.sessions.extend(session.filter(|session| !challenge.sessions.contains(session)));
            }
            // Oldest first: the newest in force stays.
            (PAIR, _) if answers.is("in_force", "yes") => {
                let account: Option<AccountId> = answers.code("account").and_then(|id| id.parse().ok());
                challenge.pair = account.into_iter().collect();
            }
            _ => {}
        }
    }
}

impl<'a> Challenge<'a> {
    /// A quit date fixed on a day, unless it is the one there was.
    fn fix(&mut self, answers: Answers<'a>, fixed_on: NaiveDate) {
        let Some(on) = answers.date("quit_on").filter(|on| self.quit_on() != Some(*on)) else { return };
        let smoke_free_before = answers.code("smoke_free_before").map(|code| code == "yes");
        self.dates.push(QuitDate {
            on,
            fixed_on,
            reason: answers.code("reason").unwrap_or_default(),
            smoke_free_before,
        });
    }
}
