//! The calls of a challenge: when each falls due, what was tried, what comes next, the list of the day.

mod day;
#[cfg(test)]
mod tests;

use chrono::{Days, Months, NaiveDate};

pub use day::{Done, Group, Line, list};

use super::challenge::{Call, Challenge, Outcome, Step};
use super::results::HORIZONS;
use super::settings::Settings;
use crate::french::counted;
use crate::order::sort_by_key;
use crate::programme::Planned;

/// Attempts without an answer after which a step is left: « non joint ».
pub const ATTEMPTS: usize = 3;
/// « At different hours »: attempts of one day nearer than this are one.
const APART: i64 = 60 * 60 * 1000;
/// Days a step that was tried in vain is still tried after its window. House choice.
const LATE: u64 = 7;

/// The days of a step: planned, then the first and the last on which it tells what it is made for.
#[must_use]
pub fn window(step: Step, quit_on: NaiveDate, settings: &Settings<'_>) -> (NaiveDate, NaiveDate, NaiveDate) {
    let months = |months| quit_on.checked_add_months(Months::new(months));
    let on = match step {
        Step::J0 => Some(quit_on),
        Step::J7 => later(quit_on, 7),
        Step::J15 => later(quit_on, 15),
        Step::J30 => later(quit_on, 30),
        Step::M3 => months(3),
        Step::M6 => months(6),
        Step::M12 => months(12),
    };
    // Past the end of the calendar it is never due.
    let on = on.unwrap_or(NaiveDate::MAX);
    let (before, after) = settings.windows[step as usize];
    let from = on.checked_sub_days(Days::new(before.into())).unwrap_or(on).max(quit_on);
    (on, from, later(on, after.into()).unwrap_or(on))
}

fn later(day: NaiveDate, days: u64) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(days))
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Somebody answered, whatever was said.
    Done,
    /// « non joint »
    NotReached,
    /// « passé »: its days went by.
    Passed,
    Open,
}

/// A step of one challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    pub step: Step,
    pub on: NaiveDate,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Attempts without an answer, at different hours.
    pub tries: usize,
    pub fate: Fate,
    /// Whether she answered herself.
    pub reached: bool,
}

/// Every step of a challenge, counted from the quit date the calls follow; none without one. When another date is the one
/// that counts, its horizons are planned too, by their day: an answer in their window is what results are made of.
#[must_use]
pub fn stages(challenge: &Challenge<'_>, settings: &Settings<'_>, today: NaiveDate) -> Vec<Stage> {
    let Some((quit_on, counted)) = challenge.quit_on().zip(challenge.counted_from()) else { return Vec::new() };
    let steps: Vec<Step> = settings.steps().collect();
    let mut stages = Vec::new();
    for (rank, step) in steps.iter().enumerate() {
        let (on, from, until) = window(*step, quit_on, settings);
        // A call of that name that was made for the other date is not this one.
        let (_, other_from, other_until) = window(*step, counted, settings);
        let elsewhere = |day| counted != quit_on && day < from && other_from <= day && day <= other_until;
        let made = |call: &&Call<'_>| call.step == Some(*step) && call.on >= quit_on && !elsewhere(call.on);
        let next = steps.get(rank + 1).and_then(|next| window(*next, quit_on, settings).0.pred_opt());
        // A step that was tried in vain is still tried a little after its window, until the next one comes.
        let late = later(until, LATE).unwrap_or(until);
        let end = next.map_or(late, |eve| late.min(eve)).max(until);
        let made = challenge.calls.iter().filter(made);
        stages.push(Stage { step: *step, on, from, until, ..stage(made, until, end, today) });
    }
    if counted == quit_on {
        return stages;
    }
    for step in HORIZONS.into_iter().filter(|step| steps.contains(step)) {
        let (on, from, until) = window(step, counted, settings);
        let within = |day| from <= day && day <= until;
        if !stages.iter().any(|stage| within(stage.on)) {
            let made = challenge.calls.iter().filter(|call| within(call.on));
            stages.push(Stage { step, on, from, until, ..stage(made, until, until, today) });
        }
    }
    sort_by_key(&mut stages, |stage| stage.on);
    stages
}

/// What became of a step that these calls were made for; its days are the caller's.
fn stage<'c, 'a: 'c>(
    made: impl Iterator<Item = &'c Call<'a>>,
    until: NaiveDate,
    end: NaiveDate,
    today: NaiveDate,
) -> Stage {
    let made: Vec<_> = made.collect();
    let tries = tries(&made);
    let end = if tries == 0 { until } else { end };
    let fate = if made.iter().any(|call| call.outcome != Outcome::NotReached) {
        Fate::Done
    } else if tries >= ATTEMPTS {
        Fate::NotReached
    } else if today > end {
        Fate::Passed
    } else {
        Fate::Open
    };
    let reached = made.iter().any(|call| call.reached());
    Stage { step: Step::J0, on: until, from: until, until, tries, fate, reached }
}

/// Attempts in vain: on one day, those noted an hour apart.
fn tries(made: &[&Call<'_>]) -> usize {
    let mut last: Option<&Call<'_>> = None;
    let mut tries = 0;
    for call in made.iter().filter(|call| call.outcome == Outcome::NotReached) {
        let apart = |last: &Call<'_>| last.on != call.on || call.at.0.saturating_sub(last.at.0) >= APART;
        if last.is_none_or(apart) {
            last = Some(call);
            tries += 1;
        }
    }
    tries
}

/// The step to call for next, today or later; `None` once there is nothing more to ask.
#[must_use]
pub fn next_stage(challenge: &Challenge<'_>, settings: &Settings<'_>, today: NaiveDate) -> Option<Stage> {
    if !challenge.finished || challenge.withdrawn() || challenge.gone(today).is_some() {
        return None;
    }
    let agreed = challenge.calls.last().and_then(|call| Some((call, call.answers.date("next_on")?)));
    let stages = stages(challenge, settings, today);
    let mut open = stages.iter().filter(|stage| stage.fate == Fate::Open);
    let Some((call, agreed_on)) = agreed else { return open.next().copied() };
    let next = open.find(|stage| agreed_on <= stage.until).copied();
    match (next, stages.iter().find(|stage| Some(stage.step) == call.step)) {
        (Some(next), _) if next.from <= agreed_on => Some(Stage { on: agreed_on, ..next }),
        // A call between two steps, agreed with her: the one before it is told again.
        (next, Some(again)) if today <= later(agreed_on, LATE).unwrap_or(agreed_on) => {
            let between = Stage { on: agreed_on, from: agreed_on, until: later(agreed_on, LATE)?, tries: 0, ..*again };
            Some(next.filter(|next| next.on <= between.on).unwrap_or(between))
        }
        (next, _) => next,
    }
}

/// The next call, as the agenda of a person shows it.
#[must_use]
pub fn next(challenge: &Challenge<'_>, settings: &Settings<'_>, today: NaiveDate) -> Option<Planned> {
    let stage = next_stage(challenge, settings, today)?;
    const LABELS: [&str; 7] = ["Appel J0", "Appel J7", "Appel J15", "Appel J30", "Appel M3", "Appel M6", "Appel M12"];
    Some(Planned {
        label: LABELS[stage.step as usize],
        detail: tried(stage.tries),
        on: stage.on,
        from: stage.from,
        until: stage.until,
        begins: vec![("challenger", challenge.id.to_string().into()), ("step", stage.step.code().into())],
        whose: challenge.pair.clone(),
    })
}

fn tried(tries: usize) -> String {
    if tries == 0 { String::new() } else { format!("{} sans réponse", counted(tries, "essai", "essais")) }
}
