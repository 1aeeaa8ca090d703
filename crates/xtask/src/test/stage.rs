//! The stages: their order, what they need, how each is judged.

use anyhow::Result;
use clap::ValueEnum;

use super::counts::Counts;
use super::{journeys, rust, store};
use crate::bench;
use crate::client::ensure_client;
use crate::size;
use crate::tools::ensure_tools;
use crate::workspace::dist;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    Format,
    ClippyHost,
    ClippyWasm,
    Unit,
    Store,
    StoreFirefox,
    StoreWebkit,
    Client,
    Journeys,
    Loss,
    Size,
}

/// Enough to see a loss that is not rare; `cargo xtask bench loss` lives a thousand.
const LIVES: u32 = 16;

/// Quick answers first; the client just before what needs it.
pub const STAGES: [StageName; 11] = [
    StageName::Format,
    StageName::ClippyHost,
    StageName::ClippyWasm,
    StageName::Unit,
    StageName::Store,
    StageName::StoreFirefox,
    StageName::StoreWebkit,
    StageName::Client,
    StageName::Journeys,
    StageName::Loss,
    StageName::Size,
];

/// How a stage ended.
#[derive(Debug)]
pub enum Outcome {
    Ran(Counts),
    /// Neither passed nor failed, and why.
    NotRun(String),
}

impl Outcome {
    /// A stage that is one check.
    pub fn of_check(passed: bool) -> Self {
        Self::Ran(Counts { passed: u32::from(passed), failed: u32::from(!passed), skipped: 0 })
    }

    /// A stage of tests: one that stops before its tests, or finds none, has failed.
    pub fn of_tests(mut counts: Counts, success: bool) -> Self {
        if counts.failed == 0 && (!success || counts.passed == 0) {
            counts.failed = 1;
        }
        Self::Ran(counts)
    }
}

impl StageName {
    pub fn shown(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::ClippyHost => "clippy-host",
            Self::ClippyWasm => "clippy-wasm",
            Self::Unit => "unit",
            Self::Store => "store",
            Self::StoreFirefox => "store-firefox",
            Self::StoreWebkit => "store-webkit",
            Self::Client => "client",
            Self::Journeys => "journeys",
            Self::Loss => "loss",
            Self::Size => "size",
        }
    }

    /// Stages whose failure makes this one pointless.
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::Journeys | Self::Loss | Self::Size => &[Self::Client],
            _ => &[],
        }
    }

    /// Run it; an error is a failure that stops nothing else.
    pub fn run(self, ci: bool) -> Outcome {
        self.try_run(ci).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome::of_check(false)
        })
    }

    fn try_run(self, ci: bool) -> Result<Outcome> {
        match self {
            Self::Format => rust::format(),
            Self::ClippyHost => rust::clippy_host(),
            Self::ClippyWasm => rust::clippy_wasm(),
            Self::Unit => rust::unit(),
            Self::Store => store::chromium(),
            Self::StoreFirefox => store::firefox(),
            Self::StoreWebkit => store::webkit(),
            Self::Client => {
                ensure_client(&ensure_tools()?)?;
                Ok(Outcome::of_check(true))
            }
            Self::Journeys => {
                ensure_client(&ensure_tools()?)?;
                journeys::journeys(ci)
            }
            Self::Loss => {
                ensure_client(&ensure_tools()?)?;
                Ok(Outcome::of_check(bench::loss(LIVES, None)?))
            }
            Self::Size => {
                ensure_client(&ensure_tools()?)?;
                let rows = size::first_load(&dist())?;
                Ok(Outcome::of_check(size::report(&rows)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(outcome: Outcome) -> (u32, u32) {
        match outcome {
            Outcome::Ran(counts) => (counts.passed, counts.failed),
            Outcome::NotRun(why) => panic!("not run: {why}"),
        }
    }

    #[test]
    fn tests_that_did_not_run_have_failed() {
        let some = Counts { passed: 3, ..Counts::default() };
        assert_eq!(counts(Outcome::of_tests(some, true)), (3, 0));
        assert_eq!(counts(Outcome::of_tests(some, false)), (3, 1));
        assert_eq!(counts(Outcome::of_tests(Counts::default(), true)), (0, 1));
    }

    #[test]
    fn a_stage_comes_after_what_it_needs() {
        for (place, stage) in STAGES.iter().enumerate() {
            for need in stage.needs() {
                assert!(STAGES[..place].contains(need), "{}", stage.shown());
            }
        }
    }
}
