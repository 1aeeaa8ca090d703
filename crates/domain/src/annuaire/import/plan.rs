//! What an import would do to the whole directory.

use std::collections::BTreeSet;

use super::matching::{self, Index};
use super::{Answer, Change, Known, Otherwise, Plan, Proposed, Scope, Suppressed, Terms, merge};
use crate::annuaire::entry::{self, Entry, GONE_SINCE, Kind};
use crate::annuaire::fact::Source;
use crate::record::Fields;

/// Compares the cards that are there with those of a file.
///
/// `existing` are the cards of the territory, deleted and erased ones left out. A card of the file is the one that bears
/// its identifier; without one it is proposed to a person, never decided. Nothing that somebody declared is overwritten,
/// nobody who objected comes back, nobody is deleted.
#[must_use]
pub fn plan(existing: &[Known], incoming: Vec<Entry>, terms: &Terms) -> Plan {
    let index = Index::of(existing);
    let mut plan = Plan::default();
    let mut seen = vec![false; existing.len()];
    let mut keys = BTreeSet::new();
    for one in incoming {
        let fields = entry::write(&one);
        if matching::identifiers(&fields).into_iter().any(|one| terms.suppressed.contains(&Suppressed(one))) {
            plan.suppressed += 1;
            continue;
        }
        let key = matching::key(&fields);
        if !keys.insert(key.clone()) {
            plan.twice += 1;
            continue;
        }
        match decide(&index, existing, &fields, &key, terms) {
            Decision::Is(at) if seen[at] => plan.twice += 1,
            Decision::Is(at) => {
                seen[at] = true;
                plan.seen.push(existing[at].id);
                take(&mut plan, &existing[at], &fields, terms);
            }
            Decision::New => plan.new.push(one),
            Decision::Ask(alike) => {
                // Not hers, perhaps; but not gone either while nobody has said so.
                alike.iter().for_each(|at| seen[*at] = true);
                let cards = alike.iter().map(|at| (existing[*at].id, matching::who(&existing[*at].fields))).collect();
                plan.proposed.push(Proposed { key, entry: one, cards });
            }
        }
    }
    let absent = existing.iter().zip(&seen).filter(|(_, seen)| !**seen);
    plan.gone = absent.filter_map(|(card, _)| leaves(card, terms)).collect();
    plan.held = existing.iter().filter(|card| may_leave(card, terms)).count();
    plan
}

/// Whose card a card of the file is.
enum Decision {
    Is(usize),
    New,
    Ask(Vec<usize>),
}

fn decide(index: &Index<'_>, existing: &[Known], fields: &Fields, key: &str, terms: &Terms) -> Decision {
    if let Some(at) = index.same(fields) {
        return Decision::Is(at);
    }
    let alike = index.alike(fields);
    if alike.is_empty() {
        return Decision::New;
    }
    match terms.answers.get(key) {
        Some(Answer::Other) => Decision::New,
        // Only one of those that were proposed: an answer given to another state of the directory is asked again.
        Some(Answer::Same { card }) => match alike.iter().find(|at| existing[**at].id == *card) {
            Some(at) => Decision::Is(*at),
            None => Decision::Ask(alike),
        },
        Some(Answer::Skip) => Decision::Ask(alike),
        None => match (terms.otherwise, alike.as_slice()) {
            (Otherwise::Other, _) => Decision::New,
            (Otherwise::Same, [at]) => Decision::Is(*at),
            _ => Decision::Ask(alike),
        },
    }
}

fn take(plan: &mut Plan, card: &Known, fields: &Fields, terms: &Terms) {
    let merged = merge::merge(card, fields, terms);
    plan.differences.extend(merged.differences);
    if merged.facts.is_empty() {
        plan.same += 1;
        return;
    }
    let change = Change { card: card.id, who: matching::who(&card.fields), facts: merged.facts };
    if change.facts.iter().any(|one| one.fact == GONE_SINCE) { &mut plan.back } else { &mut plan.changed }.push(change);
}

/// The flag of a card that came from this register, in this territory, and is in its file no more.
fn leaves(card: &Known, terms: &Terms) -> Option<Change> {
    let flag = may_leave(card, terms).then(|| merge::flag(terms, card))??;
    Some(Change { card: card.id, who: matching::who(&card.fields), facts: vec![flag] })
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
