//! Honest results: the Russell Standard. Whoever is not known to be abstinent smokes.

use chrono::NaiveDate;

use super::calls::window;
use super::challenge::{Call, Challenge, End, SLIP, Step};
use super::settings::Settings;

/// The steps at which results are told.
pub const HORIZONS: [Step; 4] = [Step::J30, Step::M3, Step::M6, Step::M12];
/// Carbon monoxide under which abstinence is validated, in ppm.
pub const VALIDATED_UNDER: i64 = 10;

/// The three lines of a horizon, that are never told apart, and what they are out of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// The denominator: quit dates whose window is closed, without the dead and the untraceable.
    pub of: u32,
    /// Five cigarettes at most since the quit date, told at this horizon.
    pub declared: u32,
    /// The same, and less than 10 ppm of carbon monoxide.
    pub validated: u32,
    /// Answered at this horizon, whatever was said.
    pub answered: u32,
    /// Answered, and no smoking in seven days.
    pub seven_days: u32,
    /// Left out: dead.
    pub dead: u32,
    /// Left out: moved, and nothing leads to them.
    pub untraceable: u32,
    /// Left out for now: the window is not closed.
    pub not_yet: u32,
    /// Shown beside: sign-ups without a quit date.
    pub undated: u32,
}

/// What one challenge counts for at one horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Undated,
    NotYet,
    Dead,
    Untraceable,
    Counted { answered: bool, declared: bool, validated: bool, seven_days: bool },
}

/// What a challenge counts for. The horizon is counted from the quit date that counts, not from a later move; only what was
/// said in its window tells of it.
#[must_use]
pub fn verdict(challenge: &Challenge<'_>, settings: &Settings<'_>, horizon: Step, today: NaiveDate) -> Verdict {
    let Some(quit_on) = challenge.counted_from() else { return Verdict::Undated };
    let (_, from, until) = window(horizon, quit_on, settings);
    if today <= until {
        return Verdict::NotYet;
    }
    match challenge.gone(until) {
        Some(End::Dead) => return Verdict::Dead,
        Some(End::Untraceable) => return Verdict::Untraceable,
        _ => {}
    }
    let within = |call: &&Call<'_>| call.reached() && from <= call.on && call.on <= until;
    let Some(last) = challenge.calls.iter().rev().find(within) else {
        return Verdict::Counted { answered: false, declared: false, validated: false, seven_days: false };
    };
    let smoked = challenge.smoked(last.on);
    let declared = smoked.whole && smoked.at_least <= SLIP;
    let co = last.answers.int("co_ppm");
    Verdict::Counted {
        answered: true,
        declared,
        validated: declared && co.is_some_and(|ppm| ppm < VALIDATED_UNDER),
        seven_days: last.answers.is("smoked_7_days", "no") && last.other_tobacco == Some(false),
    }
}

/// The results of these challenges at a horizon.
#[must_use]
pub fn results<'c, 'a: 'c>(
    challenges: impl IntoIterator<Item = &'c Challenge<'a>>,
    settings: &Settings<'_>,
    horizon: Step,
    today: NaiveDate,
) -> Results {
    let mut results = Results::default();
    for challenge in challenges {
        match verdict(challenge, settings, horizon, today) {
            Verdict::Undated => results.undated += 1,
            Verdict::NotYet => results.not_yet += 1,
            Verdict::Dead => results.dead += 1,
            Verdict::Untraceable => results.untraceable += 1,
            Verdict::Counted { answered, declared, validated, seven_days } => {
                results.of += 1;
                results.declared += u32::from(declared);
                results.validated += u32::from(validated);
                results.answered += u32::from(answered);
                results.seven_days += u32::from(seven_days);
            }
        }
    }
    results
}
