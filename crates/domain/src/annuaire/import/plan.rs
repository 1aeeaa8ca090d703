//! What an import would do to the whole directory.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::{self, Silhouette};
use super::{Answer, Change, Known, Otherwise, Plan, Proposed, Scope, Suppressed, Terms, merge};
use crate::annuaire::entry::{self, Entry, GONE_SINCE, Kind};
use crate::annuaire::fact::Source;
use crate::id::RecordId;
use crate::record::Fields;

/// Compares the cards that are there with those of a file.
///
/// `existing` are the cards of the territory, deleted and erased ones left out. A card of the file is the one that bears
/// its identifier; without one it is proposed to a person, never decided. Nothing that somebody declared is overwritten,
/// nobody who objected comes back, nobody is deleted.
#[must_use]
pub fn plan(existing: &[Known], incoming: Vec<Entry>, terms: &Terms) -> Plan {
    let mut planner = Planner::new(terms);
    existing.iter().for_each(|card| planner.know(card));
    let by_id: BTreeMap<RecordId, &Known> = existing.iter().map(|card| (card.id, card)).collect();
    let mut plan = Plan::default();
    for one in incoming {
        let met = planner.meet(one);
        if let Met::Is(card, fields) = &met {
            plan.compared(planner.compare(by_id[card], fields));
        }
        plan.met(met);
    }
    for card in planner.absent() {
        plan.leaves(planner.leave(by_id[&card]));
    }
    plan.held = planner.held();
    plan
}

/// Compares a file with the directory one card after the other, so that neither is ever held whole: of the cards that are
/// there it keeps what tells them apart, of the file what names its cards.
pub struct Planner<'a> {
    terms: &'a Terms,
    cards: Vec<Held>,
    by_identifier: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Vec<usize>>,
    keys: BTreeSet<String>,
}

struct Held {
    id: RecordId,
    who: String,
    silhouette: Silhouette,
    /// A whole file it is absent from flags it.
    may_leave: bool,
    seen: bool,
}

/// What a card of the file is.
#[derive(Debug)]
pub enum Met {
    /// Somebody who objected.
    Suppressed,
    /// A card that the file already holds.
    Twice,
    /// With its fields, as they are to be written.
    New(Box<Entry>, Fields),
    /// This card, of which the file says these fields: to be compared.
    Is(RecordId, Fields),
    /// May be somebody who is already there.
    Ask(Box<Proposed>),
}

/// One card that is there beside what the file says of it.
#[derive(Debug)]
pub struct Compared {
    /// `None`: the file says nothing new.
    pub change: Option<Change>,
    pub differences: Vec<super::Difference>,
}

impl<'a> Planner<'a> {
    #[must_use]
    pub fn new(terms: &'a Terms) -> Self {
        let (by_identifier, by_name) = (BTreeMap::new(), BTreeMap::new());
        Self { terms, cards: Vec::new(), by_identifier, by_name, keys: BTreeSet::new() }
    }

    /// A card that is there. All of them are told before the first of the file is met.
    pub fn know(&mut self, card: &Known) {
        let (at, fields) = (self.cards.len(), &card.fields);
        let silhouette = Silhouette::of(fields);
        for identifier in matching::identifiers(fields) {
            self.by_identifier.entry(silhouette.of_kind(&identifier)).or_insert(at);
        }
        self.by_name.entry(matching::name_of(fields)).or_default().push(at);
        let (who, may_leave) = (matching::who(fields), may_leave(card, self.terms));
        self.cards.push(Held { id: card.id, who, silhouette, may_leave, seen: false });
    }

    /// The next card of the file.
    pub fn meet(&mut self, one: Entry) -> Met {
        let fields = entry::write(&one);
        let identifiers = matching::identifiers(&fields);
        if identifiers.iter().any(|one| self.terms.suppressed.contains(&Suppressed(one.clone()))) {
            return Met::Suppressed;
        }
        let key = matching::key(&fields);
        if self.keys.contains(&key) {
            return Met::Twice;
        }
        let decision = self.decide(&fields, &identifiers, &key);
        let met = match decision {
            Decision::Is(at) if self.cards[at].seen => Met::Twice,
            Decision::Is(at) => {
                self.cards[at].seen = true;
                Met::Is(self.cards[at].id, fields)
            }
            Decision::New => Met::New(Box::new(one), fields),
            Decision::Ask(alike) => {
                // Not hers, perhaps; but not gone either while nobody has said so.
                alike.iter().for_each(|at| self.cards[*at].seen = true);
                let cards = alike.iter().map(|at| (self.cards[*at].id, self.cards[*at].who.clone())).collect();
                Met::Ask(Box::new(Proposed { key: key.clone(), entry: one, cards }))
            }
        };
        self.keys.insert(key);
        met
    }

    /// A card that was met, and what the file says of it.
    #[must_use]
    pub fn compare(&self, card: &Known, file: &Fields) -> Compared {
        let merge::Merged { facts, differences } = merge::merge(card, file, self.terms);
        let change = (!facts.is_empty()).then(|| Change { card: card.id, who: matching::who(&card.fields), facts });
        Compared { change, differences }
    }

    /// Once all the file is met: the cards it should hold and does not.
    pub fn absent(&self) -> impl Iterator<Item = RecordId> {
        self.cards.iter().filter(|card| card.may_leave && !card.seen).map(|card| card.id)
    }

    /// The flag of a card that is absent.
    #[must_use]
    pub fn leave(&self, card: &Known) -> Option<Change> {
        let facts = vec![merge::flag(self.terms, card)?];
        Some(Change { card: card.id, who: matching::who(&card.fields), facts })
    }

    /// The cards that a file where they are not would flag.
    #[must_use]
    pub fn held(&self) -> usize {
        self.cards.iter().filter(|card| card.may_leave).count()
    }

    fn decide(&self, fields: &Fields, identifiers: &[String], key: &str) -> Decision {
        let silhouette = Silhouette::of(fields);
        if let Some(at) = self.same(&silhouette, identifiers) {
            return Decision::Is(at);
        }
        let named = self.by_name.get(&matching::name_of(fields)).map_or(&[][..], Vec::as_slice);
        let alike: Vec<usize> =
            named.iter().copied().filter(|at| self.cards[*at].silhouette.is_like(&silhouette)).collect();
        if alike.is_empty() {
            return Decision::New;
        }
        match self.terms.answers.get(key) {
            Some(Answer::Other) => Decision::New,
            // Only one of those that were proposed: an answer given to another state of the directory is asked again.
            Some(Answer::Same { card }) => match alike.iter().find(|at| self.cards[**at].id == *card) {
                Some(at) => Decision::Is(*at),
                None => Decision::Ask(alike),
            },
            Some(Answer::Skip) => Decision::Ask(alike),
            None => match (self.terms.otherwise, alike.as_slice()) {
                (Otherwise::Other, _) => Decision::New,
                (Otherwise::Same, [at]) => Decision::Is(*at),
                _ => Decision::Ask(alike),
            },
        }
    }

    /// The card of the same kind that bears an identifier of this one, and no other of the same kind of identifier.
    fn same(&self, silhouette: &Silhouette, identifiers: &[String]) -> Option<usize> {
        let mut found = identifiers.iter().filter_map(|one| self.by_identifier.get(&silhouette.of_kind(one)).copied());
        found.find(|at| !self.cards[*at].silhouette.differs(silhouette))
    }
}

/// Whose card a card of the file is.
enum Decision {
    Is(usize),
    New,
    Ask(Vec<usize>),
}

impl Plan {
    /// A plan that counts everything and keeps so many of each part, for who only looks.
    #[must_use]
    pub fn of_the_first(kept: usize) -> Self {
        Self { kept: Some(kept), ..Self::default() }
    }

    /// Notes what a card of the file is. What is said of a card that is there is noted by [`Plan::compared`].
    pub fn met(&mut self, met: Met) {
        match met {
            Met::Suppressed => self.counts.suppressed += 1,
            Met::Twice => self.twice += 1,
            Met::New(one, _) => {
                self.counts.new += 1;
                self.counts.to_inform += usize::from(one.kind == Kind::Person);
                keep(&mut self.new, self.kept, *one);
            }
            Met::Is(..) => {}
            Met::Ask(one) => {
                self.counts.proposed += 1;
                keep(&mut self.proposed, self.kept, *one);
            }
        }
    }

    /// Notes what the file says of a card that is there.
    pub fn compared(&mut self, compared: Compared) {
        for difference in compared.differences {
            self.counts.differences += 1;
            keep(&mut self.differences, self.kept, difference);
        }
        match compared.change {
            None => self.counts.same += 1,
            Some(change) if change.facts.iter().any(|one| one.fact == GONE_SINCE) => {
                self.counts.back += 1;
                keep(&mut self.back, self.kept, change);
            }
            Some(change) => {
                self.counts.changed += 1;
                keep(&mut self.changed, self.kept, change);
            }
        }
    }

    /// Notes a card that the file no longer holds.
    pub fn leaves(&mut self, flag: Option<Change>) {
        if let Some(change) = flag {
            self.counts.gone += 1;
            keep(&mut self.gone, self.kept, change);
        }
    }
}

fn keep<T>(list: &mut Vec<T>, most: Option<usize>, one: T) {
    if most.is_none_or(|most| list.len() < most) {
        list.push(one);
    }
}

/// Whether a card came from this register, in this territory, and is not flagged: a file it is absent from would flag it.
fn may_leave(card: &Known, terms: &Terms) -> bool {
    let fields = &card.fields;
    let kind = match terms.source {
        Source::Rpps(_) => Kind::Person,
        Source::Finess(_) => Kind::Structure,
        Source::Declared | Source::Coordination => return false,
    };
    let communes = matching::communes(fields);
    let here = terms.communes.is_empty()
        || communes.is_empty()
        || communes.iter().any(|commune| terms.communes.contains(*commune));
    let read = terms.professions.as_ref().is_none_or(|professions| {
        matching::profession(fields).is_some_and(|profession| professions.contains(profession))
    });
    let was_there = fields.values().any(|field| merge::is_of(field, terms.source));
    let concerned = terms.scope == Scope::Whole
        && matching::value(fields, GONE_SINCE).is_none()
        && matching::value(fields, "kind")
            .is_some_and(|value| serde_json::to_value(kind).is_ok_and(|kind| *value == kind));
    concerned && here && read && was_there
}
