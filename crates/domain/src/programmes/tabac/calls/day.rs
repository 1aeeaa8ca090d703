//! The list of the day.

use chrono::NaiveDate;

use super::super::challenge::{Call, Challenge, Outcome, Said, Step};
use super::super::settings::{Editions, Settings};
use super::{ATTEMPTS, next, tried, tries};
use crate::Timestamp;
use crate::french::{NBSP, counted, short_day};
use crate::order::sort_by_key;
use crate::programme::Planned;

/// Where a line of the list of the day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Planned before today.
    Late,
    Today,
    /// Planned later, and not too soon.
    Early,
    /// A call was noted today, and nothing else is due.
    Done,
}

/// One line of the list of the day.
#[derive(Clone, Debug)]
pub struct Line<'c, 'a> {
    pub challenge: &'c Challenge<'a>,
    pub group: Group,
    pub planned: Planned,
    /// Cigarettes are asked since this day: the last contact, or the quit date.
    pub since: Option<NaiveDate>,
    /// « J7, prévu le 19 nov. », « J0, premier jour », « J15, fait »
    pub when: String,
    /// What was heard last: « 2 essais sans réponse », « 3 cigarettes, dit à J7 »; may be empty.
    pub last: String,
    /// The note of the last contact; may be empty.
    pub note: &'a str,
    /// The newest call of today.
    pub done: Option<Done>,
}

/// A call of today.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    pub at: Timestamp,
    pub outcome: Outcome,
    /// The next call planned after it.
    pub next_on: Option<NaiveDate>,
}

/// The calls of the day among these challenges: the latest first, then those of today, those that may already be made, and
/// those made today.
#[must_use]
pub fn list<'c, 'a>(challenges: &'c [Challenge<'a>], editions: &Editions<'a>, today: NaiveDate) -> Vec<Line<'c, 'a>> {
    let line = |challenge: &'c Challenge<'a>| line(challenge, editions.of(challenge.edition), today);
    let mut lines: Vec<Line<'c, 'a>> = challenges.iter().filter_map(line).collect();
    sort_by_key(&mut lines, |line| (line.group, line.planned.on, line.done.map(|done| done.at), line.challenge.id));
    lines
}

fn line<'c, 'a>(challenge: &'c Challenge<'a>, settings: &Settings<'a>, today: NaiveDate) -> Option<Line<'c, 'a>> {
    let next = next(challenge, settings, today);
    let made = challenge.calls.last().filter(|call| call.on == today);
    let due = next.as_ref().filter(|planned| planned.from <= today);
    let step_of = |planned: &Planned| Step::ALL.into_iter().find(|step| planned.begins[1].1 == step.code());
    // A step tried today without an answer may be tried again at another hour.
    let answered = made.filter(|call| call.outcome != Outcome::NotReached);
    let (group, planned, step) = match (due, answered.or(made.filter(|_| due.is_none()))) {
        (Some(due), None) if due.on < today => (Group::Late, due.clone(), step_of(due)?),
        (Some(due), None) if due.on == today => (Group::Today, due.clone(), step_of(due)?),
        (Some(due), None) => (Group::Early, due.clone(), step_of(due)?),
        (_, Some(call)) => (Group::Done, told_again(challenge, call.step, today), call.step.unwrap_or(Step::J0)),
        (None, None) => return None,
    };
    let done =
        made.map(|call| Done { at: call.at, outcome: call.outcome, next_on: next.as_ref().map(|planned| planned.on) });
    let in_vain =
        challenge.calls.iter().rposition(|call| call.outcome != Outcome::NotReached).map_or(0, |rank| rank + 1);
    let tries = tries(&challenge.calls[in_vain..].iter().collect::<Vec<_>>());
    let heard = challenge.calls.iter().rev().find(|call| call.reached());
    let when = match group {
        Group::Done if answered.is_none() && tries >= ATTEMPTS => format!("{}, non joint(e)", step.label()),
        Group::Done if answered.is_none() => format!("{}, sans réponse", step.label()),
        Group::Done => format!("{}, fait", step.label()),
        _ if step == Step::J0 && planned.on == today => format!("{}, premier jour", step.label()),
        _ => format!("{}, prévu le {}", step.label(), short_day(planned.on, today)),
    };
    Some(Line {
        group,
        since: challenge.since(),
        when,
        last: if tries > 0 { tried(tries) } else { heard.map(said).unwrap_or_default() },
        note: heard.and_then(|call| call.answers.code("note")).unwrap_or_default(),
        done,
        planned,
        challenge,
    })
}

/// The call of today once more, to open what was noted.
fn told_again(challenge: &Challenge<'_>, step: Option<Step>, today: NaiveDate) -> Planned {
    Planned {
        label: "",
        detail: String::new(),
        on: today,
        from: today,
        until: today,
        begins: vec![("challenger", challenge.id.to_string().into()), ("step", step.unwrap_or(Step::J0).code().into())],
        whose: challenge.pair.clone(),
    }
}

/// « Aucune cigarette, dit à J7 »
fn said(call: &Call<'_>) -> String {
    let what = match call.said() {
        None => return String::new(),
        Some(Said::Nothing) => "Aucune cigarette".into(),
        Some(Said::Cigarettes(count)) => counted(usize::try_from(count).unwrap_or_default(), "cigarette", "cigarettes"),
        Some(Said::MoreThanFive) => format!("Plus de 5{NBSP}cigarettes"),
    };
    call.step.map_or(what.clone(), |step| format!("{what}, dit à {}", step.label()))
}
