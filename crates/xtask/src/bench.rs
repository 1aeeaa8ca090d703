//! `cargo xtask bench`: long runs and measures, with the real browser, server and commands.

mod import;
mod used;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use clap::Subcommand;

use crate::browsers;
use crate::client::ensure_client;
use crate::command::{cargo, run, run_and_hear};
use crate::node::ensure_packages;
use crate::tools::ensure_tools;
use crate::workspace::{end2end, root, server_binary, target};

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Bench {
    /// Kill browsers and server at random instants, on a bad network, and look for a lost save
    Loss {
        /// How many lives
        #[arg(long, default_value_t = 1_000)]
        runs: u32,
        /// The first life; the following ones count up from it. Drawn from the clock if absent
        #[arg(long)]
        seed: Option<u32>,
    },
    /// Measure the exchange and the saving: bytes, round trips, times
    Sync,
    /// Import the official extraction for 40 communes, beside the csv crate reading it alone: time, work, memory
    Import {
        /// Rows of the extraction
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
    },
    /// Open and search directories of 3,000 to 100,000 cards, on a processor six times slower, beside four search libraries
    Annuaire,
}

pub fn bench(bench: Bench) -> Result<ExitCode> {
    // A command has no page: whatever client its binary carries will do.
    if !matches!(bench, Bench::Import { .. }) {
        ensure_client(&ensure_tools()?)?;
    }
    let success = match bench {
        Bench::Loss { runs, seed } => loss(runs, seed)?,
        Bench::Sync => run_and_hear(&mut playwright("sync.spec.ts", &optimised_server()?)?)?.success,
        Bench::Import { rows } => import::import(&optimised_server()?, rows).map(|()| true)?,
        Bench::Annuaire => annuaire()?,
    };
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// People are served by an optimised server: its time is in the figures.
fn optimised_server() -> Result<PathBuf> {
    run(cargo().current_dir(root()).args(["build", "--release", "-p", "server"]))?;
    Ok(target().join("release").join(server_binary().file_name().context("the server has a name")?))
}

/// The table of the pairs tells of ours what this test holds: all of them, or the test fails.
fn annuaire() -> Result<bool> {
    run(cargo().current_dir(root()).args(["test", "-p", "domain", "--lib", "what_people_type_finds_whom_they_mean"]))?;
    Ok(run_and_hear(&mut playwright("annuaire.spec.ts", &optimised_server()?)?)?.success)
}

/// Whether nothing was lost in so many lives of a notebook.
pub fn loss(runs: u32, seed: Option<u32>) -> Result<bool> {
    run(cargo().current_dir(root()).args(["build", "-p", "server"]))?;
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs() % 1_000_000);
    let seed = seed.map_or_else(clock, u64::from);
    let mut lives = playwright("loss.spec.ts", &server_binary())?;
    lives.env("LOSS_RUNS", runs.to_string()).env("LOSS_SEED", seed.to_string());
    Ok(run_and_hear(&mut lives)?.success)
}

fn playwright(spec: &str, server: &Path) -> Result<Command> {
    ensure_packages()?;
    ensure!(server.is_file(), "the build of the server left no binary");
    let mut playwright = Command::new("npx");
    playwright
        .current_dir(end2end())
        .args(["playwright", "test", "--config", "bench/playwright.config.ts", spec])
        .env("CARDABELLE_BIN", server)
        .env("CHROMIUM", browsers::chromium()?);
    Ok(playwright)
}
