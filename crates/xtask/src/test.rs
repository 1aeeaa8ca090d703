//! `cargo xtask test`: the stages in order, each timed, then the line machines read.

mod counts;
mod journeys;
mod rust;
mod stage;
mod store;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

pub use stage::StageName;

use counts::Counts;
use stage::{Outcome, STAGES};

struct Line {
    stage: StageName,
    outcome: Outcome,
    time: Duration,
}

/// Run the stages asked for, or all of them.
pub fn test(only: &[StageName], ci: bool) -> Result<ExitCode> {
    let mut lines: Vec<Line> = Vec::new();
    for stage in STAGES {
        if !only.is_empty() && !only.contains(&stage) {
            continue;
        }
        println!("\n── {} ──", stage.shown());
        let start = Instant::now();
        let broken = lines.iter().find(|line| {
            stage.needs().contains(&line.stage) && !matches!(line.outcome, Outcome::Ran(c) if c.failed == 0)
        });
        let outcome = match broken {
            Some(line) => Outcome::NotRun(format!("{} did not pass", line.stage.shown())),
            None => stage.run(ci),
        };
        if let Outcome::NotRun(why) = &outcome {
            println!("not run: {why}");
        }
        lines.push(Line { stage, outcome, time: start.elapsed() });
    }
    Ok(report(&lines))
}

fn report(lines: &[Line]) -> ExitCode {
    let mut sum = Counts::default();
    let mut time = Duration::ZERO;
    println!("\nstage            time  result");
    for line in lines {
        let seconds = line.time.as_secs_f64();
        let result = match &line.outcome {
            Outcome::Ran(counts) => {
                sum += *counts;
                describe(*counts)
            }
            Outcome::NotRun(why) => format!("not run: {why}"),
        };
        println!("{:<14} {seconds:>5.0} s  {result}", line.stage.shown());
        time += line.time;
    }
    println!("{:<14} {:>5.0} s", "all", time.as_secs_f64());
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn describe(counts: Counts) -> String {
    let mut text = format!("{} passed, {} failed", counts.passed, counts.failed);
    if counts.skipped > 0 {
        text.push_str(&format!(", {} not run", counts.skipped));
    }
    text
}
